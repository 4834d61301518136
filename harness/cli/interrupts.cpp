#include "cli/interrupts.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <utility>

namespace relapse {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

SignalWatch::SignalWatch(Interrupt& interrupt) : interrupt_(interrupt) {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
  done_ = true;
  thread_.join();
  const sigset_t set = watched();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void SignalWatch::on_question(std::function<void()> answer) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(answer);
}

void SignalWatch::on_end(std::function<void()> last) {
  const std::scoped_lock lock(mutex_);
  last_ = std::move(last);
}

void SignalWatch::watch() {
  const sigset_t set = watched();
  const timespec tick{0, 50'000'000};
  while (!done_) {
    const int number = sigtimedwait(&set, nullptr, &tick);
    if (number <= 0) {
      continue;
    }
    if (number == SIGUSR1) {
      const std::scoped_lock lock(mutex_);
      if (answer_) {
        answer_();
      }
      continue;
    }
    if (caught_ != 0) {
      const std::scoped_lock lock(mutex_);
      if (last_) {
        last_();
      }
      _exit(128 + number);
    }
    caught_ = number;
    interrupt_.request();
  }
}

}  // namespace relapse
