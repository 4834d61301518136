#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "model/timeline.hpp"

namespace relapse {
namespace {

Event event(Payload payload, std::string lane = "main") {
  return Event{
      .seq = 12, .at_ns = 193'400'000, .step = 0, .lane = std::move(lane), .payload = payload};
}

WsFrame frame(Direction direction, int opcode, Bytes payload) {
  WsFrame f{.direction = direction, .opcode = opcode, .length = payload.size()};
  f.payload = std::move(payload);
  if (direction == Direction::sent)
    f.mask_key = 1;
  return f;
}

HttpMessage answer(int status, std::string reason, Bytes body = {}) {
  HttpMessage m{.direction = Direction::received, .status = status, .reason = std::move(reason)};
  m.body_size = body.size();
  m.body = std::move(body);
  return m;
}

Selector selector(SelectorKind kind, const char* pattern, std::string lane = "main") {
  return {.kind = kind, .pattern = {Value(Json::parse(pattern)), {}}, .lane = std::move(lane)};
}

Step step(Action action) {
  return {.at = {}, .name = "", .lane = "main", .within = {}, .action = std::move(action)};
}

}  // namespace

TEST_CASE("describe: expected and observed use the same words", "[model]") {
  using K = SelectorKind;
  struct Row {
    Selector selector;
    Event event;
    std::string words;
  };
  const auto received = Direction::received;
  const std::vector<Row> rows{
      {selector(K::text, R"("hi")"), event(frame(received, 1, "hi")), "TEXT \"hi\""},
      {selector(K::json, R"({"type":"x"})"), event(frame(received, 1, R"({"type":"x"})")),
       R"(TEXT {"type":"x"})"},
      {selector(K::binary, R"("ff 00")"), event(frame(received, 2, Bytes("\xff\x00", 2))),
       "BINARY 2 bytes ff 00"},
      {selector(K::close, R"({"code":1000,"reason":"bye"})"),
       event(frame(received, 8,
                   "\x03\xe8"
                   "bye")),
       "CLOSE 1000 \"bye\""},
      {selector(K::close, R"({"code":1007})"), event(frame(received, 8, "\x03\xef")), "CLOSE 1007"},
      {selector(K::close, R"({"code":null})"), event(frame(received, 8, "")),
       "CLOSE without a code"},
      {selector(K::ping, R"("p")"), event(frame(received, 9, "p")), "PING \"p\""},
      {selector(K::pong, R"("p")"), event(frame(received, 10, "p")), "PONG \"p\""},
      {selector(K::upgrade, R"({"status":101})"), event(answer(101, "Switching Protocols")),
       "HTTP 101"},
      {selector(K::response, R"({"status":500})"), event(answer(500, "Oops", "x")), "HTTP 500"},
      {selector(K::end, R"("fin")"), event(Ended{received, EndKind::fin, true, ""}), "FIN"},
      {selector(K::end, R"("rst")"), event(Ended{received, EndKind::rst, true, "reset"}), "RST"},
      {selector(K::exit, R"({"code":0})"), event(ProcessExited{0, {}}, ""), "EXIT 0"},
      {selector(K::exit, R"({"signal":9})"), event(ProcessExited{{}, 9}, ""),
       "EXIT by SIGKILL (9)"},
      {selector(K::log, R"("ready")"), event(LogLine{"", "ready"}, ""), "LOG \"ready\""},
  };
  for (const Row& row : rows) {
    CHECK(describe(row.selector) == row.words);
    CHECK(observed_text(row.event) == row.words);
  }
}

TEST_CASE("describe: selectors with operators and further keys", "[model]") {
  using K = SelectorKind;
  CHECK(describe(selector(K::text, R"({"contains":"x"})")) == "TEXT contains \"x\"");
  CHECK(describe(selector(K::close, R"({"code":{"in":[1000,1001]}})")) ==
        "CLOSE code is one of [1000,1001]");
  CHECK(describe(selector(K::close, R"({"code":1000,"by":"server","clean":true})")) ==
        "CLOSE 1000, by \"server\", clean true");
  CHECK(describe(selector(K::close, "{}", "b")) == "CLOSE on b");
  CHECK(describe(selector(K::upgrade, R"({"status":{"not":101},"subprotocol":"jwt-auth"})")) ==
        "HTTP status is not 101, subprotocol \"jwt-auth\"");
  CHECK(describe(selector(K::response, R"({"json":{"ok":true}})")) ==
        R"(HTTP response, json {"ok":true})");
  CHECK(describe(selector(K::json, R"({"present":true})")) == "TEXT is present");
  CHECK(describe(selector(K::json, R"({"absent":false})")) == "TEXT is present");
  CHECK(describe(selector(K::json, "null")) == "TEXT of JSON");
  CHECK(describe(selector(K::end, R"("any")")) == "FIN or RST");
  CHECK(describe(selector(K::silence, "null")) == "silence");
  CHECK(describe(selector(K::exit, R"({"code":{"not":0}})")) == "EXIT code is not 0");
  CHECK(describe(selector(K::log, R"({"contains":"a","not":"b"})", "")) ==
        "LOG contains \"a\" and is not \"b\"");
  CHECK(describe(selector(K::frame, R"({"opcode":3})")) == R"(a frame with {"opcode":3})");
  CHECK(describe(selector(K::binary, R"({"size":{"more":5}})")) == R"(BINARY {"size":{"more":5}})");
}

TEST_CASE("describe: a trace line shows what is unusual", "[model]") {
  CHECK(describe(event(frame(Direction::sent, 1, "hi"))) == "→ TEXT fin=1 len=2 \"hi\"");
  WsFrame odd = frame(Direction::sent, 1, "hi");
  odd.fin = false;
  odd.rsv = 4;
  odd.mask_key.reset();
  odd.length = 99;
  CHECK(describe(event(odd)) == "→ TEXT fin=0 rsv=4 unmasked len=99 \"hi\"");
  odd.payload = "\xf2\x48";
  CHECK(describe(event(odd)) == "→ TEXT fin=0 rsv=4 unmasked len=99 f2 48");
  CHECK(describe(event(Overflowed{})) ==
        "· the record is full: what follows is counted and not kept");
  CHECK(describe(event(Overflowed{3, 15})) ==
        "· the record was full: 3 more events with 15 bytes were counted and not kept");
  WsFrame pong = frame(Direction::sent, 10, "p");
  pong.automatic = true;
  CHECK(describe(event(pong)) == "→ PONG \"p\"  (automatic)");
  CHECK(describe(event(frame(Direction::received, 8, "\x03"))) ==
        "← CLOSE with a body of one byte");

  WsFrame last = frame(Direction::received, 0, "lo");
  last.message_opcode = 1;
  last.message = "hello";
  CHECK(describe(event(last)) == "← CONTINUATION fin=1 len=2 \"lo\"");
  CHECK(observed_text(event(last)) == "TEXT \"hello\"");

  HttpMessage request{.direction = Direction::sent, .upgrade = true};
  request.method = "GET";
  request.target = "/ws";
  CHECK(describe(event(request)) == "→ GET /ws HTTP/1.1  Upgrade: websocket");
  CHECK(describe(event(answer(500, "Internal Server Error", "oops"))) ==
        "← HTTP 500 Internal Server Error  4 bytes \"oops\"");
  CHECK(describe(event(Ended{Direction::received, EndKind::fin, false, ""})) ==
        "← FIN (closed without a byte)");
  CHECK(describe(event(Ended{Direction::sent, EndKind::half_close, true, ""})) ==
        "→ FIN (half close: still reading)");
  CHECK(describe(event(DeadlineHit{std::chrono::seconds(2), false})) ==
        "· no byte in 2.00 s, still open (hang)");
  CHECK(describe(event(DeadlineHit{std::chrono::seconds(2), true})) ==
        "· nothing more in 2.00 s, still open");
  CHECK(describe(event(RawBytes{Direction::received, "abc", 3, "no HTTP"})) ==
        "← BYTES 3 \"abc\"  (no HTTP)");
  CHECK(observed_text(event(LogLine{"stderr", "\n a \n b\n\nRuntimeError: c\n"}, "")) ==
        "LOG \"a ⋯ RuntimeError: c\"");
  CHECK(observed_text(event(LogLine{"", "é" + std::string(40, 'a') + "\nb"}, ""), 20) ==
        "LOG \"é" + std::string(9, 'a') + "… ⋯ b\"");
  CHECK(describe(event(LogMarked{"abc", false, false}, "")) == "· mark not found in the log: abc");
  CHECK(describe(event(Probed{"echo", false, false, "no answer"}, "")) ==
        "· probe echo after the replay: fails: no answer");
  CHECK(describe(event(ProcessStarted{12, {"sh", "-c"}}, "")) == "· process 12 started: sh -c");
}

TEST_CASE("describe: number, time and lane of a trace line", "[model]") {
  CHECK(trace_line(event(Ended{Direction::received, EndKind::rst, true, ""})) ==
        "  12    0.193 ← RST");
  CHECK(trace_line(event(Ended{Direction::received, EndKind::rst, true, ""}, "b")) ==
        "  12    0.193 [b] ← RST");
  CHECK(trace_line(event(LogLine{"stderr", "x"}, "")) == "  12    0.193 · LOG stderr: x");
}

TEST_CASE("describe: hostile octets are shown, never passed on, and cut", "[model]") {
  const Bytes hostile = "\x1b]0;x\x07\xe2\x80\xae\xff\r\n<b>";
  const std::vector<Event> events{
      event(frame(Direction::received, 1, hostile)),
      event(frame(Direction::received, 9, hostile)),
      event(frame(Direction::received, 8, "\x03\xe8" + hostile)),
      event(answer(200, hostile, hostile)),
      event(RawBytes{Direction::received, hostile, 20, hostile}),
      event(LogLine{hostile, hostile}),
      event(Probed{hostile, false, false, hostile}),
      event(HarnessFailed{hostile}),
      event(ConnectFailed{hostile, 1, hostile}),
      event(Ready{false, {}, hostile}),
      event(ProcessStarted{1, {hostile}}),
      event(LogMarked{hostile, false, false}),
      event(Ended{Direction::received, EndKind::rst, true, hostile}, hostile)};
  for (const Event& e : events) {
    for (const std::string& text : {trace_line(e), observed_text(e)}) {
      INFO(text);
      CHECK(is_valid_utf8(text));
      CHECK(text.find_first_of("\x1b\x07\r\n") == std::string::npos);
      CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    }
  }
  // Five columns for every octet: the preview is measured after escaping.
  const Bytes worst(5000, '\x01');
  CHECK(describe(event(frame(Direction::received, 1, worst))).size() < 130);
  CHECK(describe(event(LogLine{"", std::string(100000, 'x')})).size() < 130);
}

TEST_CASE("describe: steps", "[model]") {
  const auto octets = [](Bytes data) { return Octets{std::move(data), false}; };
  CHECK(describe(step(Send{.what = SendText{"hi"}})) == "send TEXT \"hi\"");
  CHECK(describe(step(Send{.what = SendJson{Value(Json{{"type", "ping"}})}})) ==
        R"(send TEXT {"type":"ping"})");
  CHECK(describe(step(Send{.what = SendClose{1000, "bye"}})) == "send CLOSE 1000 \"bye\"");
  CHECK(describe(step(Send{.what = SendClose{{}, ""}})) == "send CLOSE without a code");
  HttpRequest request;
  request.path = "/ws";
  request.query = {{"early", "1"}};
  request.omit = {"Host"};
  CHECK(describe(step(Send{.what = SendUpgrade{.request = request}})) ==
        "send upgrade GET /ws?early=1, without Host");
  CHECK(describe(step(Send{.what = SendRequest{request}})) == "send GET /ws?early=1, without Host");
  SendFrame frame_spec{.fin = false, .rsv = 4, .opcode = 3, .mask = false, .length = 9};
  frame_spec.payload = octets("x");
  CHECK(describe(step(Send{.what = frame_spec})) ==
        "send frame opcode 3 fin=0 rsv=4 unmasked announcing len=9, 1 byte \"x\"");
  Send cut{.what = SendBytes{octets("GET /")}};
  cut.split.every_byte = true;
  cut.after = std::chrono::milliseconds(200);
  CHECK(describe(step(cut)) == "send BYTES 5 bytes \"GET /\", byte by byte, after 200ms");

  Step expect = step(Expect{.selector = selector(SelectorKind::close, R"({"code":1000})")});
  expect.within = std::chrono::seconds(2);
  CHECK(describe(expect) == "expect CLOSE 1000 within 2s");
  expect.lane = "b";
  CHECK(describe(expect) == "expect CLOSE 1000 on b within 2s");
  Expect silence{.selector = selector(SelectorKind::silence, "null")};
  silence.silence = std::chrono::milliseconds(200);
  CHECK(describe(step(silence)) == "expect silence for 200ms");
  Expect skipping{.selector = selector(SelectorKind::text, R"("a")"), .skip = true};
  CHECK(describe(step(skipping)) == "expect TEXT \"a\", skipping others");

  CHECK(describe(step(End{EndKind::rst})) == "end with RST");
  CHECK(describe(step(Pause{std::chrono::milliseconds(50), std::nullopt})) == "pause 50ms");
  const Sweep sweep{std::chrono::milliseconds(0), std::chrono::milliseconds(200), 11};
  CHECK(describe(step(Pause{{}, sweep})) == "pause 0s to 200ms, a replay at each of 11 points");
  Start start;
  start.env = {{"JWT_SECRET_KEY", std::nullopt}, {"LEVEL", ""}};
  start.ready = ReadyWait::either;
  CHECK(describe(step(start)) ==
        "start the target, JWT_SECRET_KEY removed, LEVEL=\"\", until it is ready or ends");
  CHECK(describe(step(Signal{15})) == "send SIGTERM (15)");
  CHECK(describe(step(Stop{})) == "stop the target");
}

}  // namespace relapse
