#include <nlohmann/json.hpp>

#include "model/asgi_scope.hpp"
#include "report/sample_run.hpp"

namespace relapse::testing {

namespace {

using std::chrono::milliseconds;

Value parsed(const char* text) {
  return Value(Json::parse(text));
}

AsgiCalled called_without_query_string() {
  Call call{"websocket", {}};
  call.edits.push_back({ScopeEdit::Kind::set, "/path", Value(Json("/ws")), ""});
  call.edits.push_back({ScopeEdit::Kind::set, "/subprotocols/-", Value(Json("chat")), ""});
  call.edits.push_back({ScopeEdit::Kind::remove, "/query_string", {}, ""});
  call.edits.push_back({ScopeEdit::Kind::remove, "/headers/1", {}, ""});
  call.edits.push_back({ScopeEdit::Kind::set, "/headers/-",
                        parsed(R"([{"$bytes": "cookie"}, {"$bytes": "a=1"}])"), ""});
  auto scope = make_scope(call);
  return {scope ? *scope : Value{}};
}

AsgiRaised key_error() {
  return {{{"KeyError", "'query_string'", "/app/session.py:31 in open_session"}},
          "Traceback (most recent call last):\n"
          "  File \"/app/main.py\", line 12, in app\n"
          "    await serve(scope, receive, send)\n"
          "  File \"/app/session.py\", line 31, in open_session\n"
          "    query = parse_qs(scope[\"query_string\"])\n"
          "KeyError: 'query_string'\n",
          false};
}

Finding guard(const char* name, const char* expected, std::string observed, std::uint32_t seq) {
  return {.claim = name,
          .kind = ClaimKind::guard,
          .outcome = Outcome::relapsed,
          .expected = expected,
          .observed = std::move(observed),
          .evidence = {seq}};
}

ScenarioResult missing_query_string() {
  ScenarioResult r{.scenario = "asgi/scope-faults/websocket/query_string.missing",
                   .target = "chat"};
  const std::string file = "scenarios/asgi/scope-faults/websocket/query_string.missing.json";
  r.plane = Plane::asgi;
  r.title = "A websocket scope without query_string is served";
  r.incident = {"asgiref#1",
                "2026-02-01",
                "The key is optional, and was read as if it were not.",
                "KeyError: 'query_string'",
                "",
                "ASGI websocket, section Connection Scope"};
  r.at = {file, 1, 1};
  r.step_texts = {"call websocket", "receive websocket.connect", "expect websocket.accept",
                  "receive websocket.receive", "expect websocket.send"};
  r.step_lines = {9, 10, 11, 12, 13};
  TimelineBuilder b;
  b.lane("lifespan").add(1, AsgiCalled{base_scope("lifespan")});
  b.add(0.1, AsgiFed{parsed(R"({"type": "lifespan.startup"})")});
  b.add(0.1, AsgiSent{1, parsed(R"({"type": "lifespan.startup.complete"})")});
  b.lane("main").step(0).add(0.4, called_without_query_string()).end_step();
  b.step(1).add(0.1, AsgiFed{parsed(R"({"type": "websocket.connect"})")}).end_step();
  b.step(2).add(0.2, AsgiSent{1, parsed(R"({"type": "websocket.accept"})")}).end_step();
  const std::uint32_t accepted = b.last() - 1;
  b.step(3);
  b.add(0.1, AsgiFed{parsed(R"({"type": "websocket.receive", "text": "hi"})")}).end_step();
  b.step(4).add(0.1, AsgiSent{2, parsed(R"({"type": "websocket.accept"})")});
  const std::uint32_t twice = b.last();
  b.add(0.3, AsgiComplaint{"never_retrieved",
                           "Task exception was never retrieved",
                           {{"ValueError", "x", "/app/session.py:40 in notify"}},
                           "Traceback (most recent call last):\n  ...\nValueError: x\n"});
  b.log(0.1, "session opened");
  std::get<LogLine>(b.timeline.events.back().payload).source = "logging";
  b.lane("main").add(0.3, key_error());
  const std::uint32_t raised = b.last();
  b.end_step(false).step(-1).lane("").add(0.1, AsgiTasks{1, {{"Task-3", "session.py:40"}}});
  b.add(0.1, LogMarked{"", true, false});
  Attempt attempt{.timeline = b.timeline, .duration = milliseconds(3)};
  attempt.verdict = {
      .outcome = Outcome::relapsed,
      .reason = "step 5: expected websocket.send, observed websocket.accept",
      .findings = {
          {"step 3",
           ClaimKind::expectation,
           Outcome::holds,
           "websocket.accept",
           "websocket.accept",
           {accepted},
           {file, 11, 5}},
          {"step 5",
           ClaimKind::expectation,
           Outcome::relapsed,
           "websocket.send",
           "websocket.accept",
           {twice},
           {file, 13, 5}},
          guard("guard:exception", "no exception in the application that no step expected",
                "RAISED KeyError: 'query_string'", raised),
          guard("guard:protocol", "no message that the ASGI specification does not allow",
                "websocket.accept twice (ASGI websocket, section Accept - send event)", twice)}};
  r.attempts.push_back(std::move(attempt));
  r.outcome = Outcome::relapsed;
  return r;
}

ScenarioResult held(std::string scenario) {
  ScenarioResult r{.scenario = std::move(scenario), .target = "chat"};
  r.plane = Plane::asgi;
  r.title = "A scope that is wrong in one key is served";
  r.outcome = Outcome::holds;
  Attempt attempt;
  attempt.duration = milliseconds(2);
  attempt.verdict.outcome = Outcome::holds;
  r.attempts.push_back(std::move(attempt));
  return r;
}

}  // namespace

void add_hostile_call(TimelineBuilder& builder, const Bytes& octets) {
  const std::vector<AsgiException> chain{{octets, octets, octets}};
  builder.add(1, AsgiCalled{Value(Json{{octets, octets}, {"type", octets}})});
  builder.add(1, AsgiCalled{Value(Json::array({octets}))});
  builder.add(1, AsgiFed{Value(Json{{"type", octets}, {octets, octets}})});
  builder.add(1, AsgiSent{1, Value(Json{{"type", octets}, {octets, octets}})});
  builder.add(1, AsgiWaiting{"other", octets}).add(1, AsgiReturned{octets});
  builder.add(1, AsgiTasks{1, {{octets, octets}}});
  builder.add(1, AsgiComplaint{octets, octets, chain, octets});
  builder.add(1, AsgiCalled{base_scope("http")}).add(1, AsgiRaised{chain, octets, false});
}

Run asgi_run() {
  Run run;
  run.id = "20261125T031207Z-71f0aa";
  run.started = "2026-11-25T03:12:07.193Z";
  run.duration = milliseconds(420);
  run.harness_version = "0.1.0";
  run.command = {"relapse", "run", "asgi/*", "-t", "chat"};
  run.targets.push_back(
      {.id = "chat", .title = "The chat application", .version = "starlette 0.26.1"});
  run.results.push_back(missing_query_string());
  for (const char* key : {"client", "headers", "path", "query_string", "subprotocols"}) {
    for (const char* kind : {"missing", "none", "str"}) {
      const std::string id = std::string("asgi/scope-faults/websocket/") + key + "." + kind;
      const bool none_such = std::string(key) == "path" && std::string(kind) == "str";
      if (id != run.results.front().scenario && !none_such)
        run.results.push_back(held(id));
    }
  }
  run.results.push_back(held("asgi/lifecycle/disconnect-while-sending"));
  return run;
}

}  // namespace relapse::testing
