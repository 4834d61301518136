// For tests. As a supervisor: what a test's children are launched through. As a small harness
// ("host COMMAND..."): launches the command, prints its process number, hands its output on and
// stays until it is killed or the command ends.
//
// "host" handles SIGINT as a harness does that wants to finish its report first: it prints
// "interrupted" and goes on.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

#include "process/child.hpp"

namespace {

namespace asio = boost::asio;

asio::awaitable<int> host(std::vector<std::string> command) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  relapse::LaunchSpec spec;
  spec.command = std::move(command);
  relapse::Child::Handlers handlers;
  handlers.on_line = [](std::string line) { std::puts(line.c_str()); };
  auto launched = co_await relapse::Child::launch(executor, std::move(spec), std::move(handlers));
  if (!launched) {
    std::fprintf(stderr, "%s\n", launched.error().message.c_str());
    co_return 3;
  }
  std::printf("pid %d\n", (*launched)->pid());
  const bool ended = co_await (*launched)->wait_exit(std::chrono::minutes{2});
  co_return ended ? 0 : 1;
}

void wait_for_interrupt(asio::signal_set& signals) {
  signals.async_wait([&signals](boost::system::error_code error, int) {
    if (error)
      return;
    std::puts("interrupted");
    wait_for_interrupt(signals);
  });
}

int run_host(std::vector<std::string> command) {
  asio::io_context context;
  asio::signal_set signals(context, SIGINT);
  wait_for_interrupt(signals);
  int code = 1;
  asio::co_spawn(context, host(std::move(command)), [&](std::exception_ptr failure, int result) {
    code = failure ? 4 : result;
    signals.cancel();
  });
  context.run();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc > 2 && std::string_view(argv[1]) == relapse::supervisor_argument)
    return relapse::supervisor_main(argc, argv);
  if (argc > 2 && std::string_view(argv[1]) == "host")
    return run_host({argv + 2, argv + argc});
  std::fputs("usage: supervisor_host host COMMAND...\n", stderr);
  return 2;
}
