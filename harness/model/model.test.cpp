#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "model/proof.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

namespace relapse {
namespace {

/// Octets that text formats get wrong: NUL, invalid UTF-8, controls, bidi, a lone quote.
const Bytes hostile("\x00\xff\"\\\n\x1b[31m\xe2\x80\xae\xc0\xaf", 15);
const Bytes hostile_text = "\x1b[2J \xe2\x80\xae <script> \\ \"";  // valid UTF-8

template <class T>
Event with(T payload) {
  return Event{.seq = 7, .at_ns = 123456789, .step = 2, .lane = "main", .payload = payload};
}

/// Every payload with every field set to something that is not its default.
std::vector<Event> one_of_each() {
  HttpMessage http{.direction = Direction::received,
                   .upgrade = true,
                   .method = "GE\xffT",
                   .target = "/ws?\xc3\xa9",
                   .status = 101,
                   .reason = hostile,
                   .version = "1.0",
                   .headers = {{"X-A", "1"}, {"X-A", hostile}, {hostile, ""}},
                   .head = "HTTP/1.1 101\r\n\r\n\xff",
                   .body = hostile,
                   .body_size = 1u << 20};
  WsFrame frame{.direction = Direction::received,
                .fin = false,
                .rsv = 5,
                .opcode = 3,
                .mask_key = 0xFFFFFFFFu,
                .length = 0xFFFFFFFFFFFFFFFFull,
                .head = "\x81\x83",
                .payload = hostile,
                .message_opcode = 1,
                .message = hostile_text,
                .message_size = 0xFFFFFFFFFFull,
                .deflated = true,
                .inflated = 0xFFFFFFFFFull,
                .deflate_fault = hostile_text,
                .automatic = true};
  return {
      with(Connected{"host", 80, 40000}),
      with(Connected{"host", 443, 40000, "TLSv1.3, " + hostile_text}),
      with(ConnectFailed{"host\xff", 443, hostile}),
      with(http),
      with(frame),
      with(RawBytes{Direction::received, hostile, 99, "bad \xff"}),
      with(Ended{Direction::received, EndKind::rst, true, hostile}),
      with(Ended{Direction::sent, EndKind::half_close, false, ""}),
      with(DeadlineHit{std::chrono::milliseconds(2000), true}),
      with(StepStarted{}),
      with(StepEnded{false}),
      with(ProcessStarted{4711, {"sh", "", hostile}}),
      with(ProcessExited{-3, std::nullopt}),
      with(ProcessExited{std::nullopt, 11}),
      with(SignalSent{15}),
      with(Ready{true, std::chrono::nanoseconds(-1), hostile}),
      with(LogLine{"stderr", hostile}),
      with(LogLine{"", hostile_text, hostile}),
      with(LogMarked{"abc", true, true}),
      with(Probed{"echo", true, true, hostile}),
      with(Paced{std::chrono::microseconds(730), true}),
      with(Delayed{std::chrono::milliseconds(120)}),
      with(Identified{hostile, true, true}),
      with(Overflowed{131'530, std::uint64_t{1} << 40}),
      with(HarnessFailed{hostile_text}),
      with(AsgiCalled{Value(Json{{"type", "http"}, {"path", nullptr}})}),
      with(AsgiFed{Value(Json{{"type", "x"}, {"bytes", {{"$hex", "ff"}}}})}),
      with(AsgiSent{3, Value(Json::array({1, Json{{"$tuple", {1, 2}}}}))}),
      with(AsgiSendFate{AsgiSendFate::Kind::raised, 2, "OSError", hostile}),
      with(AsgiSendFate{AsgiSendFate::Kind::released, 1, "", ""}),
      with(AsgiWaiting{"other", "/a/b.py:3 in f\xff"}),
      with(AsgiReturned{hostile}),
      with(AsgiRaised{{{"KeyError", hostile, "f.py:1"}, {"OSError", "", ""}}, hostile_text, true}),
      with(AsgiTasks{2, {{"Task-1", "f.py:2"}, {hostile, ""}}}),
      with(AsgiComplaint{"never_retrieved", hostile, {{"E", "m", "w"}}, "tb"}),
      with(AsgiClock{30'000'000'000})};
}

/// Through text, as a file would.
Json through_text(const Json& json) {
  return Json::parse(json.dump());
}

}  // namespace

TEST_CASE("timeline: every payload comes back exactly through text", "[model]") {
  std::set<std::size_t> kinds;
  for (const Event& event : one_of_each()) {
    kinds.insert(event.payload.index());
    INFO(to_json(event).dump());
    auto back = event_from_json(through_text(to_json(event)));
    REQUIRE(back.has_value());
    CHECK(*back == event);
  }
  // A payload that is added later must be added above.
  CHECK(kinds.size() == std::variant_size_v<Payload>);
}

TEST_CASE("timeline: default payloads come back exactly", "[model]") {
  for (const Payload& payload :
       {Payload{HttpMessage{}}, Payload{WsFrame{}}, Payload{RawBytes{}}, Payload{Ended{}},
        Payload{ProcessExited{}}, Payload{StepEnded{}}, Payload{LogLine{}}}) {
    const Event event{.seq = 1, .at_ns = 0, .step = -1, .lane = "", .payload = payload};
    auto back = event_from_json(through_text(to_json(event)));
    REQUIRE(back.has_value());
    CHECK(*back == event);
  }
}

TEST_CASE("timeline: the whole of it comes back exactly", "[model]") {
  Timeline timeline{.scenario = "ws/a",
                    .target = "t\xff",
                    .started = "2026-11-22T03:12:07.193Z",
                    .variables = {{"token", hostile}, {"a", ""}},
                    .fault_signatures = {{"ours", hostile}, {"", "x", true}},
                    .complete = true,
                    .events = one_of_each()};
  auto back = timeline_from_json(through_text(to_json(timeline)));
  REQUIRE(back.has_value());
  CHECK(*back == timeline);
}

TEST_CASE("timeline: octets that are not UTF-8 are base64 under a key that says so", "[model]") {
  const Json json = to_json(with(LogLine{"", "caf\xe9"}));
  CHECK(json["text_base64"] == "Y2Fm6Q==");
  CHECK_FALSE(json.contains("text"));
  CHECK(to_json(with(LogLine{"", "caf\xc3\xa9"}))["text"] == "caf\xc3\xa9");
}

TEST_CASE("timeline: what cannot be read is an error that says where", "[model]") {
  const auto message = [](const char* text) {
    auto result = timeline_from_json(Json::parse(text));
    REQUIRE_FALSE(result.has_value());
    return result.error().message;
  };
  CHECK(message(R"([])") == "timeline: an object was expected");
  CHECK(message(R"({"format":"relapse-run","version":1})") ==
        R"(timeline: "format" must be "relapse-timeline")");
  CHECK(message(R"({"format":"relapse-timeline","version":2,"events":[]})") ==
        R"(timeline: "version" is 2; this relapse reads version 1)");
  CHECK(message(R"({"format":"relapse-timeline","version":1})") ==
        R"(timeline: "events" is missing)");
  CHECK(message(R"({"format":"relapse-timeline","version":1,"events":[
                    {"seq":1,"kind":"log"},{"seq":2,"kind":"teleported"}]})")
            .find(R"(event 2: "kind" is "teleported"; known are connected, )") == 0);
  CHECK(
      message(R"({"format":"relapse-timeline","version":1,"events":[{"seq":-1,"kind":"log"}]})") ==
      R"(event 1: "seq" must be an integer from 0 to 4294967295)");
  CHECK(message(R"({"format":"relapse-timeline","version":1,"events":[
                    {"kind":"log","text_base64":"%%"}]})") ==
        R"(event 1: "text_base64" must be base64 text)");
  CHECK(message(R"({"format":"relapse-timeline","version":1,"events":[
                    {"kind":"ended","direction":"sideways","end":"fin"}]})") ==
        R"(event 1: "direction" is "sideways"; known are sent, received)");
  CHECK(message(R"({"format":"relapse-timeline","version":1,"events":[
                    {"at_ns":18446744073709551615,"kind":"step_started"}]})")
            .find(R"(event 1: "at_ns" must be an integer)") == 0);
}

