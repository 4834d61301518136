#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/instance.hpp"
#include "drive/performer.hpp"

namespace relapse {
namespace {

Value json(const char* text) {
  return Value(Json::parse(text));
}

Target target_of(const std::string& app) {
  Target target;
  target.id = "test";
  target.asgi.emplace();
  target.asgi->app = "driver_apps:" + app;
  target.asgi->folder = RELAPSE_SOURCE_DIR "/harness/drive/asgi";
  target.asgi->lifespan = AsgiApp::Lifespan::off;
  return target;
}

struct Story {
  Scenario scenario{};

  Story& step(Action action) {
    Step one;
    one.action = std::move(action);
    scenario.steps.push_back(std::move(one));
    return *this;
  }
  Story& connect() { return step(Call{}).step(Receive{json(R"({"type":"websocket.connect"})")}); }
  Story& expect(SelectorKind kind, const char* pattern) {
    Expect expect;
    expect.selector = {kind, {json(pattern), {}}, "main"};
    return step(expect);
  }
};

struct Replayed {
  Timeline timeline{};
  std::string wrong_stop{};

  std::string text() const {
    std::string all;
    for (const Event& event : timeline.events) {
      const bool mark = std::holds_alternative<StepStarted>(event.payload);
      if (!mark && event.step >= 0 && !std::holds_alternative<AsgiWaiting>(event.payload)) {
        const auto* ended = std::get_if<StepEnded>(&event.payload);
        if (ended == nullptr || !ended->satisfied) {
          all += observed_text(event) + "\n";
        }
      }
    }
    return all;
  }
  template <class T>
  const T* find() const {
    for (const Event& event : timeline.events) {
      if (const T* found = std::get_if<T>(&event.payload)) {
        return found;
      }
    }
    return nullptr;
  }
};

asio::awaitable<void> drive(asio::any_io_executor executor, const Scenario& scenario,
                            const Target& target, Replayed& out) {
  auto made = Instance::make(executor, target, nullptr, Plane::asgi);
  REQUIRE(made);
  Instance& instance = **made;
  Recorder recorder(executor);
  instance.attach(&recorder, false);
  const Start defaults;
  const auto started = co_await instance.start(recorder, defaults, std::chrono::seconds{10});
  REQUIRE(started);
  auto plan = make_plan(scenario, instance);
  REQUIRE(plan);
  const auto performer = make_performer(executor, std::move(*plan), instance, recorder);
  co_await performer->run();
  co_await performer->finish();
  instance.attach(nullptr, false);
  if (instance.running()) {
    out.wrong_stop = co_await instance.stop();
  }
  out.timeline = recorder.take();
}

Replayed replay(const Story& story, const Target& target) {
  set_supervisor_executable(RELAPSE_SUPERVISOR_HOST);
  asio::io_context context(1);
  Replayed out;
  std::exception_ptr failure;
  asio::co_spawn(context, drive(context.get_executor(), story.scenario, target, out),
                 [&failure](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) {
    std::rethrow_exception(failure);
  }
  return out;
}

TEST_CASE("asgi: an exchange is on record in its order, with the application's own values") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"({"type":"websocket.accept"})");
  story.step(Receive{json(R"({"type":"websocket.receive","text":"hi"})")});
  story.expect(SelectorKind::sent, R"({"text":"hi"})");
  story.step(Disconnect{1001, "bye"}).expect(SelectorKind::returned, "true");
  const Replayed replayed = replay(story, target_of("echo"));
  CHECK(replayed.text() ==
        "CALL websocket path=\"/\"\nwebsocket.connect\nwebsocket.accept\n"
        "websocket.receive text=\"hi\"\nwebsocket.send text=\"hi\"\n"
        "websocket.disconnect code=1001 reason=\"bye\"\nRETURNED\n");
  CHECK(replayed.wrong_stop.empty());
  const auto& events = replayed.timeline.events;
  CHECK(std::is_sorted(events.begin(), events.end(),
                       [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; }));
}

TEST_CASE("asgi: an exception on a client's connection is in the log, as a server writes it") {
  Story story;
  story.step(Send{SendUpgrade{}, {}, {}}).expect(SelectorKind::upgrade, R"({"status":500})");
  const Replayed as_client = replay(story, target_of("raises"));
  const LogLine* logged = as_client.find<LogLine>();
  REQUIRE(logged != nullptr);
  CHECK(logged->source == "server");
  CHECK(logged->text.starts_with("ERROR: Exception in ASGI application\nTraceback"));
  CHECK(logged->text.ends_with("RuntimeError: not there\n"));
  // Called by a step, the harness is no server.
  Story called;
  called.connect().expect(SelectorKind::raised, R"("RuntimeError")");
  CHECK(replay(called, target_of("raises")).find<LogLine>() == nullptr);
}

TEST_CASE("asgi: a script that needs nobody's judgement is one play, and ends each step") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"({"type":"websocket.accept"})");
  const Replayed replayed = replay(story, target_of("echo"));
  std::vector<std::string> order;
  for (const Event& event : replayed.timeline.events) {
    const bool call_over = std::holds_alternative<AsgiTasks>(event.payload);
    if (call_over || std::holds_alternative<StepEnded>(event.payload)) {
      order.push_back(std::to_string(event.step) + " " + std::string(kind_name(event.payload)));
    }
  }
  CHECK(order ==
        std::vector<std::string>{"0 step_ended", "1 step_ended", "2 step_ended", "-1 asgi_tasks"});
}

