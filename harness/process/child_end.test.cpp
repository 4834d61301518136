// How targets end, willingly or not, and that nothing of them stays behind.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "process/child.hpp"
#include "process/child_testing.hpp"
#include "process/process_tree.hpp"
#include "process/unique_fd.hpp"

using namespace relapse;
using relapse::testing::alive;
using relapse::testing::eventually;
using relapse::testing::Observed;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

/// Daemonises as in the book: fork, setsid, fork. Prints the daemon's number; the daemon ignores
/// SIGTERM and SIGHUP. `keep_output`: whether it keeps the output pipe open.
std::vector<std::string> daemonising_command(bool keep_output, bool parent_stays) {
  const std::string close_output =
      "d = os.open('/dev/null', os.O_RDWR); os.dup2(d, 1); os.dup2(d, 2)\n    ";
  return {"/usr/bin/python3", "-S", "-c",
          "import os, signal, time\n"
          "if os.fork() == 0:\n"
          "  os.setsid()\n"
          "  if os.fork() == 0:\n"
          "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
          "    signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
          "    print('daemon', os.getpid(), flush=True)\n"
          "    " +
              (keep_output ? std::string() : close_output) +
              "time.sleep(120)\n"
              "  os._exit(0)\n"
              "os.wait()\n" +
              (parent_stays ? "time.sleep(120)\n" : "time.sleep(0.3)\n")};
}

/// The small harness of supervisor_host in a process of its own, leading a process group.
class HostProcess {
 public:
  explicit HostProcess(std::vector<std::string> command) {
    command.insert(command.begin(), {RELAPSE_SUPERVISOR_HOST, "host"});
    std::vector<char*> argv;
    for (std::string& word : command)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    UniqueFd write_end(ends[1]);
    output_.reset(ends[0]);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::setpgid(0, 0);
      ::dup2(write_end.get(), STDOUT_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::setpgid(pid_, pid_);
  }
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;
  ~HostProcess() { end(); }

  pid_t pid() const { return pid_; }
  /// SIGKILL to this process and its group, as `timeout` and CI runners do, and reaps it.
  void end() {
    if (pid_ <= 0)
      return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  /// What follows `start` in the first line that begins with it; waits for that line.
  std::string line_after(const std::string& start) {
    for (std::size_t at = 0;; ++at) {
      if (at == lines_.size())
        lines_.push_back(next_line());
      if (lines_[at].starts_with(start))
        return lines_[at].substr(start.size());
    }
  }

 private:
  std::string next_line() {
    std::string line;
    while (true) {
      pollfd source{.fd = output_.get(), .events = POLLIN, .revents = 0};
      char octet = 0;
      if (::poll(&source, 1, 10000) != 1 || ::read(output_.get(), &octet, 1) != 1)
        FAIL("the host ended or was silent for 10 s");
      if (octet == '\n')
        return line;
      line += octet;
    }
  }

  UniqueFd output_;
  pid_t pid_ = 0;
  std::vector<std::string> lines_;
};

pid_t parent_of(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  char state = 0;
  int parent = 0;
  const std::size_t name_end = line.rfind(')');
  REQUIRE(name_end != std::string::npos);
  REQUIRE(std::sscanf(line.c_str() + name_end + 2, "%c %d", &state, &parent) == 2);
  return parent;
}

const std::string stubborn =
    "trap '' TERM INT HUP; sh -c 'trap \"\" TERM INT HUP; echo inner $$; while :; do sleep 1; "
    "done' & echo ready; while :; do sleep 1; done";

}  // namespace

TEST_CASE("child: the destructor ends a target that ignores SIGTERM", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", stubborn}));
  const pid_t inner = run.wait_pid("inner");
  const pid_t outer = run.child->pid();
  run.child->signal(SIGTERM);
  REQUIRE_FALSE(run.wait_exit(100ms));
  REQUIRE(alive(inner));
  REQUIRE(alive(outer));

  const auto before = SteadyClock::now();
  run.child.reset();
  CHECK(SteadyClock::now() - before < 1s);
  CHECK_FALSE(alive(outer));
  CHECK_FALSE(alive(inner));
}

TEST_CASE("child: the destructor leaves no zombie and no supervisor", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sleep", "60"}));
  const pid_t supervisor = parent_of(run.child->pid());
  REQUIRE(parent_of(supervisor) == ::getpid());
  run.child.reset();
  CHECK(::kill(supervisor, 0) == -1);
}

TEST_CASE("child: a process that daemonised is ended with the child", "[process]") {
  Observed run;
  const bool keep_output = GENERATE(true, false);
  REQUIRE(run.launch(daemonising_command(keep_output, true)));
  const pid_t daemon = run.wait_pid("daemon");
  REQUIRE(alive(daemon));
  run.child.reset();
  CHECK_FALSE(alive(daemon));
}

TEST_CASE("child: what is left of a target cannot keep its output open", "[process]") {
  Observed run;
  REQUIRE(run.launch(daemonising_command(true, false)));
  const pid_t daemon = run.wait_pid("daemon");
  REQUIRE(run.wait_exit(10s));
  CHECK(run.child->exit_status()->code == 0);
  CHECK(std::find(run.seen.begin(), run.seen.end(), "[output end]") != run.seen.end());
  CHECK(eventually([&] { return !alive(daemon); }));
}

TEST_CASE("child: a daemon that let go of the output stays until the child is destroyed",
          "[process]") {
  Observed run;
  REQUIRE(run.launch(daemonising_command(false, false)));
  const pid_t daemon = run.wait_pid("daemon");
  REQUIRE(run.wait_exit(10s));
  run.context.restart();
  run.context.run_for(700ms);  // more than the grace for those who hold the output
  CHECK(alive(daemon));
  run.child.reset();
  CHECK_FALSE(alive(daemon));
}

TEST_CASE("child: a harness ended by SIGKILL leaves no process", "[process]") {
  std::vector<pid_t> started;
  SECTION("a target that ignores every polite signal") {
    HostProcess host({"/bin/sh", "-c", stubborn});
    started.push_back(std::stoi(host.line_after("pid ")));
    started.push_back(std::stoi(host.line_after("inner ")));
    started.push_back(parent_of(started[0]));
    host.end();
  }
  SECTION("a daemon") {
    HostProcess host(daemonising_command(false, true));
    started.push_back(std::stoi(host.line_after("pid ")));
    started.push_back(std::stoi(host.line_after("daemon ")));
    started.push_back(parent_of(started[0]));
    host.end();
  }
  for (const pid_t pid : started)
    CHECK(eventually([&] { return !alive(pid); }, 4s));
}

TEST_CASE("child: without the harness a target is first asked to end", "[process]") {
  const std::string mark = "/tmp/relapse-asked-" + std::to_string(::getpid());
  std::remove(mark.c_str());
  {
    // It logs far more than a pipe holds before it is done with ending.
    HostProcess host({"/bin/sh", "-c",
                      "trap 'head -c 200000 /dev/zero; echo asked > " + mark +
                          "; exit 0' TERM; echo ready; while :; do sleep 0.02; done"});
    host.line_after("ready");
    host.end();
  }
  CHECK(eventually([&] { return std::ifstream(mark).good(); }));
  std::remove(mark.c_str());
}

TEST_CASE("child: Ctrl-C in the harness's terminal does not reach the target", "[process]") {
  HostProcess host({"/bin/sh", "-c", "echo ready; while :; do sleep 1; done"});
  const pid_t target = std::stoi(host.line_after("pid "));
  const pid_t supervisor = parent_of(target);
  host.line_after("ready");
  // What the terminal does: SIGINT to every process of the foreground group.
  REQUIRE(::kill(-host.pid(), SIGINT) == 0);
  host.line_after("interrupted");
  CHECK_FALSE(eventually([&] { return !alive(target); }, 200ms));
  // Nor do these end the supervisor when somebody sends them to it.
  for (const int number : {SIGINT, SIGHUP, SIGTERM})
    ::kill(supervisor, number);
  CHECK_FALSE(eventually([&] { return !alive(supervisor) || !alive(target); }, 200ms));
  host.end();
  CHECK(eventually([&] { return !alive(target) && !alive(supervisor); }));
}

TEST_CASE("child: when the supervisor is killed the target goes with it, its end unseen",
          "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", stubborn}));
  const pid_t inner = run.wait_pid("inner");
  const pid_t outer = run.child->pid();
  REQUIRE(::kill(parent_of(outer), SIGKILL) == 0);
  REQUIRE(run.wait_exit());
  CHECK(std::find(run.seen.begin(), run.seen.end(), "[unseen end]") != run.seen.end());
  CHECK_FALSE(run.child->exit_status()->code);
  CHECK_FALSE(run.child->exit_status()->signal);
  CHECK(eventually([&] { return !alive(inner) && !alive(outer); }));
}

