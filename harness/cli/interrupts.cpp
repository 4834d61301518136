#include "cli/interrupts.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace relapse {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
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

void SignalWatch::watch() {
  const sigset_t set = watched();
  const timespec tick{0, 50'000'000};
  while (!done_) {
    const int number = sigtimedwait(&set, nullptr, &tick);
    if (number <= 0) {
      continue;
    }
    if (caught_ != 0) {
      _exit(128 + number);
    }
    caught_ = number;
    interrupt_.request();
  }
}

}  // namespace relapse
