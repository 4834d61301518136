#include "process/child.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <charconv>
#include <list>
#include <string_view>
#include <system_error>
#include <utility>

#include "process/line_splitter.hpp"
#include "process/protocol.hpp"
#include "process/spawn.hpp"

namespace relapse {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using namespace supervision;

/// To execute the target; a busy machine takes milliseconds.
constexpr std::chrono::seconds launch_limit{10};
/// How long the destructor waits for the supervisor to have killed everything.
constexpr std::chrono::milliseconds end_limit{2000};

std::optional<int> number_after(std::string_view message, std::string_view prefix) {
  if (!message.starts_with(prefix))
    return std::nullopt;
  message.remove_prefix(prefix.size());
  int value = 0;
  const auto [end, ec] = std::from_chars(message.data(), message.data() + message.size(), value);
  if (ec != std::errc{} || end != message.data() + message.size())
    return std::nullopt;
  return value;
}

/// All that is known of a child. Shared by the Child, the pending reads and waiting coroutines, so
/// that each may end first; `closed` is what keeps handlers from running after ~Child.
class State : public std::enable_shared_from_this<State> {
 public:
  State(asio::any_io_executor executor, Spawned spawned, LaunchSpec spec, Child::Handlers handlers)
      : channel_(executor, spawned.channel.release()),
        output_(executor, spawned.output.release()),
        supervisor_(spawned.supervisor),
        spec_(std::move(spec)),
        handlers_(std::move(handlers)) {}

  void begin() {
    read_channel();
    read_output();
  }
  /// Ends everything, waits until it is gone, and lets no handler run any more.
  void close();
  void send(const std::string& message);

  /// Whether the supervisor has said how the launch went, or is gone.
  bool launch_known() const { return pid_ != 0 || !launch_failure_.empty() || channel_ended_; }
  bool finished() const { return exit_.has_value() && output_ended_; }
  bool closed() const { return closed_; }
  int pid() const { return pid_; }
  const std::string& launch_failure() const { return launch_failure_; }
  const std::optional<ExitStatus>& exit_status() const { return exit_; }
  asio::any_io_executor executor() { return channel_.get_executor(); }

  std::list<asio::steady_timer*> waiting;  ///< cancelled at every change

 private:
  struct Reading {
    enum class Result { octets, nothing, end, closed };
    Result result{};
    std::size_t size = 0;
  };

  void read_channel();
  void read_output();
  void on_channel(error_code error, std::size_t size);
  void on_output_ready();
  void on_output_end();
  void on_message(std::string_view message);
  void on_channel_end();
  void set_exit(ExitStatus status);
  bool deliver(std::string_view octets);
  /// One non-blocking read of the output; what it gave is already delivered.
  Reading read_once();
  void drain_output();
  void reap_supervisor();
  void notify() {
    for (asio::steady_timer* timer : waiting)
      timer->cancel();
  }

