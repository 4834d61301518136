#include "report/sample_run.hpp"

namespace relapse::testing {

TimelineBuilder& TimelineBuilder::step(int index) {
  step_ = index;
  return add(0, StepStarted{});
}

TimelineBuilder& TimelineBuilder::end_step(bool satisfied) {
  return add(0, StepEnded{satisfied});
}

TimelineBuilder& TimelineBuilder::lane(std::string name) {
  lane_ = std::move(name);
  return *this;
}

TimelineBuilder& TimelineBuilder::add(double milliseconds_later, Payload payload) {
  at_ns_ += static_cast<std::int64_t>(milliseconds_later * 1e6);
  timeline.events.push_back(Event{
      .seq = ++seq_, .at_ns = at_ns_, .step = step_, .lane = lane_, .payload = std::move(payload)});
  timeline.complete = true;
  return *this;
}

TimelineBuilder& TimelineBuilder::log(double milliseconds_later, std::string text) {
  add(milliseconds_later, LogLine{"process", std::move(text)});
  timeline.events.back().lane.clear();
  return *this;
}

Payload sent_frame(int opcode, Bytes payload) {
  WsFrame frame{.direction = Direction::sent, .opcode = opcode, .mask_key = 0x37FA213Du};
  frame.length = payload.size();
  frame.head = Bytes{static_cast<char>(0x80 | opcode),
                     static_cast<char>(0x80 | payload.size()),
                     0x37,
                     '\xFA',
                     0x21,
                     0x3D};
  frame.payload = std::move(payload);
  return frame;
}

Payload received_frame(int opcode, Bytes payload) {
  WsFrame frame{.direction = Direction::received, .opcode = opcode};
  frame.length = payload.size();
  frame.head = Bytes{static_cast<char>(0x80 | opcode), static_cast<char>(payload.size())};
  frame.payload = std::move(payload);
  return frame;
}

Payload upgrade_request(std::string target) {
  HttpMessage message{.direction = Direction::sent, .upgrade = true, .method = "GET"};
  message.head = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n\r\n";
  message.target = std::move(target);
  return message;
}

Payload response(int status, std::string reason, Bytes body) {
  HttpMessage message{.direction = Direction::received, .upgrade = status == 101};
  message.status = status;
  message.head = "HTTP/1.1 " + std::to_string(status) + " " + reason + "\r\n\r\n";
  message.reason = std::move(reason);
  message.body_size = body.size();
  message.body = std::move(body);
  return message;
}

Bytes close_octets(int code, const std::string& reason) {
  return Bytes{static_cast<char>(code / 256), static_cast<char>(code % 256)} + reason;
}

namespace {

Finding finding(std::string claim, ClaimKind kind, Outcome outcome, std::string expected,
                std::string observed, std::vector<std::uint32_t> evidence, SourceRef at) {
  return {.claim = std::move(claim),
          .kind = kind,
          .outcome = outcome,
          .expected = std::move(expected),
          .observed = std::move(observed),
          .evidence = std::move(evidence),
          .at = std::move(at)};
}

/// Connected, upgraded, answered: how every session begins.
TimelineBuilder session(const std::string& path) {
  TimelineBuilder b;
  b.lane("").add(0, ProcessStarted{4711, {"chatd", "--port", "40123"}});
  b.add(38.2, Ready{true, std::chrono::microseconds(38200), "HTTP 200"});
  b.lane("probe").add(0.4, Connected{"127.0.0.1", 40123, 51500});
  b.lane("").add(1.1, Probed{"echo", true, true, ""});
  b.lane("main").step(0).add(0.2, Connected{"127.0.0.1", 40123, 51544});
  b.add(0.1, upgrade_request(path)).end_step();
  b.step(1).add(1.3, response(101, "Switching Protocols")).end_step();
  return b;
}

ScenarioResult bad_utf8() {
  ScenarioResult r{.scenario = "protocol/bad-utf8", .target = "embedded"};
  const std::string file = "scenarios/protocol/bad-utf8.json";
  r.title = "Invalid UTF-8 in a text message is answered with close 1007";
  r.incident = {
      "encode/uvicorn#1234",
      "2026-03-14",
      "A client sent Latin-1 in a text frame. The decoder raised inside the transport and "
      "the connection was reset, so the client reconnected in a tight loop.",
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 2",
      "release 0.30.2",
      "RFC 6455 section 8.1"};
  r.tags = {"websocket", "protocol"};
  r.at = {file, 1, 1};
  r.digest = "5f1d";
  r.step_texts = {"send upgrade GET /echo", "expect HTTP 101", "send frame TEXT fin=1, 3 bytes",
                  "expect CLOSE 1007 within 2s"};
  r.step_lines = {22, 23, 27, 31};
  for (int i = 0; i < 2; ++i) {
    TimelineBuilder b = session("/echo");
    b.step(2).add(0.6, sent_frame(1, "\xce\xba\xff")).end_step();
    b.step(3).log(140, "INFO:     connection open");
    b.log(31, "ERROR:    UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 2");
    b.add(0.4, Ended{Direction::received, EndKind::rst, true, "Connection reset by peer"});
    const std::uint32_t reset = b.last();
    b.end_step(false);
    b.lane("").add(12, Probed{"echo", false, true, ""});
    b.add(2, LogMarked{"9f3c", true, false});
    Attempt attempt{.timeline = b.timeline, .duration = std::chrono::milliseconds(205)};
    attempt.verdict = {.outcome = Outcome::relapsed,
                       .reason = "step 4: expected CLOSE 1007, observed RST",
                       .findings = {finding("step 2", ClaimKind::expectation, Outcome::holds,
                                            "HTTP 101", "HTTP 101", {10}, {file, 23, 5}),
                                    finding("step 4", ClaimKind::expectation, Outcome::relapsed,
                                            "CLOSE 1007", "RST", {reset}, {file, 31, 5}),
                                    finding("guard:liveness", ClaimKind::guard, Outcome::holds,
                                            "every probe works", "every probe works", {}, {})}};
    r.attempts.push_back(std::move(attempt));
  }
  r.outcome = Outcome::relapsed;
  r.reason = "step 4: expected CLOSE 1007, observed RST";
  return r;
}

ScenarioResult receive_after_disconnect() {
  ScenarioResult r{.scenario = "lifecycle/disconnect-then-close", .target = "fastapi-uvicorn"};
  const std::string file = "scenarios/lifecycle/disconnect-then-close.json";
  r.title = "A disconnect message with a close frame behind it does not crash the receive loop";
  r.incident = {
      "issue #466",
      "2025-09-11",
      "The reply to a client that had already hung up failed, and the loop received again "
      "on a closed socket.",
      "RuntimeError: WebSocket is not connected. Need to call \"accept\" first.",
      "commit 3fa1c2d: ask both states before receiving",
      ""};
  r.at = {file, 1, 1};
  r.step_texts = {"send upgrade GET /ws",
                  "expect HTTP 101",
                  "expect TEXT {\"type\":\"connection_established\"}",
                  "send TEXT {\"type\":\"disconnect\"}",
                  "send CLOSE 1000",
                  "expect CLOSE 1000"};
  r.step_lines = {14, 15, 16, 18, 19, 20};
  TimelineBuilder b = session("/ws");
  b.step(2).add(
      2.2, received_frame(1, R"({"type":"connection_established","data":{"user_id":"user-1"}})"));
  const std::uint32_t welcome = b.last();
  b.end_step().step(3).add(0.3, sent_frame(1, R"({"type":"disconnect"})")).end_step();
  b.step(4).add(0.1, sent_frame(8, close_octets(1000))).end_step();
  b.step(5).add(0.9, received_frame(8, close_octets(1000)));
  const std::uint32_t close = b.last();
  b.end_step().add(0.2, Ended{Direction::received, EndKind::fin, true, ""});
  b.log(200.6,
        "ERROR:    Exception in ASGI application\nTraceback (most recent call last):\n  File "
        "\"uvicorn/protocols/websockets/websockets_impl.py\", line 238, in run_asgi\n    result = "
        "await self.app(self.scope, self.asgi_receive, self.asgi_send)\nRuntimeError: WebSocket is "
        "not connected. Need to call \"accept\" first.");
  const std::uint32_t error = b.last();
  b.log(0.4, "INFO:     connection closed");
  b.lane("").add(10, Probed{"echo", false, true, ""}).add(3, LogMarked{"77a1", true, false});
  Attempt attempt{.timeline = b.timeline, .duration = std::chrono::milliseconds(412)};
  const std::string expected = "never LOG contains \"Need to call \"accept\" first\"";
  const std::string observed = observed_text(b.timeline.events[error - 1]);
  attempt.verdict = {
      .outcome = Outcome::relapsed,
      .reason = "never 1: " + observed,
      .findings = {finding("step 3", ClaimKind::expectation, Outcome::holds,
                           "TEXT {\"type\":\"connection_established\"}",
                           "TEXT {\"type\":\"connection_established\"}", {welcome}, {file, 16, 5}),
                   finding("step 6", ClaimKind::expectation, Outcome::holds, "CLOSE 1000",
                           "CLOSE 1000", {close}, {file, 20, 5}),
                   finding("never 1", ClaimKind::never, Outcome::relapsed, expected, observed,
                           {error}, {file, 22, 14}),
                   finding("guard:log", ClaimKind::guard, Outcome::relapsed,
                           "no unhandled exception in the log", observed, {error}, {})}};
  r.reason = attempt.verdict.reason;
  r.attempts.push_back(std::move(attempt));
  r.outcome = Outcome::relapsed;
  return r;
}

/// The handler swallowed the exception: no close, no end, for ever.
ScenarioResult known_hang() {
  ScenarioResult r{.scenario = "lifecycle/crash-closes-1011", .target = "fastapi-uvicorn"};
  const std::string file = "scenarios/lifecycle/crash-closes-1011.json";
  r.title = "A handler that raises closes the session with 1011";
  r.incident = {"issue #512",        "2025-10-02", "Clients waited for ever after an exception.",
                "socket stays open", "",           "RFC 6455 section 7.4.1"};
  r.at = {file, 1, 1};
  r.known = true;
  r.known_reason = "uvicorn 0.17 leaves the socket open; fixed upstream in 0.21";
  r.step_texts = {"send upgrade GET /ws", "expect HTTP 101", "send TEXT {\"type\":\"crash\"}",
                  "expect CLOSE 1011 within 2s"};
  r.step_lines = {12, 13, 14, 15};
  TimelineBuilder b = session("/ws");
  b.step(2).add(0.5, sent_frame(1, R"({"type":"crash"})")).end_step();
  b.step(3).add(2000, DeadlineHit{std::chrono::seconds(2), true});
  b.end_step(false);
  const std::uint32_t mark = b.last();
  Attempt attempt{.timeline = b.timeline, .duration = std::chrono::milliseconds(2044)};
  attempt.verdict = {
      .outcome = Outcome::relapsed,
      .reason = "step 4: expected CLOSE 1011, observed nothing more in 2.00 s",
      .findings = {finding("step 4", ClaimKind::expectation, Outcome::relapsed, "CLOSE 1011",
                           "nothing more in 2.00 s, still open", {mark}, {file, 15, 5})}};
  r.attempts.push_back(std::move(attempt));
  r.outcome = Outcome::relapsed;
  return r;
}

ScenarioResult unreachable() {
  ScenarioResult r{.scenario = "config/missing-secret", .target = "embedded"};
  r.title = "A missing secret stops the start with a message";
  r.incident = {"issue #301",
                "2025-07-30",
                "The process served for hours without a secret.",
                "JWT_SECRET_KEY is not set",
                "commit 9d01",
                ""};
  r.at = {"scenarios/config/missing-secret.json", 1, 1};
  r.outcome = Outcome::inconclusive;
  r.reason = "cannot connect to 127.0.0.1:40123: Connection refused";
  TimelineBuilder b;
  b.add(0.3, ConnectFailed{"127.0.0.1", 40123, "Connection refused"});
  Attempt attempt{.timeline = b.timeline, .duration = std::chrono::milliseconds(3)};
  attempt.verdict = {.outcome = Outcome::inconclusive, .reason = r.reason, .findings = {}};
  r.attempts.push_back(std::move(attempt));
  return r;
}

ScenarioResult flaky() {
  ScenarioResult r{.scenario = "lifecycle/two-sessions", .target = "fastapi-uvicorn"};
  const std::string file = "scenarios/lifecycle/two-sessions.json";
  r.title = "Two sessions of one user do not share state";
  r.incident = {"issue #498", "2025-09-29", "The second tab received the first tab's reply.",
                "",           "",           ""};
  r.at = {file, 1, 1};
  r.step_texts = {"send upgrade GET /ws", "expect HTTP 101", "send TEXT on b", "expect TEXT on b"};
  r.step_lines = {10, 11, 12, 13};
  for (const bool good : {false, true}) {
    TimelineBuilder b = session("/ws");
    b.lane("b").step(2).add(0.5, Connected{"127.0.0.1", 40123, 51546});
    b.add(0.2, sent_frame(1, R"({"type":"chat","text":"b"})")).end_step();
    b.step(3).add(3.5, received_frame(1, good ? R"({"text":"b"})" : R"({"text":"a"})"));
    const std::uint32_t reply = b.last();
    b.end_step(good);
    const Outcome outcome = good ? Outcome::holds : Outcome::relapsed;
    Attempt attempt{
        .timeline = b.timeline, .duration = std::chrono::milliseconds(50), .alone = good};
    attempt.verdict = {
        .outcome = outcome,
        .findings = {finding("step 4", ClaimKind::expectation, outcome, R"(TEXT {"text":"b"} on b)",
                             good ? R"(TEXT {"text":"b"})" : R"(TEXT {"text":"a"})", {reply},
                             {file, 13, 5})}};
    r.attempts.push_back(std::move(attempt));
  }
  r.outcome = Outcome::flaky;
  return r;
}

ScenarioResult held(std::string scenario, std::string target, std::string title) {
  ScenarioResult r{.scenario = std::move(scenario), .target = std::move(target)};
  r.title = std::move(title);
  r.outcome = Outcome::holds;
  TimelineBuilder b = session("/ws");
  b.step(2).add(1.5, received_frame(8, close_octets(1008, "Authentication failed"))).end_step();
  Attempt attempt{.timeline = b.timeline, .duration = std::chrono::microseconds(48300)};
  attempt.verdict.outcome = Outcome::holds;
  r.attempts.push_back(std::move(attempt));
  return r;
}

Run empty_run() {
  Run run;
  run.id = "20261122T031207Z-3fa1c2";
  run.started = "2026-11-22T03:12:07.193Z";
  run.duration = std::chrono::milliseconds(6120);
  run.harness_version = "0.1.0";
  run.command = {"relapse", "run", "-t", "embedded", "-t", "fastapi-uvicorn", "--report", "report"};
  run.targets = {
      {"embedded", "The embedded chat backend", "ws://127.0.0.1:40123", "chatd 0.1.0", ""},
      {"fastapi-uvicorn", "FastAPI on uvicorn", "ws://127.0.0.1:40131",
       "fastapi 0.92.0, uvicorn 0.17.6", "receive-after-disconnect"}};
  return run;
}

}  // namespace

Run sample_run() {
  Run run = empty_run();
  run.results = {held("auth/expired-token", "embedded", "An expired token is refused"),
                 held("auth/expired-token", "fastapi-uvicorn", "An expired token is refused"),
                 unreachable(),
                 receive_after_disconnect(),
                 known_hang(),
                 flaky(),
                 bad_utf8()};
  ScenarioResult skipped{.scenario = "asgi/scope-without-query-string", .target = "embedded"};
  skipped.title = "A scope without query_string is served";
  skipped.outcome = Outcome::skipped;
  skipped.reason = "the target has no ASGI application";
  run.results.push_back(skipped);
  run.results.push_back(held("lifecycle/double-close", "embedded", "No second close is sent"));
  run.results.back().known_reason = "websocketpp#1012 was open";
  return run;
}

Run holding_run() {
  Run run = empty_run();
  run.targets[1].fault.clear();
  run.results = {held("auth/expired-token", "embedded", "An expired token is refused"),
                 held("auth/expired-token", "fastapi-uvicorn", "An expired token is refused")};
  return run;
}

const Bytes& hostile_octets() {
  static constexpr char literal[] =
      "\x1b[31m\x07\xe2\x80\xae]]><script>alert(1)</script>\" onload='x' & \xff\xfe{{X}}\r\n\0<b";
  static const Bytes octets(literal, sizeof literal - 1);
  return octets;
}

Run hostile_run() {
  return hostile_run(hostile_octets());
}

Run hostile_run(const Bytes& bad) {
  Run run = empty_run();
  run.id = run.started = run.harness_version = bad;
  run.command = {bad, bad};
  run.targets = {{bad, bad, bad, bad, bad}};
  ScenarioResult r{.scenario = bad, .target = bad};
  r.title = r.reason = r.known_reason = r.digest = bad;
  r.incident = {bad, bad, bad, bad, bad, bad};
  r.tags = {bad};
  r.at = {bad, 1, 1};
  r.step_texts = {bad, bad, bad, bad};
  r.step_lines = {1, 2, 3, 4};
  r.outcome = Outcome::relapsed;
  TimelineBuilder b;
  b.lane(bad).step(0).add(1, Connected{bad, 1, 2}).add(1, ConnectFailed{bad, 1, bad});
  b.add(1, upgrade_request(bad)).add(1, response(500, bad, bad)).end_step();
  b.step(1).add(1, received_frame(1, bad)).add(1, received_frame(2, bad));
  b.add(1, received_frame(9, bad)).add(1, received_frame(8, close_octets(1000, bad)));
  b.add(1, RawBytes{Direction::received, bad, bad.size(), bad}).end_step(false);
  b.log(1, bad + "\n" + bad).add(1, Probed{bad, false, false, bad}).add(1, HarnessFailed{bad});
  b.add(1, LogMarked{bad, true, false}).add(1, ProcessStarted{1, {bad, bad}});
  add_hostile_call(b, bad);
  b.add(1, Ready{false, {}, bad}).add(1, Ended{Direction::received, EndKind::rst, true, bad});
  Attempt attempt{.timeline = b.timeline};
  attempt.timeline.variables = {{bad, bad}};
  attempt.verdict = {
      .outcome = Outcome::relapsed,
      .reason = bad,
      .findings = {finding(bad, ClaimKind::expectation, Outcome::relapsed, bad, bad, {b.last()},
                           {bad, 3, 3}),
                   finding(bad, ClaimKind::never, Outcome::relapsed, bad, bad, {1}, {bad, 4, 4})}};
  r.attempts = {attempt, attempt};
  run.results = {r, r};
  run.results[1].outcome = Outcome::inconclusive;
  run.results.push_back(r);
  run.results[2].outcome = Outcome::skipped;
  run.results.push_back(r);
  run.results[3].known = true;
  return run;
}

}  // namespace relapse::testing
