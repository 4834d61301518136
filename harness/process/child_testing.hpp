#pragma once
#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "process/child.hpp"

/// For the tests of this layer: a Child with what was observed of it.
namespace relapse::testing {

using namespace std::chrono_literals;

/// Whether the process exists and is not a zombie.
inline bool alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(stat, line))
    return false;
  const std::size_t name_end = line.rfind(')');
  return name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] != 'Z';
}

/// Polls; for what another process does in its own time.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = 5s) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

using Launched = std::optional<Result<std::unique_ptr<Child>>>;

/// co_spawn wants a result that can be made from nothing, which a Result cannot.
inline boost::asio::awaitable<void> launch_into(boost::asio::any_io_executor executor,
                                                LaunchSpec spec, Child::Handlers handlers,
                                                Launched* out) {
  auto launched = co_await Child::launch(executor, std::move(spec), std::move(handlers));
  out->emplace(std::move(launched));
}

/// An io_context, one child on it and everything its handlers said, in order: a line of output as
/// it is, "[exit N]", "[signal N]", "[unseen end]", "[output end]".
class Observed {
 public:
  Observed() { set_supervisor_executable(RELAPSE_SUPERVISOR_HOST); }

  /// False when it failed; see error.
  bool launch(std::vector<std::string> command) {
    LaunchSpec spec;
    spec.command = std::move(command);
    return launch(std::move(spec));
  }
  bool launch(LaunchSpec spec) {
    Launched result;
    boost::asio::co_spawn(context,
                          launch_into(context.get_executor(), std::move(spec), record(), &result),
                          [](std::exception_ptr failure) { REQUIRE_FALSE(failure); });
    run_until([&] { return result.has_value(); });
    if (!*result) {
      error = result->error();
      return false;
    }
    child = std::move(**result);
    return true;
  }
  bool wait_exit(std::chrono::nanoseconds timeout = 20s) {
    std::optional<bool> result;
    boost::asio::co_spawn(context, child->wait_exit(timeout),
                          [&](std::exception_ptr failure, bool ended) {
                            REQUIRE_FALSE(failure);
                            result = ended;
                          });
    run_until([&] { return result.has_value(); });
    return *result;
  }
  /// Runs handlers until the line was seen.
  bool wait_line(const std::string& wanted) {
    return run_until([&] {
      for (const std::string& line : seen) {
        if (line == wanted)
          return true;
      }
      return false;
    });
  }
  /// Waits for a line "name NUMBER" and gives the number.
  pid_t wait_pid(const std::string& name) {
    pid_t pid = 0;
    const bool found = run_until([&] {
      for (const std::string& line : seen) {
        if (line.starts_with(name + " "))
          pid = std::stoi(line.substr(name.size() + 1));
      }
      return pid != 0;
    });
    REQUIRE(found);
    return pid;
  }
  template <class Condition>
  bool run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    context.restart();
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      context.run_one_for(50ms);
      context.restart();
    }
    return true;
  }

  boost::asio::io_context context;
  std::vector<std::string> seen;
  Error error;
  std::unique_ptr<Child> child;

 private:
  Child::Handlers record() {
    Child::Handlers handlers;
    handlers.on_line = [this](std::string line) { seen.push_back(std::move(line)); };
    handlers.on_exit = [this](ExitStatus status) {
      if (status.code)
        seen.push_back("[exit " + std::to_string(*status.code) + "]");
      else if (status.signal)
        seen.push_back("[signal " + std::to_string(*status.signal) + "]");
      else
        seen.emplace_back("[unseen end]");
    };
    handlers.on_output_end = [this] { seen.emplace_back("[output end]"); };
    return handlers;
  }
};

}  // namespace relapse::testing
