#include "process/child.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "process/child_testing.hpp"

using namespace relapse;
using relapse::testing::alive;
using relapse::testing::eventually;
using relapse::testing::Observed;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

Lines sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TEST_CASE("child: lines, exit code and the end of the output are observed", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "echo one; echo two; printf last; exit 7"}));
  REQUIRE(run.wait_exit());
  CHECK(sorted(run.seen) == Lines{"[exit 7]", "[output end]", "last", "one", "two"});
  REQUIRE(run.child->exit_status());
  CHECK(run.child->exit_status()->code == 7);
  CHECK_FALSE(run.child->exit_status()->signal);
}

TEST_CASE("child: stdout and stderr share one order", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "for i in 1 2 3; do echo out $i; echo err $i >&2; done"}));
  REQUIRE(run.wait_exit());
  run.seen.resize(6);
  CHECK(run.seen == Lines{"out 1", "err 1", "out 2", "err 2", "out 3", "err 3"});
}

TEST_CASE("child: whole lines written before the exit are seen before it", "[process]") {
  // Almost as much as a pipe holds, so that some of it is still there when the exit is reported.
  Lines expected;
  for (int number = 1; number <= 12000; ++number)
    expected.push_back(std::to_string(number));
  expected.emplace_back("[exit 0]");
  expected.emplace_back("[output end]");
  for (int round = 0; round < 10; ++round) {
    Observed run;
    REQUIRE(run.launch({"/usr/bin/seq", "1", "12000"}));
    REQUIRE(run.wait_exit());
    // The two ends come in either order.
    if (run.seen.back() == "[exit 0]")
      std::swap(run.seen.back(), run.seen[run.seen.size() - 2]);
    CHECK((run.seen == expected));
  }
}

TEST_CASE("child: output larger than a pipe arrives whole", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x; echo; echo after"}));
  REQUIRE(run.wait_exit());
  std::size_t total = 0;
  for (const std::string& line : run.seen) {
    if (line.starts_with("x"))
      total += line.size();
  }
  CHECK(total == 200000);
  CHECK(run.seen.front().size() == 65536);
  CHECK(std::count(run.seen.begin(), run.seen.end(), "after") == 1);
}

TEST_CASE("child: death by a signal is told from an exit code", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "echo up; kill -SEGV $$"}));
  REQUIRE(run.wait_exit());
  CHECK(sorted(run.seen) == Lines{"[output end]", "[signal 11]", "up"});
  CHECK_FALSE(run.child->exit_status()->code);
  CHECK(run.child->exit_status()->signal == SIGSEGV);
}

TEST_CASE("child: the environment is the harness's with changes", "[process]") {
  ::setenv("RELAPSE_TEST_KEPT", "kept", 1);
  ::setenv("RELAPSE_TEST_CHANGED", "old", 1);
  ::setenv("RELAPSE_TEST_REMOVED", "still here", 1);
  Observed run;
  LaunchSpec spec;
  spec.command = {"/bin/sh", "-c",
                  "echo \"${RELAPSE_TEST_KEPT-unset}|${RELAPSE_TEST_CHANGED-unset}|"
                  "${RELAPSE_TEST_REMOVED-unset}|${RELAPSE_TEST_NEW-unset}|${RELAPSE_TEST_EMPTY-"
                  "unset}\"; tr '\\0' ' ' </proc/$PPID/cmdline | grep -c 'secret[-]value'"};
  spec.env = {{"RELAPSE_TEST_CHANGED", "new"},
              {"RELAPSE_TEST_REMOVED", std::nullopt},
              {"RELAPSE_TEST_NEW", "secret-value=1"},
              {"RELAPSE_TEST_EMPTY", ""}};
  REQUIRE(run.launch(spec));
  REQUIRE(run.wait_exit());
  REQUIRE(run.seen.size() >= 2);
  CHECK(run.seen[0] == "kept|new|unset|secret-value=1|");
  // Command lines can be read by every user of the machine. (The bracket keeps the script itself,
  // which is part of the supervisor's command line, from matching.)
  CHECK(run.seen[1] == "0");
  CHECK(std::string(std::getenv("RELAPSE_TEST_CHANGED")) == "old");
}

