// relapse-bench-asgi: what a replay on the ASGI plane costs, as ratios against yardsticks run in
// the same minute.
//
//   bare loop    an asyncio loop that calls the same application in process
//   TestClient   Starlette's, which the authors of such applications test with (python3-httpx)
//
// A replay is connect + accept + text + echo + disconnect + return, each expected, with timeline
// and judge. It judges nothing else: it prints.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "drive/instance.hpp"
#include "drive/performer.hpp"
#include "judge/judge.hpp"
#include "process/child.hpp"

namespace relapse {
namespace {

void add(Scenario& scenario, Action action) {
  Step step;
  step.action = std::move(action);
  scenario.steps.push_back(std::move(step));
}

void expect(Scenario& scenario, SelectorKind kind, Json pattern) {
  Expect one;
  one.selector.kind = kind;
  one.selector.lane = "main";
  one.selector.pattern.json = Value(std::move(pattern));
  add(scenario, std::move(one));
}

Receive event(Json json) {
  return Receive{Value(std::move(json))};
}

Scenario echo_scenario() {
  Scenario scenario;
  scenario.id = "bench/asgi-echo";
  scenario.virtual_clock = true;
  add(scenario, Call{});
  add(scenario, event({{"type", "websocket.connect"}}));
  expect(scenario, SelectorKind::sent, {{"type", "websocket.accept"}});
  add(scenario, event({{"type", "websocket.receive"}, {"text", "hello"}}));
  expect(scenario, SelectorKind::sent, {{"type", "websocket.send"}, {"text", "hello"}});
  add(scenario, event({{"type", "websocket.disconnect"}, {"code", 1000}}));
  expect(scenario, SelectorKind::returned, true);
  return scenario;
}

Target bench_target(const std::string& app, const std::filesystem::path& folder) {
  Target target;
  target.id = "bench";
  target.asgi.emplace();
  target.asgi->app = app;
  target.asgi->folder = folder;
  target.asgi->lifespan = AsgiApp::Lifespan::off;
  return target;
}

struct Measured {
  int held = 0;
  double seconds = 0;
  std::string first_wrong;
};

asio::awaitable<void> replay_many(asio::any_io_executor executor, const Target& target, int count,
                                  Measured& out) {
  const Scenario scenario = echo_scenario();
  auto made = Instance::make(executor, target, nullptr, Plane::asgi);
  if (!made) {
    out.first_wrong = made.error().message;
    co_return;
  }
  Instance& instance = **made;
  Recorder starting(executor);
  instance.attach(&starting, false);
  const Start defaults;
  const auto started = co_await instance.start(starting, defaults, std::chrono::seconds{20});
  if (!started) {
    out.first_wrong = started.error().message;
    co_return;
  }
  instance.attach(nullptr, false);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    auto plan = make_plan(scenario, instance);
    Recorder recorder(executor);
    const auto performer = make_performer(executor, std::move(*plan), instance, recorder);
    co_await performer->run();
    co_await performer->finish();
    Timeline timeline = recorder.take();
    timeline.complete = !performer->aborted();
    const Verdict verdict = judge(scenario, timeline);
    if (verdict.outcome == Outcome::holds) {
      ++out.held;
    } else if (out.first_wrong.empty()) {
      out.first_wrong = verdict.reason;
    }
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  co_await instance.stop();
}

double replays_per_second(const Target& target, int count) {
  asio::io_context context(1);
  Measured measured;
  asio::co_spawn(context, replay_many(context.get_executor(), target, count, measured),
                 [](std::exception_ptr failure) {
                   if (failure) {
                     std::rethrow_exception(failure);
                   }
                 });
  context.run();
  if (measured.held != count) {
    std::fprintf(stderr, "only %d of %d replays held (%s): the figures mean nothing\n",
                 measured.held, count, measured.first_wrong.c_str());
    std::exit(3);
  }
  return count / measured.seconds;
}

/// What bare_loop.py prints; it fails when the application does not echo.
double yardstick(const char* kind, const std::string& app, const std::filesystem::path& folder,
                 int count) {
  const std::string command = "cd '" + folder.string() +
                              "' && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=. /usr/bin/python3 "
                              "'" RELAPSE_SOURCE_DIR "/harness/bench/bare_loop.py' " +
                              kind + " " + app + " " + std::to_string(count);
  FILE* pipe = popen(command.c_str(), "r");
  double rate = 0;
  const bool told = pipe != nullptr && std::fscanf(pipe, "%lf", &rate) == 1;
  if (pipe == nullptr || pclose(pipe) != 0 || !told) {
    std::fprintf(stderr, "the yardstick \"%s\" failed\n", kind);
    std::exit(3);
  }
  return rate;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* name, const std::vector<double>& ours, const std::vector<double>& theirs) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ratios.push_back(ours[i] / theirs[i]);
  }
  std::printf("%-12s %9.0f per second   ratio %.3f (min %.3f, max %.3f)\n", name, median(theirs),
              median(ratios), *std::min_element(ratios.begin(), ratios.end()),
              *std::max_element(ratios.begin(), ratios.end()));
}

int run(int count, int rounds, const std::string& app, const std::filesystem::path& folder) {
  const Target target = bench_target(app, folder);
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> client;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(replays_per_second(target, count));
    bare.push_back(yardstick("bare", app, folder, count * 3));
    client.push_back(yardstick("testclient", app, folder, std::max(count / 50, 20)));
  }
  std::printf("%-12s %9.0f per second   median of %d rounds of %d\n", "relapse", median(ours),
              rounds, count);
  print("bare loop", ours, bare);
  print("TestClient", ours, client);
  return 0;
}

}  // namespace
}  // namespace relapse

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == relapse::supervisor_argument) {
    return relapse::supervisor_main(argc, argv);
  }
  const int count = argc > 1 ? std::atoi(argv[1]) : 5000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const std::string app = argc > 3 ? argv[3] : "echo_app:app";
  const std::string folder = argc > 4 ? argv[4] : RELAPSE_SOURCE_DIR "/harness/bench";
  if (count < 1 || rounds < 1) {
    std::fprintf(stderr, "usage: relapse-bench-asgi [REPLAYS [ROUNDS [MODULE:APP FOLDER]]]\n");
    return 2;
  }
  return relapse::run(count, rounds, app, folder);
}
