#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

/// Launching a target so that no orphan can stay behind, whatever becomes of the harness.
///
///   harness --posix_spawn--> supervisor --fork/exec--> target (own process group)
///      |  channel (socket) <->   |
///      |  <- output pipe ------- | ------ target's stdout and stderr
///
/// The end of the channel (the harness is gone, by any means) makes the supervisor end the target's
/// group and every descendant: SIGTERM, a second later SIGKILL. The supervisor is this binary run
/// with a hidden first argument; it is a child subreaper, so that processes which daemonise are
/// found too. The words spoken on the channel are in process/protocol.hpp.
///
/// Not thread-safe: everything happens on the executor given to launch().
namespace relapse {

struct LaunchSpec {
  /// The program is looked up in the PATH of the target's environment; one with a slash counts from
  /// cwd. Standard input is /dev/null.
  std::vector<std::string> command;
  std::string cwd;  ///< "" for the harness's own
  /// On top of the harness's environment; nullopt removes.
  std::map<std::string, std::optional<std::string>> env;
  /// A descriptor of the harness that the target gets under the number inherited_descriptor; -1:
  /// none. A copy: the harness may close its own as soon as launch() has returned.
  int inherit = -1;
};
inline constexpr int inherited_descriptor = 6;

/// How the target's main process ended. Neither is set when nobody saw it: the supervisor was
/// killed from outside, and the system killed the target with it.
struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;
};

class Child {
 public:
  struct Handlers {
    /// One line of stdout or stderr, without the newline; a line above 64 KiB comes in pieces.
    std::function<void(std::string)> on_line;
    /// Once, when the main process ended, after all whole lines that it had written before.
    std::function<void(ExitStatus)> on_exit;
    /// Once: the output pipe is at its end. Comes after on_exit as well as before it. Descendants
    /// that keep the pipe open are killed half a second after the main process ended.
    std::function<void()> on_output_end;
  };
  /// Spawns; the error tells what could not be executed and why ("cannot execute X: No such file or
  /// directory", kind environment; an empty command: usage). Handlers run on the executor, never
  /// after ~Child, and may destroy the Child. The first may run before launch returns.
  static boost::asio::awaitable<Result<std::unique_ptr<Child>>> launch(
      boost::asio::any_io_executor executor, LaunchSpec spec, Handlers handlers);
  /// Kills (SIGKILL) the target's group and every descendant and returns when they are gone, which
  /// takes milliseconds; bounded by 2 s. Must happen while the executor's context still exists.
  virtual ~Child() = default;

  /// Of the target's main process, which leads the process group of the same number.
  virtual int pid() const = 0;
  /// To the target's process group; does nothing when that is gone.
  virtual void signal(int number) = 0;
  virtual std::optional<ExitStatus> exit_status() const = 0;
  /// True when it exited and its output was read to the end in time. False after the timeout, or
  /// when the Child was destroyed meanwhile.
  virtual boost::asio::awaitable<bool> wait_exit(std::chrono::nanoseconds timeout) = 0;
};

/// Entry point for the hidden argument; does not return to the caller's logic: its value is the
/// process's exit code. main() calls it before anything else when argv[1] is supervisor_argument.
inline constexpr const char* supervisor_argument = "__supervise";
int supervisor_main(int argc, char** argv);
/// The executable to run as supervisor; /proc/self/exe unless a test sets another.
void set_supervisor_executable(std::string path);

}  // namespace relapse