TEST_CASE("child: the working directory, and a program looked up in the target's PATH",
          "[process]") {
  const std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("relapse-cwd-" + std::to_string(::getpid()));
  std::filesystem::create_directories(dir);
  {
    std::ofstream script(dir / "relapse-test-tool");
    script << "#!/bin/sh\npwd\n";
  }
  std::filesystem::permissions(dir / "relapse-test-tool", std::filesystem::perms::owner_all);
  Observed run;
  LaunchSpec spec;
  spec.cwd = dir.string();
  SECTION("by PATH") {
    spec.command = {"relapse-test-tool"};
    spec.env["PATH"] = dir.string() + ":/usr/bin:/bin";
  }
  SECTION("relative to the directory") {
    spec.command = {"./relapse-test-tool"};
  }
  REQUIRE(run.launch(spec));
  REQUIRE(run.wait_exit());
  CHECK(run.seen.front() == std::filesystem::canonical(dir).string());
  std::filesystem::remove_all(dir);
}

TEST_CASE("child: what cannot be launched says what and why", "[process]") {
  Observed run;
  LaunchSpec spec;
  SECTION("no such program") {
    spec.command = {"/nonexistent/server", "--port", "1"};
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message == "cannot execute /nonexistent/server: No such file or directory");
    CHECK(run.error.kind == ErrorKind::environment);
  }
  SECTION("not in PATH") {
    spec.command = {"relapse-no-such-tool"};
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message == "cannot execute relapse-no-such-tool: No such file or directory");
  }
  SECTION("not executable") {
    spec.command = {"/etc/passwd"};
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message == "cannot execute /etc/passwd: Permission denied");
  }
  SECTION("no such directory") {
    spec.command = {"/bin/sh"};
    spec.cwd = "/nonexistent";
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message ==
          "cannot change the directory to /nonexistent: No such file or directory");
  }
  SECTION("nothing") {
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message == "the launch command is empty");
    CHECK(run.error.kind == ErrorKind::usage);
  }
  SECTION("no supervisor") {
    set_supervisor_executable("/nonexistent/relapse");
    spec.command = {"/bin/true"};
    CHECK_FALSE(run.launch(spec));
    CHECK(run.error.message ==
          "cannot start the supervisor /nonexistent/relapse: No such file or directory");
  }
}

TEST_CASE("child: the target inherits no descriptor, no signal mask and no ignored signal",
          "[process]") {
  // Neither is closed on exec, as Asio's sockets are not.
  const int leaked = ::socket(AF_INET, SOCK_STREAM, 0);
  const int high = ::fcntl(leaked, F_DUPFD, 200);
  ::signal(SIGPIPE, SIG_IGN);
  Observed run;
  REQUIRE(
      run.launch({"/usr/bin/python3", "-S", "-c",
                  "import os, signal\n"
                  "print(sorted(f for f in range(512) if os.path.exists(f'/proc/self/fd/{f}')))\n"
                  "s = open('/proc/self/status').read()\n"
                  "print([l.split()[1] for l in s.splitlines() if l.startswith('SigBlk')])\n"
                  "print(os.readlink('/proc/self/fd/0'))\n"}));
  REQUIRE(run.wait_exit());
  ::signal(SIGPIPE, SIG_DFL);
  ::close(leaked);
  ::close(high);
  REQUIRE(run.seen.size() >= 3);
  CHECK(run.seen[0] == "[0, 1, 2]");
  CHECK(run.seen[1] == "['0000000000000000']");
  CHECK(run.seen[2] == "/dev/null");
}

TEST_CASE("child: an ignored SIGPIPE is not inherited", "[process]") {
  ::signal(SIGPIPE, SIG_IGN);
  Observed run;
  // Not a Python program: Python itself ignores SIGPIPE.
  const bool launched = run.launch({"/bin/grep", "SigIgn", "/proc/self/status"});
  ::signal(SIGPIPE, SIG_DFL);
  REQUIRE(launched);
  REQUIRE(run.wait_exit());
  const std::string digits = run.seen.front().substr(std::string("SigIgn:\t").size());
  const unsigned long long ignored = std::stoull(digits, nullptr, 16);
  CHECK((ignored & (1ULL << (SIGPIPE - 1))) == 0);
}

TEST_CASE("child: a signal reaches the whole group", "[process]") {
  Observed run;
  // The outer shell has its trap before the inner one says that it is ready.
  const std::string inner =
      "sh -c 'trap \"echo inner; exit 0\" USR1; echo ready; while :; do sleep 0.02; done'";
  REQUIRE(
      run.launch({"/bin/sh", "-c", "trap 'wait; echo outer; exit 5' USR1; " + inner + " & wait"}));
  REQUIRE(run.wait_line("ready"));
  run.child->signal(SIGUSR1);
  REQUIRE(run.wait_exit());
  CHECK(std::count(run.seen.begin(), run.seen.end(), "inner") == 1);
  CHECK(std::count(run.seen.begin(), run.seen.end(), "outer") == 1);
  CHECK(run.child->exit_status()->code == 5);
}