TEST_CASE("asgi: an expectation that something else answers ends the replay") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"({"type":"websocket.close"})");
  story.step(Receive{json(R"({"type":"websocket.receive","text":"never given"})")});
  for (const char* pattern : {R"({"type":"websocket.close"})", R"({"type":{"in":["a","b"]}})"}) {
    CAPTURE(pattern);
    std::get<Expect>(story.scenario.steps[2].action).selector.pattern.json = json(pattern);
    const Replayed replayed = replay(story, target_of("echo"));
    CHECK(replayed.text() ==
          "CALL websocket path=\"/\"\nwebsocket.connect\nwebsocket.accept\n"
          "step ends, not satisfied\n");
  }
}

TEST_CASE("asgi: where nothing more can come, nobody waits for the deadline") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"({"type":"websocket.accept"})");
  story.expect(SelectorKind::sent, R"({"type":"websocket.send"})");
  story.scenario.within = std::chrono::seconds{20};
  const auto begin = Clock::now();
  const Replayed replayed = replay(story, target_of("echo"));
  CHECK(replayed.find<DeadlineHit>() != nullptr);
  CHECK(replayed.find<AsgiWaiting>() != nullptr);
  CHECK(Clock::now() - begin < std::chrono::seconds{15});
}

TEST_CASE("asgi: a chained exception, with type, message and place") {
  Story story;
  story.connect().expect(SelectorKind::raised, R"("RuntimeError")");
  const Replayed replayed = replay(story, target_of("raises"));
  const auto* raised = replayed.find<AsgiRaised>();
  REQUIRE(raised != nullptr);
  REQUIRE(raised->chain.size() == 2);
  CHECK(raised->chain[0].type == "RuntimeError");
  CHECK(raised->chain[0].message == "not there");
  CHECK(raised->chain[1].type == "KeyError");
  CHECK(raised->chain[0].where.find("driver_apps.py") != std::string::npos);
  CHECK(raised->traceback.find("Traceback") != std::string::npos);
}

TEST_CASE("asgi: thirty seconds pass at once on the virtual clock") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  story.step(Pause{std::chrono::seconds{31}, std::nullopt});
  story.expect(SelectorKind::sent, R"({"type":"websocket.close"})");
  story.scenario.virtual_clock = true;
  story.scenario.budget = std::chrono::seconds{60};
  const auto begin = Clock::now();
  const Replayed replayed = replay(story, target_of("slow"));
  CHECK(replayed.text().find("websocket.close code=1000") != std::string::npos);
  CHECK(replayed.text().find("not satisfied") == std::string::npos);
  CHECK(replayed.find<AsgiClock>() != nullptr);
  CHECK(Clock::now() - begin < std::chrono::seconds{15});
}

