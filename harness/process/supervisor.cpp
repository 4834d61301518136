// The process between the harness and a target. It is a fresh program (not a fork of the harness),
// single-threaded, and runs with every signal blocked: what is sent to it by mistake or on purpose
// (Ctrl-C, a closing terminal, kill) stays pending, so that only the end of its channel ends it.
//
//   start -> fork/exec -> watching --channel "end"--------------> killing -> exit
//                            |  \---end of the channel-> terminating --1 s--^
//                            \-----nothing is left of the target-----------------> exit

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "process/child.hpp"
#include "process/line_splitter.hpp"
#include "process/process_tree.hpp"
#include "process/protocol.hpp"
#include "process/unique_fd.hpp"

namespace relapse {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using namespace supervision;

/// Between SIGTERM and SIGKILL when the harness is gone.
constexpr milliseconds terminate_grace{1000};
/// For descendants that still hold the output pipe when the target's main process has ended.
constexpr milliseconds leftover_grace{500};
/// A process that was killed can stay in the kernel for a while; after this it is given up.
constexpr milliseconds kill_limit{5000};
constexpr milliseconds kill_round{10};

void report(std::string_view message, int number) {
  std::string line(message);
  line += std::to_string(number);
  line += '\n';
  // When the harness is gone nobody needs the report.
  [[maybe_unused]] const ssize_t sent = ::send(channel_fd, line.data(), line.size(), MSG_NOSIGNAL);
}

/// In the forked child. Reports a failure as {stage, errno} on a pipe that a successful exec
/// closes.
struct ExecFailure {
  enum class Stage { chdir, exec };
  Stage stage{};
  int error = 0;
};

[[noreturn]] void become_target(const char* cwd, char** command, pid_t supervisor, int failure_fd) {
  const auto fail = [failure_fd](ExecFailure::Stage stage) {
    const ExecFailure failure{.stage = stage, .error = errno};
    [[maybe_unused]] const ssize_t written = ::write(failure_fd, &failure, sizeof failure);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  // Should someone kill the supervisor, the target must not outlive it. It may already be gone.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != supervisor)
    ::_exit(127);
  ::dup2(output_fd, STDOUT_FILENO);
  ::dup2(output_fd, STDERR_FILENO);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (*cwd != '\0' && ::chdir(cwd) != 0)
    fail(ExecFailure::Stage::chdir);
  ::execvp(command[0], command);
  fail(ExecFailure::Stage::exec);
  ::_exit(127);
}

class Supervisor {
 public:
  /// `inherits`: there is a descriptor that is only for the target.
  Supervisor(UniqueFd child_events, bool inherits)
      : child_events_(std::move(child_events)), inherits_(inherits) {}

  /// False when the target could not be executed; the harness has been told.
  bool start(const char* cwd, char** command);
  /// Until nothing is left of the target.
  int watch();

 private:
  enum class Phase { watching, terminating, killing };

  void reap();
  void wait_for_events(milliseconds timeout);
  void read_channel();
  void discard_output();
  void obey(std::string_view message);
  void signal_group(int number) const;
  void signal_everything(int number) const;
  /// False when no descendant holds the output pipe any more.
  bool end_output_holders() const;
  /// Does what is due now; gives the time until it must be called again.
  milliseconds act(SteadyClock::time_point now);

  UniqueFd child_events_;
  bool inherits_;
  ino_t output_inode_ = 0;
  pid_t target_ = 0;
  bool target_ended_ = false;
  bool childless_ = false;
  bool channel_open_ = true;
  bool output_abandoned_ = false;
  bool output_held_ = true;
  Phase phase_ = Phase::watching;
  SteadyClock::time_point due_{};
  LineSplitter messages_;
};

bool Supervisor::start(const char* cwd, char** command) {
  struct stat output {};
  if (::fstat(output_fd, &output) == 0)
    output_inode_ = output.st_ino;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    report(message_exec_failed, errno);
    return false;
  }
  UniqueFd failure_read(ends[0]);
  UniqueFd failure_write(ends[1]);
  const pid_t supervisor = ::getpid();
  target_ = ::fork();
  if (target_ < 0) {
    report(message_exec_failed, errno);
    return false;
  }
  if (target_ == 0)
    become_target(cwd, command, supervisor, failure_write.get());
  failure_write.reset();
  ::close(output_fd);  // else the output would never be at its end
  if (inherits_)
    ::close(inherited_fd);  // the same
  ::setpgid(target_, target_);

  ExecFailure failure;
  ssize_t size = 0;
  do {
    size = ::read(failure_read.get(), &failure, sizeof failure);
  } while (size < 0 && errno == EINTR);
  if (size == 0) {
    report(message_started, target_);
    return true;
  }
  const bool chdir_failed = failure.stage == ExecFailure::Stage::chdir;
  report(chdir_failed ? message_chdir_failed : message_exec_failed, failure.error);
  ::waitpid(target_, nullptr, 0);
  return false;
}

void Supervisor::reap() {
  while (true) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR)
      continue;
    childless_ = pid < 0;
    if (pid <= 0)
      return;
    if (pid != target_ || target_ended_)
      continue;
    target_ended_ = true;
    if (WIFSIGNALED(status))
      report(message_signaled, WTERMSIG(status));
    else
      report(message_exited, WEXITSTATUS(status));
    if (phase_ == Phase::watching)
      due_ = SteadyClock::now() + leftover_grace;
  }
}

