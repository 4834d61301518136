#include "process/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include "process/protocol.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX says it is declared here

namespace relapse {
namespace {

std::string& supervisor_executable() {
  // In the spawned child /proc/self is already the child; before its exec it is the same program.
  static std::string path = "/proc/self/exe";
  return path;
}

Error system_error(std::string_view what, int number) {
  Error error;
  error.kind = ErrorKind::environment;
  error.message = std::string(what) + ": " + std::generic_category().message(number);
  return error;
}

/// The harness's environment with the changes of the launch; "NAME=value" each.
std::vector<std::string> merged_environment(const LaunchSpec& spec) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string name(text.substr(0, text.find('=')));
    if (!spec.env.contains(name))
      merged.emplace_back(text);
  }
  for (const auto& [name, value] : spec.env) {
    if (value)
      merged.push_back(name + "=" + *value);
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& text : strings)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// A copy of a descriptor with a number above all that the supervisor expects; otherwise placing
/// one at its number could overwrite another that is still to be placed.
UniqueFd lifted(int fd) {
  constexpr int above_all = 16;
  return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, above_all));
}

class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  /// 0, or the error of the first action that could not be noted down.
  int prepare(int channel, int output, int abandoned_output, int inherited) {
    using namespace supervision;
    // Asio's sockets are not closed on exec. A target that inherited one would keep it open, and
    // the peer would never see it end.
    const std::array results{
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0),
        ::posix_spawn_file_actions_adddup2(&actions_, channel, channel_fd),
        ::posix_spawn_file_actions_adddup2(&actions_, output, output_fd),
        ::posix_spawn_file_actions_adddup2(&actions_, abandoned_output, abandoned_output_fd),
        inherited < 0 ? 0 : ::posix_spawn_file_actions_adddup2(&actions_, inherited, inherited_fd),
        ::posix_spawn_file_actions_addclosefrom_np(
            &actions_, inherited < 0 ? inherited_fd : inherited_fd + 1)};
    for (const int result : results) {
      if (result != 0)
        return result;
    }
    return 0;
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  SpawnAttributes() { ::posix_spawnattr_init(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }

  int prepare() {
    sigset_t all;
    ::sigfillset(&all);
    sigset_t defaults = all;
    ::sigdelset(&defaults, SIGKILL);
    ::sigdelset(&defaults, SIGSTOP);
    // Everything is blocked from the first instruction of the supervisor on; it unblocks for the
    // target. Handlers go back to their defaults: an ignored SIGPIPE would be inherited.
    const std::array results{
        ::posix_spawnattr_setpgroup(&attributes_, 0),
        ::posix_spawnattr_setsigmask(&attributes_, &all),
        ::posix_spawnattr_setsigdefault(&attributes_, &defaults),
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)};
    for (const int result : results) {
      if (result != 0)
        return result;
    }
    return 0;
  }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

void set_supervisor_executable(std::string path) {
  supervisor_executable() = std::move(path);
}

Result<Spawned> spawn_supervisor(const LaunchSpec& spec) {
  std::array<int, 2> channel{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel.data()) != 0)
    return system_error("cannot make a socket pair for the supervisor", errno);
  Spawned spawned;
  spawned.channel.reset(channel[0]);
  const UniqueFd channel_low(channel[1]);
  std::array<int, 2> output{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0)
    return system_error("cannot make a pipe for the target's output", errno);
  spawned.output.reset(output[0]);
  const UniqueFd output_low(output[1]);
  const UniqueFd channel_end = lifted(channel_low.get());
  const UniqueFd output_end = lifted(output_low.get());
  const UniqueFd abandoned_end = lifted(spawned.output.get());
  const UniqueFd inherited_end = spec.inherit < 0 ? UniqueFd() : lifted(spec.inherit);
  if (channel_end.get() < 0 || output_end.get() < 0 || abandoned_end.get() < 0 ||
      (spec.inherit >= 0 && inherited_end.get() < 0))
    return system_error("cannot copy a descriptor for the supervisor", errno);
  ::fcntl(spawned.channel.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(spawned.output.get(), F_SETFL, O_NONBLOCK);

  SpawnActions actions;
  SpawnAttributes attributes;
  int failure = actions.prepare(channel_end.get(), output_end.get(), abandoned_end.get(),
                                inherited_end.get());
  if (failure == 0)
    failure = attributes.prepare();
  std::vector<std::string> arguments{"relapse-supervisor", supervisor_argument, spec.cwd};
  arguments.insert(arguments.end(), spec.command.begin(), spec.command.end());
  std::vector<std::string> environment = merged_environment(spec);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  const std::string& program = supervisor_executable();
  if (failure == 0)
    failure = ::posix_spawn(&spawned.supervisor, program.c_str(), actions.get(), attributes.get(),
                            argv.data(), envp.data());
  if (failure != 0)
    return system_error("cannot start the supervisor " + program, failure);
  return spawned;
}

}  // namespace relapse