TEST_CASE("child: wait_exit is false when the time is over, and true later", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "echo ready; read line </dev/null; exec sleep 60"}));
  REQUIRE(run.wait_line("ready"));
  const auto before = std::chrono::steady_clock::now();
  CHECK_FALSE(run.wait_exit(50ms));
  const auto took = std::chrono::steady_clock::now() - before;
  CHECK(took >= 50ms);
  CHECK(took < 2s);
  CHECK_FALSE(run.child->exit_status());
  run.child->signal(SIGTERM);
  CHECK(run.wait_exit());
  CHECK(run.child->exit_status()->signal == SIGTERM);
  CHECK(run.wait_exit(0ns));
}

TEST_CASE("child: no handler runs after it was destroyed", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", "while :; do echo line; done"}));
  REQUIRE(run.wait_line("line"));
  run.child.reset();
  const std::size_t seen = run.seen.size();
  run.context.restart();
  run.context.run();  // returns: nothing of the child is pending
  CHECK(run.seen.size() == seen);
}

TEST_CASE("child: a handler may destroy it, and no other runs after that", "[process]") {
  set_supervisor_executable(RELAPSE_SUPERVISOR_HOST);
  boost::asio::io_context context;
  std::unique_ptr<Child> child;
  bool destroyed = false;
  int later = 0;
  // What comes while the launch is not yet known here is not counted.
  const auto destroy = [&] {
    later += destroyed ? 1 : 0;
    destroyed = destroyed || child;
    child.reset();
  };
  const auto count = [&] { later += destroyed ? 1 : 0; };
  Child::Handlers handlers;
  LaunchSpec spec;
  SECTION("on a line of many") {
    handlers.on_line = [&](const std::string&) { destroy(); };
    handlers.on_exit = [&](ExitStatus) { count(); };
    handlers.on_output_end = count;
    spec.command = {"/bin/sh", "-c", "sleep 0.1; seq 1 1000; while :; do echo line; done"};
  }
  SECTION("on the unfinished last line") {
    handlers.on_line = [&](const std::string&) { destroy(); };
    handlers.on_exit = [&](ExitStatus) { count(); };
    handlers.on_output_end = count;
    spec.command = {"/bin/sh", "-c", "sleep 0.1; printf last; exec >/dev/null 2>&1; sleep 60"};
  }
  SECTION("on a line that is read because the exit was reported") {
    handlers.on_line = [&](const std::string&) { destroy(); };
    handlers.on_exit = [&](ExitStatus) { count(); };
    handlers.on_output_end = count;
    spec.command = {"/bin/sh", "-c", "sleep 0.1; echo line"};
  }
  SECTION("on the exit") {
    handlers.on_line = [&](const std::string&) { count(); };
    handlers.on_exit = [&](ExitStatus) { destroy(); };
    handlers.on_output_end = count;
    spec.command = {"/bin/sh", "-c", "(sleep 0.2; echo later) & sleep 0.1"};
  }
  SECTION("on the end of the output") {
    handlers.on_line = [&](const std::string&) { count(); };
    handlers.on_exit = [&](ExitStatus) { count(); };
    handlers.on_output_end = destroy;
    spec.command = {"/bin/sh", "-c", "sleep 0.1; exec >/dev/null 2>&1; sleep 60"};
  }
  relapse::testing::Launched launched;
  boost::asio::co_spawn(context,
                        relapse::testing::launch_into(context.get_executor(), std::move(spec),
                                                      std::move(handlers), &launched),
                        [&](std::exception_ptr failure) {
                          REQUIRE_FALSE(failure);
                          REQUIRE(*launched);
                          child = std::move(**launched);
                        });
  context.run_for(20s);
  CHECK(context.stopped());
  CHECK(destroyed);
  CHECK(later == 0);
}

TEST_CASE("child: destroying it ends a wait", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sleep", "60"}));
  std::optional<bool> result;
  boost::asio::co_spawn(run.context, run.child->wait_exit(60s),
                        [&](std::exception_ptr, bool ended) { result = ended; });
  run.context.restart();
  run.context.run_for(20ms);
  REQUIRE_FALSE(result);
  run.child.reset();
  CHECK(run.run_until([&] { return result.has_value(); }));
  CHECK(result == false);
}