TEST_CASE("verdict: comes back exactly, and one that cannot be read never holds", "[model]") {
  Verdict verdict{
      .outcome = Outcome::relapsed,
      .reason = "step 3: RST",
      .findings = {{.claim = "step 3",
                    .kind = ClaimKind::expectation,
                    .outcome = Outcome::relapsed,
                    .expected = "CLOSE 1007",
                    .observed = hostile,
                    .evidence = {4, 4294967295u},
                    .at = {"ws/a.json", 31, 3}},
                   {.claim = "guard:log", .kind = ClaimKind::guard, .outcome = Outcome::holds}}};
  CHECK(verdict_from_json(through_text(to_json(verdict))) == verdict);

  Json broken = to_json(verdict);
  broken["outcome"] = "green";
  CHECK(verdict_from_json(broken).outcome == Outcome::inconclusive);
  CHECK(verdict_from_json(broken).reason ==
        "the stored verdict cannot be read: verdict: \"outcome\" is \"green\"; known are holds, "
        "relapsed, inconclusive, skipped, flaky");
  CHECK(verdict_from_json(Json()).outcome == Outcome::inconclusive);
  CHECK(verdict_from_json(Json::object()).outcome == Outcome::inconclusive);
}

TEST_CASE("verdict: the decisive finding is the first of the verdict's outcome", "[model]") {
  Verdict verdict{.outcome = Outcome::relapsed,
                  .findings = {{.claim = "a", .outcome = Outcome::inconclusive},
                               {.claim = "b", .outcome = Outcome::relapsed},
                               {.claim = "c", .outcome = Outcome::relapsed}}};
  REQUIRE(verdict.decisive() != nullptr);
  CHECK(verdict.decisive()->claim == "b");
  CHECK(verdict.relapsed_claims() == std::vector<std::string>{"b", "c"});
  verdict.outcome = Outcome::inconclusive;
  CHECK(verdict.decisive()->claim == "a");
  verdict.outcome = Outcome::holds;
  CHECK(verdict.decisive() == nullptr);
  CHECK(badge(Outcome::relapsed) == "✗ Relapsed");
  CHECK(badge(Outcome::flaky) == "≈ Flaky");
  CHECK(to_string(Outcome::inconclusive) == "inconclusive");
}