TEST_CASE("asgi: a send that fails, what is printed meanwhile, and what waits then") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  story.step(FailSend{1, "ConnectionResetError", "peer"});
  story.step(Receive{json(R"({"type":"websocket.receive","text":"hi"})")});
  story.expect(SelectorKind::sent, R"({"text":"reply"})");
  story.expect(SelectorKind::waiting, R"("receive")");
  const Replayed replayed = replay(story, target_of("swallows"));
  const auto* fate = replayed.find<AsgiSendFate>();
  REQUIRE(fate != nullptr);
  CHECK(*fate == AsgiSendFate{AsgiSendFate::Kind::raised, 2, "ConnectionResetError", "peer"});
  const auto* line = replayed.find<LogLine>();
  REQUIRE(line != nullptr);
  CHECK(line->source == "stdout");
  CHECK(line->text == "the client is gone");
  CHECK(replayed.text().find("not satisfied") == std::string::npos);
}

TEST_CASE("asgi: a send that is held lets another task go first") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  Story held = story;
  held.scenario.steps.insert(held.scenario.steps.begin() + 1, Step{});
  held.scenario.steps[1].action = HoldSend{2};
  held.step(ReleaseSend{}).expect(SelectorKind::sent, R"({"text":"one"})");
  held.expect(SelectorKind::sent, R"({"text":"two"})").expect(SelectorKind::returned, "true");
  const std::string text = replay(held, target_of("hands_over")).text();
  CHECK(text.find("send 2 is held") != std::string::npos);
  CHECK(text.find("send 2 returns") > text.find("text=\"two\""));
  CHECK(text.find("RETURNED") != std::string::npos);
}

TEST_CASE("asgi: a loop that does not turn is told, with the place, and is ended") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  story.scenario.within = std::chrono::milliseconds{100};
  const Replayed replayed = replay(story, target_of("blocks"));
  const auto* complaint = replayed.find<AsgiComplaint>();
  REQUIRE(complaint != nullptr);
  CHECK(complaint->kind == "blocked");
  CHECK(complaint->traceback.find("driver_apps.py") != std::string::npos);
}

TEST_CASE("asgi: a loop that turns without end is told") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  const Replayed replayed = replay(story, target_of("spins"));
  const auto* complaint = replayed.find<AsgiComplaint>();
  REQUIRE(complaint != nullptr);
  CHECK(complaint->kind == "spinning");
}

TEST_CASE("asgi: a process that leaves is an exit with its code") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  const Replayed replayed = replay(story, target_of("leaves"));
  const auto* exited = replayed.find<ProcessExited>();
  REQUIRE(exited != nullptr);
  CHECK(exited->code == 7);
}

TEST_CASE("asgi: lifespan goes before all calls, shares its state, and ends behind them") {
  Story story;
  story.connect().expect(SelectorKind::sent, R"("websocket.accept")");
  Target target = target_of("lifespan_echo");
  target.asgi->lifespan = AsgiApp::Lifespan::on;
  const Replayed replayed = replay(story, target);
  CHECK(replayed.text().find("state ['pool']") != std::string::npos);
  CHECK(replayed.wrong_stop.empty());

  target = target_of("refuses_to_start");
  target.asgi->lifespan = AsgiApp::Lifespan::on;
  const Replayed refused = replay(story, target);
  const auto* ready = refused.find<Ready>();
  REQUIRE(ready != nullptr);
  CHECK_FALSE(ready->ok);
  CAPTURE(ready->detail);
  CHECK(ready->detail.find("no JWT_SECRET") != std::string::npos);
}

TEST_CASE("asgi: steps of the wire see what a server would have made of it") {
  Story story;
  SendRequest request;
  request.request.path = "/a%20b";
  story.step(Send{request, {}, {}});
  story.expect(SelectorKind::response, R"({"status":200,"headers":{"x-a":"1"}})");
  const Replayed replayed = replay(story, target_of("request"));
  CHECK(replayed.text().find("not satisfied") == std::string::npos);
  const auto* answer = [&]() -> const HttpMessage* {
    for (const Event& event : replayed.timeline.events) {
      const auto* message = std::get_if<HttpMessage>(&event.payload);
      if (message != nullptr && message->direction == Direction::received) {
        return message;
      }
    }
    return nullptr;
  }();
  REQUIRE(answer != nullptr);
  CHECK(answer->status == 200);
  CHECK(answer->body == "/a b");
}

}  // namespace
}  // namespace relapse