void Supervisor::signal_group(int number) const {
  if (!target_ended_) {
    ::kill(-target_, number);
    return;
  }
  // The number of a group whose leader was reaped may belong to strangers by now.
  for (const ProcessEntry& entry : descendants_of(::getpid())) {
    if (entry.group == target_)
      ::kill(entry.pid, number);
  }
}

void Supervisor::signal_everything(int number) const {
  if (!target_ended_)
    ::kill(-target_, number);  // at once for all of the group, so that none forks meanwhile
  for (const ProcessEntry& entry : descendants_of(::getpid())) {
    if (target_ended_ || entry.group != target_)
      ::kill(entry.pid, number);
  }
}

bool Supervisor::end_output_holders() const {
  bool found = false;
  for (const ProcessEntry& entry : descendants_of(::getpid())) {
    if (!holds_pipe(entry.pid, output_inode_))
      continue;
    found = true;
    ::kill(entry.pid, SIGKILL);
  }
  return found;
}

void Supervisor::obey(std::string_view message) {
  if (message == message_end) {
    phase_ = Phase::killing;
    due_ = SteadyClock::now() + kill_limit;
    return;
  }
  if (!message.starts_with(message_signal))
    return;
  message.remove_prefix(message_signal.size());
  int number = 0;
  const auto [end, ec] = std::from_chars(message.data(), message.data() + message.size(), number);
  if (ec == std::errc{} && end == message.data() + message.size())
    signal_group(number);
}

void Supervisor::read_channel() {
  std::array<char, 256> buffer{};
  const ssize_t size = ::recv(channel_fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size > 0) {
    messages_.feed({buffer.data(), static_cast<std::size_t>(size)}, [this](std::string message) {
      obey(message);
      return true;
    });
    return;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  channel_open_ = false;
  output_abandoned_ = true;
  if (phase_ != Phase::watching)
    return;
  phase_ = Phase::terminating;
  due_ = SteadyClock::now() + terminate_grace;
  signal_everything(SIGTERM);
}

void Supervisor::discard_output() {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(abandoned_output_fd, buffer.data(), buffer.size());
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
    output_abandoned_ = false;  // at its end
}

void Supervisor::wait_for_events(milliseconds timeout) {
  std::array<pollfd, 3> sources{{
      {.fd = child_events_.get(), .events = POLLIN, .revents = 0},
      {.fd = channel_open_ ? channel_fd : -1, .events = POLLIN, .revents = 0},
      {.fd = output_abandoned_ ? abandoned_output_fd : -1, .events = POLLIN, .revents = 0},
  }};
  ::poll(sources.data(), sources.size(), static_cast<int>(timeout.count()));
  if (sources[0].revents != 0) {
    // Several ends of children make one signal: the count says nothing, reap() asks the system.
    signalfd_siginfo ignored{};
    [[maybe_unused]] const ssize_t size = ::read(child_events_.get(), &ignored, sizeof ignored);
  }
  if (sources[1].revents != 0)
    read_channel();
  if (sources[2].revents != 0)
    discard_output();
}

milliseconds Supervisor::act(SteadyClock::time_point now) {
  constexpr milliseconds forever{-1};
  const auto until_due = [&] {
    return std::max(std::chrono::ceil<milliseconds>(due_ - now), milliseconds{0});
  };
  if (phase_ == Phase::terminating && now >= due_) {
    phase_ = Phase::killing;
    due_ = now + kill_limit;
  }
  switch (phase_) {
    case Phase::terminating:
      return until_due();
    case Phase::killing:
      signal_everything(SIGKILL);
      return kill_round;
    case Phase::watching:
      break;
  }
  if (!target_ended_ || !output_held_)
    return forever;
  if (now < due_)
    return until_due();
  output_held_ = end_output_holders();
  return output_held_ ? kill_round : forever;
}

int Supervisor::watch() {
  while (true) {
    reap();
    if (childless_)
      return 0;
    const SteadyClock::time_point now = SteadyClock::now();
    if (phase_ == Phase::killing && now >= due_)
      return 1;
    const milliseconds timeout = act(now);
    wait_for_events(timeout);
  }
}

}  // namespace

int supervisor_main(int argc, char** argv) {
  // argv: program, supervisor_argument, directory ("" for this one), command...
  if (argc < 4)
    return 2;
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(output_fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(abandoned_output_fd, F_SETFD, FD_CLOEXEC);
  const bool inherits = ::fcntl(inherited_fd, F_GETFD) >= 0;  // nothing else can be there yet
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  UniqueFd child_events(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
  if (child_events.get() < 0) {
    report(message_exec_failed, errno);
    return 1;
  }
  Supervisor supervisor(std::move(child_events), inherits);
  if (!supervisor.start(argv[2], argv + 3))
    return 1;
  return supervisor.watch();
}

}  // namespace relapse