TEST_CASE("proof: comes back exactly", "[model]") {
  const Proof proof{
      .scenario = "ws/a",
      .digest = "ab12",
      .proved = "2026-11-22",
      .records = {{"fastapi", "double-close", "never 1", ProofResult::discriminates, ""},
                  {"embedded", "double-close", "", ProofResult::misses, "held on the fault"},
                  {"x", "", "", ProofResult::fails_when_fixed, hostile},
                  {"y", "", "", ProofResult::inconclusive, ""}}};
  auto back = proof_from_json(through_text(to_json(proof)));
  REQUIRE(back.has_value());
  CHECK(*back == proof);

  Json broken = to_json(proof);
  broken["records"][1]["result"] = "proved";
  auto refused = proof_from_json(broken);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message ==
        "proof record 2: \"result\" is \"proved\"; known are discriminates, misses, "
        "fails_when_fixed, inconclusive");
}

TEST_CASE("value: equal as JSON, whatever the order of keys", "[model]") {
  const auto value = [](const char* text) {
    Value result;
    REQUIRE(parse_json(text, result));
    return result;
  };
  CHECK(value(R"({"a":1,"b":[{"x":1,"y":2}]})") == value(R"({"b":[{"y":2,"x":1.0}],"a":1})"));
  CHECK_FALSE(value("[1,2]") == value("[2,1]"));
  CHECK_FALSE(value(R"({"a":1})") == value(R"({"a":1,"b":null})"));
  CHECK_FALSE(value(R"("1")") == value("1"));
  CHECK(Value().is_null());
  CHECK(value(R"({"b":1,"a":2})").dump() == R"({"b":1,"a":2})");
  CHECK(Value(Json("\xff")).dump() == "\"\xef\xbf\xbd\"");
}

TEST_CASE("value: text that is not JSON, or too deep, is refused", "[model]") {
  Value out(Json(1));
  CHECK_FALSE(parse_json("{", out));
  CHECK(out.is_null());
  CHECK_FALSE(parse_json("// c\n1", out));
  CHECK_FALSE(parse_json("", out));
  CHECK(parse_json(std::string(512, '[') + std::string(512, ']'), out));
  CHECK_FALSE(parse_json(std::string(513, '[') + std::string(513, ']'), out));
  CHECK_FALSE(parse_json(std::string(1000000, '['), out));
  CHECK(parse_json("\"" + std::string(2000, '[') + "\\\"\"", out));
}

/// Processor time to write so many events.
double writing(int events) {
  Timeline timeline;
  timeline.events.assign(static_cast<std::size_t>(events), with(Ended{}));
  const std::clock_t begin = std::clock();
  const Json json = to_json(timeline);
  const std::clock_t end = std::clock();
  REQUIRE(json["events"].size() == timeline.events.size());
  return static_cast<double>(end - begin);
}

TEST_CASE("timeline: eight times the events take about eight times as long to write", "[model]") {
  double ratio = 0;
  for (int attempt = 0; attempt < 3 && (attempt == 0 || ratio > 20); ++attempt) {
    const double few = writing(4'000);
    ratio = writing(32'000) / few;
  }
  CHECK(ratio < 20);  // the square would be 64
}

}  // namespace relapse