  asio::posix::stream_descriptor channel_;
  asio::posix::stream_descriptor output_;
  pid_t supervisor_;
  LaunchSpec spec_;
  Child::Handlers handlers_;
  LineSplitter messages_;
  LineSplitter lines_;
  std::array<char, 512> channel_buffer_{};
  int pid_ = 0;
  std::string launch_failure_;
  std::optional<ExitStatus> exit_;
  bool channel_ended_ = false;
  bool output_ended_ = false;
  bool closed_ = false;
};

void State::send(const std::string& message) {
  if (!channel_.is_open())
    return;
  const std::string line = message + "\n";
  // The messages are few and short: a socket that cannot take one has no reader any more.
  [[maybe_unused]] const ssize_t sent =
      ::send(channel_.native_handle(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void State::read_channel() {
  channel_.async_read_some(asio::buffer(channel_buffer_),
                           [self = shared_from_this()](error_code error, std::size_t size) {
                             self->on_channel(error, size);
                           });
}

/// Waits for output and reads it in the handler, not by async_read_some: octets that such a read
/// has taken but not yet delivered would be overtaken by drain_output().
void State::read_output() {
  output_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](error_code error) {
                       if (!self->closed_ && !error)
                         self->on_output_ready();
                     });
}

void State::on_channel(error_code error, std::size_t size) {
  if (closed_)
    return;
  const bool go_on = messages_.feed({channel_buffer_.data(), size}, [this](std::string message) {
    on_message(message);
    return !closed_;
  });
  if (!go_on)
    return;
  if (error)
    on_channel_end();
  else
    read_channel();
  notify();
}

void State::on_message(std::string_view message) {
  if (const auto pid = number_after(message, message_started)) {
    pid_ = *pid;
  } else if (const auto exec = number_after(message, message_exec_failed)) {
    launch_failure_ =
        "cannot execute " + spec_.command.front() + ": " + std::generic_category().message(*exec);
  } else if (const auto chdir = number_after(message, message_chdir_failed)) {
    launch_failure_ = "cannot change the directory to " + spec_.cwd + ": " +
                      std::generic_category().message(*chdir);
  } else if (const auto code = number_after(message, message_exited)) {
    set_exit({.code = *code, .signal = std::nullopt});
  } else if (const auto number = number_after(message, message_signaled)) {
    set_exit({.code = std::nullopt, .signal = *number});
  }
}

void State::on_channel_end() {
  channel_ended_ = true;
  reap_supervisor();
  if (pid_ == 0 || exit_)
    return;
  // The supervisor was killed; the system killed the target's main process with it. Nobody saw how
  // that one ended, so the status says neither code nor signal.
  ::kill(-pid_, SIGKILL);
  set_exit({});
}

void State::set_exit(ExitStatus status) {
  exit_ = status;
  drain_output();
  if (!closed_ && handlers_.on_exit)
    handlers_.on_exit(status);
}

/// False when a handler ended this child.
bool State::deliver(std::string_view octets) {
  return lines_.feed(octets, [this](std::string line) {
    if (handlers_.on_line)
      handlers_.on_line(std::move(line));
    return !closed_;
  });
}

State::Reading State::read_once() {
  std::array<char, 16384> buffer{};
  const ssize_t size = ::read(output_.native_handle(), buffer.data(), buffer.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return {.result = Reading::Result::nothing};
  if (size <= 0)
    return {.result = Reading::Result::end};
  const std::size_t taken = static_cast<std::size_t>(size);
  if (!deliver({buffer.data(), taken}))
    return {.result = Reading::Result::closed};
  return {.result = Reading::Result::octets, .size = taken};
}

/// What a process wrote before it ended is in the pipe when its end is reported. Reading that much
/// first puts the events into the order in which they happened; more than a pipe holds would be
/// from a descendant that goes on writing.
void State::drain_output() {
  std::size_t left = std::size_t{64} << 10;
  while (left > 0 && !output_ended_) {
    const Reading reading = read_once();
    if (reading.result != Reading::Result::octets)
      return;  // at its end: the pending wait is going to see it
    left -= std::min(left, reading.size);
  }
}

void State::on_output_ready() {
  const Reading reading = read_once();
  switch (reading.result) {
    case Reading::Result::closed:
      return;
    case Reading::Result::octets:
    case Reading::Result::nothing:
      read_output();
      return;
    case Reading::Result::end:
      on_output_end();
      return;
  }
}

void State::on_output_end() {
  output_ended_ = true;
  const bool go_on = lines_.finish([this](std::string line) {
    if (handlers_.on_line)
      handlers_.on_line(std::move(line));
    return !closed_;
  });
  if (!go_on)
    return;
  if (handlers_.on_output_end)
    handlers_.on_output_end();
  notify();
}

void State::reap_supervisor() {
  if (supervisor_ > 0)
    ::waitpid(std::exchange(supervisor_, 0), nullptr, 0);
}

void State::close() {
  if (std::exchange(closed_, true))
    return;
  send(std::string(message_end));
  // Its end of the channel closes when the supervisor exits, and it exits when nothing is left.
  const auto deadline = SteadyClock::now() + end_limit;
  while (!channel_ended_) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    if (left <= 0)
      break;
    pollfd source{.fd = channel_.native_handle(), .events = POLLIN, .revents = 0};
    if (::poll(&source, 1, static_cast<int>(left)) <= 0)
      continue;
    std::array<char, 512> ignored{};
    const ssize_t size = ::read(source.fd, ignored.data(), ignored.size());
    channel_ended_ = size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
  }
  if (!channel_ended_ && supervisor_ > 0) {
    // It did not answer. Its own death kills the target's main process; the group is killed here.
    ::kill(supervisor_, SIGKILL);
    if (pid_ > 0 && !exit_)
      ::kill(-pid_, SIGKILL);
  }
  reap_supervisor();
  error_code ignored;
  channel_.close(ignored);
  output_.close(ignored);
  notify();
}

/// Registers a timer for as long as a coroutine waits, also when it is destroyed while it waits.
class Waiter {
 public:
  explicit Waiter(std::shared_ptr<State> state)
      : timer(state->executor()), state_(std::move(state)) {
    place_ = state_->waiting.insert(state_->waiting.end(), &timer);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { state_->waiting.erase(place_); }

  asio::steady_timer timer;

 private:
  std::shared_ptr<State> state_;
  std::list<asio::steady_timer*>::iterator place_;
};

/// Until the condition is true, the time is over or the Child is destroyed; gives the condition.
asio::awaitable<bool> wait_until(std::shared_ptr<State> state, bool (State::*condition)() const,
                                 std::chrono::nanoseconds timeout) {
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  // "For ever" must not overflow when it is added to now.
  const std::chrono::nanoseconds longest = std::chrono::hours{24 * 365};
  const auto deadline = SteadyClock::now() + std::min(timeout, longest);
  Waiter waiter(state);
  bool met = (state.get()->*condition)();
  while (!met && !state->closed() && SteadyClock::now() < deadline) {
    waiter.timer.expires_at(deadline);
    const auto [cancelled] = co_await waiter.timer.async_wait(token);
    static_cast<void>(cancelled);
    met = (state.get()->*condition)();
  }
  co_return met;
}

class SupervisedChild final : public Child {
 public:
  explicit SupervisedChild(std::shared_ptr<State> state) : state_(std::move(state)) {}
  SupervisedChild(const SupervisedChild&) = delete;
  SupervisedChild& operator=(const SupervisedChild&) = delete;
  ~SupervisedChild() override { state_->close(); }

  int pid() const override { return state_->pid(); }
  void signal(int number) override {
    state_->send(std::string(message_signal) + std::to_string(number));
  }
  std::optional<ExitStatus> exit_status() const override { return state_->exit_status(); }
  asio::awaitable<bool> wait_exit(std::chrono::nanoseconds timeout) override {
    return wait_until(state_, &State::finished, timeout);
  }

 private:
  std::shared_ptr<State> state_;
};

Error launch_error(ErrorKind kind, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<Child>>> Child::launch(asio::any_io_executor executor,
                                                              LaunchSpec spec, Handlers handlers) {
  if (spec.command.empty())
    co_return launch_error(ErrorKind::usage, "the launch command is empty");
  Result<Spawned> spawned = spawn_supervisor(spec);
  if (!spawned)
    co_return spawned.error();
  const std::string program = spec.command.front();
  auto state =
      std::make_shared<State>(executor, std::move(*spawned), std::move(spec), std::move(handlers));
  // From here on whatever ends this coroutine ends the process too.
  auto child = std::make_unique<SupervisedChild>(state);
  state->begin();
  const bool known = co_await wait_until(state, &State::launch_known, launch_limit);
  if (state->pid() != 0)
    co_return Result<std::unique_ptr<Child>>(std::move(child));
  if (!state->launch_failure().empty())
    co_return launch_error(ErrorKind::environment, state->launch_failure());
  const std::string why =
      known ? "the supervisor ended without a word" : "the supervisor did not answer within 10 s";
  co_return launch_error(ErrorKind::internal, "cannot execute " + program + ": " + why);
}

}  // namespace relapse
