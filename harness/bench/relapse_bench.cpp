// relapse-bench: what a replay costs, as ratios against yardsticks run in the same minute.
//
//   scenarios per second   connect + upgrade + send + expect + close against chatd, with timeline
//   and
//                          judge on, against a bare Beast coroutine client that does the same
//   memory                 resident bytes per open connection
//
// It judges nothing: it prints.

#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "bench/beast_client.hpp"
#include "drive/instance.hpp"
#include "drive/replayer.hpp"
#include "judge/judge.hpp"
#include "process/child.hpp"

namespace relapse {
namespace {

Step sends(SendWhat what) {
  Step step;
  step.action = Send{std::move(what), {}, {}};
  return step;
}

Step expects(SelectorKind kind, Json pattern) {
  Step step;
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(std::move(pattern));
  step.action = std::move(expect);
  return step;
}

Scenario echo_scenario() {
  Scenario scenario;
  scenario.id = "bench/echo";
  SendUpgrade upgrade;
  upgrade.request.path = "/echo";
  SendClose close;
  close.code = 1000;
  scenario.steps = {sends(upgrade),
                    expects(SelectorKind::upgrade, {{"status", 101}}),
                    sends(SendText{"hello"}),
                    expects(SelectorKind::text, "hello"),
                    sends(close),
                    expects(SelectorKind::close, {{"code", 1000}})};
  return scenario;
}

asio::awaitable<void> replay_many(asio::any_io_executor executor, Instance& instance,
                                  const Scenario& scenario, int count, int& held) {
  for (int i = 0; i < count; ++i) {
    auto plan = make_plan(scenario, instance);
    Recorder recorder(executor);
    Replayer replayer(executor, std::move(*plan), instance, recorder);
    co_await replayer.run();
    co_await replayer.finish();
    recorder.timeline().complete = true;
    held += judge(scenario, recorder.timeline()).outcome == Outcome::holds ? 1 : 0;
  }
}

double replays_per_second(Instance& instance, const Scenario& scenario, int count) {
  asio::io_context context(1);
  int held = 0;
  const auto begin = std::chrono::steady_clock::now();
  asio::co_spawn(context, replay_many(context.get_executor(), instance, scenario, count, held),
                 [](std::exception_ptr failure) {
                   if (failure) {
                     std::rethrow_exception(failure);
                   }
                 });
  context.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (held != count) {
    std::fprintf(stderr, "only %d of %d replays held: the figures mean nothing\n", held, count);
    std::exit(3);
  }
  return count / took.count();
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

asio::awaitable<void> open_many(asio::any_io_executor executor, Instance& instance, int count,
                                double& bytes_each) {
  Scenario scenario = echo_scenario();
  scenario.steps.resize(4);
  std::vector<std::unique_ptr<Recorder>> recorders;
  std::vector<std::unique_ptr<Replayer>> replayers;
  const std::size_t before = resident_bytes();
  for (int i = 0; i < count; ++i) {
    auto plan = make_plan(scenario, instance);
    recorders.push_back(std::make_unique<Recorder>(executor));
    replayers.push_back(
        std::make_unique<Replayer>(executor, std::move(*plan), instance, *recorders.back()));
    co_await replayers.back()->run();
  }
  bytes_each = static_cast<double>(resident_bytes() - before) / count;
  for (const auto& replayer : replayers) {
    co_await replayer->finish();
  }
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Target bench_target(int port) {
  Target target;
  target.id = "chatd";
  target.address = "ws://127.0.0.1:" + std::to_string(port);
  return target;
}

int run(int port, int count, int rounds) {
  const Target target = bench_target(port);
  asio::io_context context(1);
  auto instance = Instance::make(context.get_executor(), target, nullptr);
  const Scenario scenario = echo_scenario();
  replays_per_second(**instance, scenario, count / 10 + 1);
  beast_scenarios_per_second(port, count / 10 + 1);
  std::vector<double> ours;
  std::vector<double> beast;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(replays_per_second(**instance, scenario, count));
    beast.push_back(beast_scenarios_per_second(port, count));
    ratios.push_back(ours.back() / beast.back());
  }
  std::printf(
      "scenarios per second   relapse %.0f   bare Beast client %.0f   ratio %.2f "
      "(median of %d rounds of %d; min %.2f, max %.2f)\n",
      median(ours), median(beast), median(ratios), rounds, count,
      *std::min_element(ratios.begin(), ratios.end()),
      *std::max_element(ratios.begin(), ratios.end()));
  double bytes_each = 0;
  constexpr int connections = 500;
  asio::io_context opening(1);
  asio::co_spawn(opening, open_many(opening.get_executor(), **instance, connections, bytes_each),
                 [](std::exception_ptr failure) {
                   if (failure) {
                     std::rethrow_exception(failure);
                   }
                 });
  opening.run();
  std::printf("memory                 %.1f KiB per open connection (%d open, timeline included)\n",
              bytes_each / 1024, connections);
  return 0;
}

}  // namespace
}  // namespace relapse

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(
        stderr,
        "usage: relapse-bench PORT [SCENARIOS [ROUNDS]]\n"
        "PORT: a running chatd, for example: JWT_SECRET_KEY=%s chatd --quiet --port 7070\n",
        "0123456789012345678901234567890123456789");
    return 2;
  }
  const int count = argc > 2 ? std::atoi(argv[2]) : 2000;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
  return relapse::run(std::atoi(argv[1]), count, rounds);
}
