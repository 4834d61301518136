#include <boost/asio/use_awaitable.hpp>

#include "base/clock.hpp"
#include "drive/instance.hpp"

// What an instance does differently when its target is an application that the harness calls.
namespace relapse {
namespace {

constexpr std::size_t tail_size = 40;
constexpr Duration asgi_stop_within = std::chrono::seconds{5};

}  // namespace

Duration Instance::ready_within() const {
  return asgi_ ? target_.asgi->ready_within : target_.launch->ready_within;
}

Duration Instance::stop_within() const {
  return asgi_ ? asgi_stop_within : target_.launch->stop_within;
}

void Instance::on_line(std::string line) {
  if (!asgi_) {
    logs_->process_line(std::move(line));
    return;
  }
  // What Python code writes is told by the bridge, in its place among the other events.
  tail_.push_back(std::move(line));
  if (tail_.size() > tail_size) {
    tail_.pop_front();
  }
}

asio::awaitable<void> Instance::wait_loaded(Recorder& recorder, Duration within) {
  std::vector<LogLine> log;
  Ready ready = co_await asgi_->become_ready(within, log);
  for (LogLine& line : log) {
    recorder.add("probe", std::move(line));
  }
  if (!ready.ok && !running()) {
    co_await child_->wait_exit(std::chrono::seconds{1});
    ready.detail = nothing_ready();
  }
  recorder.add("", std::move(ready));
}

asio::awaitable<void> Instance::mark_asgi_log(Recorder& recorder) {
  LogMarked mark;
  mark.nonce = random_hex(6);
  if (running()) {
    const bool alive = co_await asgi_->log_is_alive();
    mark.seen = alive;
  }
  if (child_ && !running()) {
    co_await child_->wait_exit(std::chrono::seconds{2});
    mark.complete = output_ended_;
  }
  recorder.add(aside_ ? "probe" : "", std::move(mark));
}

asio::awaitable<std::string> Instance::stop_asgi() {
  std::string wrong = co_await asgi_->shut_down(asgi_stop_within);
  const bool exited = co_await child_->wait_exit(asgi_stop_within);
  overstayed_ = !exited || !child_->exit_status();
  std::string fault = exit_fault({0}, "the end of its calls");
  co_return wrong.empty() ? fault : wrong;
}

}  // namespace relapse
