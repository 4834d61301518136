#include "process/command.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <exception>

#include "base/text.hpp"

namespace relapse {
namespace {

struct Outcome {
  std::deque<std::string> lines;
  std::optional<Error> error;
  std::optional<ExitStatus> status;
  bool in_time = false;
};

boost::asio::awaitable<void> run(boost::asio::any_io_executor executor, LaunchSpec spec,
                                 std::chrono::nanoseconds timeout, std::size_t keep,
                                 Outcome& outcome) {
  Child::Handlers handlers;
  handlers.on_line = [&outcome, keep](std::string line) {
    outcome.lines.push_back(std::move(line));
    if (outcome.lines.size() > keep) {
      outcome.lines.pop_front();
    }
  };
  handlers.on_exit = [](ExitStatus) {};
  handlers.on_output_end = [] {};
  auto child = co_await Child::launch(executor, std::move(spec), std::move(handlers));
  if (!child) {
    outcome.error = child.error();
    co_return;
  }
  outcome.in_time = co_await (*child)->wait_exit(timeout);
  outcome.status = (*child)->exit_status();
}

std::string joined(const std::deque<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace

Result<std::string> run_to_end(LaunchSpec spec, std::chrono::nanoseconds timeout,
                               std::size_t keep_lines) {
  const std::string name = join(spec.command, " ");
  boost::asio::io_context context(1);
  Outcome outcome;
  std::exception_ptr failure;
  boost::asio::co_spawn(context,
                        run(context.get_executor(), std::move(spec), timeout, keep_lines, outcome),
                        [&failure](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) {
    std::rethrow_exception(failure);
  }
  if (outcome.error) {
    return *outcome.error;
  }
  const std::string said = joined(outcome.lines);
  if (!outcome.in_time) {
    return Error{ErrorKind::environment, "\"" + name + "\" did not end within " +
                                             human_duration(timeout) +
                                             (said.empty() ? "" : ":\n" + said)};
  }
  if (!outcome.status || outcome.status->code != 0) {
    return Error{ErrorKind::environment,
                 "\"" + name + "\" failed" + (said.empty() ? "" : ":\n" + said)};
  }
  return said;
}

}  // namespace relapse