TEST_CASE("child: when the supervisor is killed nobody else is needed to end the target",
          "[process]") {
  HostProcess host({"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"});
  const pid_t target = std::stoi(host.line_after("pid "));
  host.line_after("ready");
  REQUIRE(::kill(host.pid(), SIGSTOP) == 0);  // the harness cannot help
  REQUIRE(::kill(parent_of(target), SIGKILL) == 0);
  CHECK(eventually([&] { return !alive(target); }));
  REQUIRE(::kill(host.pid(), SIGCONT) == 0);
}

TEST_CASE("child: a supervisor that does not answer is not waited for", "[process]") {
  Observed run;
  REQUIRE(run.launch({"/bin/sh", "-c", stubborn}));
  const pid_t inner = run.wait_pid("inner");
  const pid_t outer = run.child->pid();
  const pid_t supervisor = parent_of(outer);
  REQUIRE(::kill(supervisor, SIGSTOP) == 0);
  const auto before = SteadyClock::now();
  run.child.reset();
  const auto took = SteadyClock::now() - before;
  CHECK(took >= 1900ms);
  CHECK(took < 4s);
  CHECK_FALSE(alive(supervisor));
  CHECK(eventually([&] { return !alive(inner) && !alive(outer); }));
}

TEST_CASE("child: a hundred children one after the other leave nothing", "[process]") {
  const std::size_t before = descendants_of(::getpid()).size();
  for (int round = 0; round < 100; ++round) {
    Observed run;
    REQUIRE(run.launch({"/bin/sh", "-c", "echo hi; exit 3"}));
    REQUIRE(run.wait_exit());
    REQUIRE(run.child->exit_status()->code == 3);
  }
  CHECK(descendants_of(::getpid()).size() == before);
}
