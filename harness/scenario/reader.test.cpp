#include "scenario/reader.hpp"

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

using namespace std::chrono_literals;

const std::string head = R"({
  "title": "t",
  "incident": {"ref": "r", "seen": "2025-01-02", "story": "s", "evidence": "e", "fix": "f", "spec": "p"},
  "proof": {"relapses_on": ["a", {"fault": "b", "claim": "guard:log"}]},
)";

Scenario scenario(const std::string& rest) {
  const auto parsed = parse_scenario(head + rest + "}", "dir/sub/name.json", "dir");
  std::string messages;
  for (const Diagnostic& one : parsed.diagnostics) {
    messages += render(one, head + rest + "}");
  }
  INFO(messages);
  REQUIRE(parsed.value);
  return *parsed.value;
}

std::vector<Step> steps(const std::string& list) {
  return scenario("\"steps\": [" + list + "]").steps;
}

template <class T>
T sent(const std::string& what) {
  const auto all = steps(R"({"send": {"upgrade": {"path": "/"}}}, {"send": )" + what + "}");
  return std::get<T>(std::get<Send>(all.at(1).action).what);
}

Expect expected(const std::string& what, const std::string& beside = "") {
  const auto all =
      steps(R"({"send": {"upgrade": {"path": "/"}}}, {"expect": )" + what + beside + "}");
  return std::get<Expect>(all.at(1).action);
}

TEST_CASE("reader: the top level of a scenario", "[scenario]") {
  const Scenario s = scenario(R"("steps": [{"send": {"bytes": ""}}],
    "tags": ["a"], "aliases": ["old/id"], "requires": ["log"], "within": "5s", "budget": "1.5m",
    "guards": {"log": true, "liveness": false})");
  CHECK(s.id == "sub/name");
  CHECK(s.file == "dir/sub/name.json");
  CHECK(s.title == "t");
  CHECK(s.incident.ref == "r");
  CHECK(s.incident.seen == "2025-01-02");
  CHECK(s.incident.story == "s");
  CHECK(s.incident.evidence == "e");
  CHECK(s.incident.fix == "f");
  CHECK(s.incident.spec == "p");
  CHECK(s.tags == std::vector<std::string>{"a"});
  CHECK(s.aliases == std::vector<std::string>{"old/id"});
  CHECK(s.required == std::vector<std::string>{"log"});
  CHECK(s.within == 5s);
  CHECK(s.budget == 90s);
  CHECK(s.guards.server_error);
  CHECK(s.guards.log);
  CHECK_FALSE(s.guards.liveness);
  REQUIRE(s.proof.size() == 2);
  CHECK(s.proof[0].fault == "a");
  CHECK(s.proof[0].claim.empty());
  CHECK(s.proof[1].fault == "b");
  CHECK(s.proof[1].claim == "guard:log");
  CHECK(s.proof[1].at.line == 4);
}

TEST_CASE("reader: defaults", "[scenario]") {
  const Scenario s = scenario(R"("steps": [{"send": {"bytes": ""}}])");
  CHECK(s.within == 2s);
  CHECK(s.budget == 30s);
  CHECK(s.guards.liveness);
  CHECK(s.steps[0].lane == "main");
  CHECK_FALSE(s.steps[0].within);
  CHECK(s.steps[0].name.empty());
  CHECK(s.digest.size() == 16);
}

TEST_CASE("reader: common keys of steps", "[scenario]") {
  const auto all =
      steps("\n {\"name\": \"n\", \"on\": \"b\", \"within\": \"1s\", \"send\": {\"bytes\": \"\"}}");
  CHECK(all[0].name == "n");
  CHECK(all[0].lane == "b");
  CHECK(all[0].within == 1s);
  CHECK(all[0].at == SourceRef{"dir/sub/name.json", 6, 2});
}

TEST_CASE("reader: send upgrade and request", "[scenario]") {
  const auto up = sent<SendUpgrade>(R"({"upgrade": {"path": "/ws", "version": "12", "key": "k",
      "answers": false, "query": {"b": ["2", "1"], "a": "x"}, "headers": {"X": ["1", "2"], "A": "3"},
      "omit": ["Host"], "method": "POST", "http_version": "1.0", "body": {"hex": "00ff"}}})");
  CHECK(up.request.path == "/ws");
  CHECK(up.version == "12");
  CHECK(up.key == "k");
  CHECK_FALSE(up.answers);
  using Pair = std::pair<std::string, std::string>;
  CHECK(up.request.query == std::vector<Pair>{{"b", "2"}, {"b", "1"}, {"a", "x"}});
  CHECK(up.request.headers == std::vector<Header>{{"X", "1"}, {"X", "2"}, {"A", "3"}});
  CHECK(up.request.omit == std::vector<std::string>{"Host"});
  CHECK(up.request.method == "POST");
  CHECK(up.request.http_version == "1.0");
  CHECK(up.request.body.data == std::string("\0\xff", 2));
  const auto plain = sent<SendUpgrade>(R"({"upgrade": {"path": "/"}})");
  CHECK(plain.answers);
  CHECK_FALSE(plain.version);
  CHECK_FALSE(plain.key);
  const auto request = sent<SendRequest>(R"({"request": {"path": "/", "json": {"b": 1, "a": 2}}})");
  CHECK(request.request.method == "GET");
  REQUIRE(request.request.json_body);
  CHECK(request.request.json_body->dump() == R"({"b":1,"a":2})");
}

TEST_CASE("reader: send messages and octets", "[scenario]") {
  CHECK(sent<SendText>(R"({"text": "h\u00e9"})").text == "h\xc3\xa9");
  CHECK(
      sent<SendJson>(R"({"json": {"z": [1, 1.0, null], "a": 18446744073709551615}})").json.dump() ==
      R"({"z":[1,1.0,null],"a":18446744073709551615})");
  CHECK(sent<SendBinary>(R"({"binary": {"base64": "/w=="}})").payload.data == "\xff");
  CHECK(sent<SendPing>(R"({"ping": "p"})").payload.data == "p");
  CHECK(sent<SendPong>(R"({"pong": {"text": "${nonce}"}})").payload.has_variables);
  CHECK_FALSE(sent<SendBytes>(R"({"bytes": {"hex": "247b6e7d"}})").data.has_variables);
  CHECK(sent<SendClose>(R"({"close": {"code": 1005, "reason": "r"}})").code == 1005);
  CHECK(sent<SendClose>(R"({"close": {"code": 1005, "reason": "r"}})").reason == "r");
  CHECK_FALSE(sent<SendClose>(R"({"close": {}})").code);
}

TEST_CASE("reader: octets from a file count from the scenario's folder", "[scenario]") {
  auto folder = TempDir::make("reader-test");
  REQUIRE(folder);
  const Bytes content("\0\x01${nonce}\xff", 11);
  REQUIRE(write_file(folder->path() / "sub" / "data.bin", content));
  const std::string text = head + R"("steps": [{"send": {"bytes": {"file": "sub/data.bin"}}}]})";
  const auto file = folder->path() / "s.json";
  const auto first = parse_scenario(text, file, folder->path());
  REQUIRE(first.value);
  const auto& octets = std::get<SendBytes>(std::get<Send>(first.value->steps[0].action).what).data;
  CHECK(octets.data == content);
  CHECK_FALSE(octets.has_variables);
  // What is sent has changed, so the proof must become stale.
  REQUIRE(write_file(folder->path() / "sub" / "data.bin", "other"));
  CHECK(parse_scenario(text, file, folder->path()).value->digest != first.value->digest);
}

TEST_CASE("reader: send frame", "[scenario]") {
  const auto plain = sent<SendFrame>(R"({"frame": {}})");
  CHECK(plain.fin);
  CHECK(plain.rsv == 0);
  CHECK(plain.opcode == 1);
  CHECK(plain.mask);
  CHECK_FALSE(plain.mask_key);
  CHECK_FALSE(plain.length);
  CHECK_FALSE(plain.length_bytes);
  const auto odd = sent<SendFrame>(R"({"frame": {"fin": false, "rsv": 7, "opcode": 3,
      "mask": "37fa213D", "length": 18446744073709551615, "length_bytes": 8, "payload": "x"}})");
  CHECK_FALSE(odd.fin);
  CHECK(odd.rsv == 7);
  CHECK(odd.opcode == 3);
  CHECK(odd.mask);
  CHECK(odd.mask_key == 0x37fa213du);
  CHECK(odd.length == 18446744073709551615u);
  CHECK(odd.length_bytes == 8);
  CHECK(odd.payload.data == "x");
  CHECK_FALSE(sent<SendFrame>(R"({"frame": {"mask": false}})").mask);
  const std::vector<std::pair<std::string, int>> names{
      {"continuation", 0}, {"text", 1}, {"binary", 2}, {"close", 8}, {"ping", 9}, {"pong", 10}};
  for (const auto& [name, opcode] : names) {
    CHECK(sent<SendFrame>("{\"frame\": {\"opcode\": \"" + name + "\"}}").opcode == opcode);
  }
}

TEST_CASE("reader: split and after", "[scenario]") {
  const auto split = [](const std::string& value) {
    return std::get<Send>(steps(R"({"send": {"bytes": "x", "split": )" + value + "}}")[0].action)
        .split;
  };
  CHECK(split("\"every-byte\"").every_byte);
  CHECK(split("[2, 3]").sizes == std::vector<std::size_t>{2, 3});
  CHECK_FALSE(split("[2, 3]").every_byte);
  CHECK(split(R"({"sizes": [1], "gap": "10ms"})").gap == 10ms);
  CHECK(split(R"({"sizes": "every-byte", "gap": "1ms"})").every_byte);
  const auto all = steps(R"({"send": {"after": "50ms", "bytes": "x"}})");
  CHECK(std::get<Send>(all[0].action).after == 50ms);
  CHECK(std::get<Send>(all[0].action).split.none());
}

TEST_CASE("reader: every selector", "[scenario]") {
  const std::vector<std::pair<std::string, SelectorKind>> kinds{
      {"upgrade", SelectorKind::upgrade}, {"response", SelectorKind::response},
      {"text", SelectorKind::text},       {"json", SelectorKind::json},
      {"binary", SelectorKind::binary},   {"ping", SelectorKind::ping},
      {"pong", SelectorKind::pong},       {"frame", SelectorKind::frame},
      {"bytes", SelectorKind::bytes},     {"close", SelectorKind::close},
      {"end", SelectorKind::end},         {"log", SelectorKind::log},
      {"exit", SelectorKind::exit}};
  for (const auto& [name, kind] : kinds) {
    INFO(name);
    const Expect expect = expected("{\"" + name + "\": {\"present\": true}}");
    CHECK(expect.selector.kind == kind);
    CHECK(expect.selector.pattern.json.dump() == R"({"present":true})");
    const bool off_wire = kind == SelectorKind::log || kind == SelectorKind::exit;
    CHECK(expect.selector.lane == (off_wire ? "" : "main"));
  }
  const Expect silence = expected(R"({"silence": "300ms"})");
  CHECK(silence.selector.kind == SelectorKind::silence);
  CHECK(silence.silence == 300ms);
  CHECK(silence.selector.lane == "main");
}

TEST_CASE("reader: skip and capture", "[scenario]") {
  const Expect expect = expected(R"({"json": {}, "skip": true, "capture": {"a": "/x", "b": ""}})");
  CHECK(expect.skip);
  REQUIRE(expect.captures.size() == 2);
  CHECK(expect.captures[0].name == "a");
  CHECK(expect.captures[0].pointer == "/x");
  CHECK(expect.captures[1].pointer.empty());
  CHECK_FALSE(expected(R"({"json": {}})").skip);
}

TEST_CASE("reader: the other steps", "[scenario]") {
  const auto all = steps(R"({"start": {"env": {"A": "1", "B": null}, "args": ["x"],
      "files": {"d/f": "c"}, "ready": false}}, {"start": {"ready": "either"}}, {"start": {}},
      {"pause": "1s"}, {"signal": "HUP"}, {"stop": {}},
      {"send": {"bytes": ""}}, {"end": "half_close"}, {"end": "fin"},
      {"on": "b", "send": {"bytes": ""}}, {"on": "b", "end": "rst"})");
  const auto& start = std::get<Start>(all[0].action);
  CHECK(start.env.at("A") == "1");
  CHECK(start.env.at("B") == std::nullopt);
  CHECK(start.args == std::vector<std::string>{"x"});
  CHECK(start.files.at("d/f") == "c");
  CHECK(start.ready == ReadyWait::none);
  CHECK(std::get<Start>(all[1].action).ready == ReadyWait::either);
  CHECK(std::get<Start>(all[2].action).ready == ReadyWait::required);
  CHECK(std::get<Pause>(all[3].action).duration == 1s);
  CHECK(std::get<Signal>(all[4].action).number == 1);
  CHECK(std::holds_alternative<Stop>(all[5].action));
  CHECK(std::get<End>(all[7].action).kind == EndKind::half_close);
  CHECK(std::get<End>(all[8].action).kind == EndKind::fin);
  CHECK(std::get<End>(all[10].action).kind == EndKind::rst);
}

TEST_CASE("reader: a sweep, and replays that are judged together", "[scenario]") {
  const std::string sweep = R"("steps": [{"send": {"bytes": ""}},
      {"pause": {"from": "10ms", "to": "0.5s", "points": 50}}, {"end": "fin"}])";
  Scenario s = scenario(sweep);
  const auto& pause = std::get<Pause>(s.steps[1].action);
  REQUIRE(pause.sweep);
  CHECK(pause.sweep->from == 10ms);
  CHECK(pause.sweep->to == 500ms);
  CHECK(pause.sweep->points == 50);
  CHECK(s.repeat.times == 1);
  CHECK(s.repeat.at_least == 1);
  s = scenario(sweep + R"(, "repeat": {"times": 10, "at_least": 8})");
  CHECK(s.repeat.times == 10);
  CHECK(s.repeat.at_least == 8);
  s = scenario(sweep + R"(, "repeat": {"times": 7})");
  CHECK(s.repeat.at_least == 7);
}

TEST_CASE("reader: claims in the order never, always, count", "[scenario]") {
  const Scenario s = scenario(R"("steps": [{"send": {"bytes": ""}}],
    "count": [{"of": {"close": {}}, "is": {"less": 2}, "on": "main", "name": "once"}],
    "never": [{"log": "x", "if_observed": true}, {"text": "y", "on": "main"}],
    "always": [{"frame": {"masked": false}}])");
  REQUIRE(s.claims.size() == 4);
  CHECK(s.claims[0].kind == Claim::Kind::never);
  CHECK(s.claims[0].name == "never 1");
  CHECK(s.claims[0].if_observed);
  CHECK(s.claims[0].selector.lane.empty());
  CHECK(s.claims[1].name == "never 2");
  CHECK(s.claims[1].selector.lane == "main");
  CHECK_FALSE(s.claims[1].if_observed);
  CHECK(s.claims[2].kind == Claim::Kind::always);
  CHECK(s.claims[2].name == "always 1");
  CHECK(s.claims[3].kind == Claim::Kind::count);
  CHECK(s.claims[3].name == "once");
  CHECK(s.claims[3].selector.kind == SelectorKind::close);
  CHECK(s.claims[3].selector.lane == "main");
  CHECK(s.claims[3].count.json.dump() == R"({"less":2})");
}

TEST_CASE("reader: faults on purpose are no errors", "[scenario]") {
  steps(R"({"send": {"upgrade": {"path": "", "method": "", "headers": {"bad header": "\r\n"},
        "omit": ["Host", "Upgrade"], "version": "x", "http_version": "9.9"}}},
      {"send": {"close": {"code": 1005}}}, {"send": {"close": {"code": 0}}},
      {"send": {"close": {"code": 65535, "reason": "\u0000"}}},
      {"send": {"frame": {"opcode": 15, "rsv": 7, "mask": false, "length": 0, "payload": "x"}}},
      {"on": "b", "send": {"frame": {}}},
      {"on": "c", "send": {"request": {"path": "*", "headers": {"Upgrade": "websocket"}}}})");
}

TEST_CASE("reader: the digest follows what is replayed and judged, nothing else", "[scenario]") {
  const auto digest = [](const std::string& text) {
    const auto parsed = parse_scenario(text, "x.json", {});
    REQUIRE(parsed.value);
    return parsed.value->digest;
  };

  const std::string up = head + R"("steps": [{"send": {"upgrade": {"path": "/"}}},
      {"send": {"json": {"a": 1, "b": 2}}, "on": "main"}]})";
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = up;
    text.replace(text.find(from), from.size(), to);
    return digest(text);
  };
  const std::string same = digest(up);
  CHECK(changed("\"title\": \"t\"", "\"title\": \"other\", \"tags\": [\"x\"]") == same);
  CHECK(changed("\"evidence\": \"e\"", "\"evidence\": \"other\"") == same);
  CHECK(changed("\"a\", {\"fault\"", "\"other\", {\"fault\"") == same);
  CHECK(changed("\"steps\"", "// comment\n  \"steps\"") == same);
  CHECK(changed("{\"send\": {\"json\": {\"a\": 1, \"b\": 2}}, \"on\": \"main\"}",
                "{\"on\": \"main\", \"send\": {\"json\": {\"a\": 1, \"b\": 2}}}") == same);
  CHECK(changed("\"a\": 1, \"b\": 2", "\"b\": 2, \"a\": 1") != same);  // the octets differ
  CHECK(changed("\"a\": 1", "\"a\": 3") != same);
  CHECK(changed("\"steps\"", "\"within\": \"3s\", \"steps\"") != same);
  CHECK(canonical_text("{ \"title\": \"x\", // c\n \"within\": \"1s\" }") == R"({"within":"1s"})");
  CHECK(canonical_text("{").empty());
}

TEST_CASE("reader: an id without a root is the file's name", "[scenario]") {
  const std::string text = head + R"("steps": [{"send": {"bytes": ""}}]})";
  CHECK(parse_scenario(text, "a/b.json", {}).value->id == "b");
  CHECK(parse_scenario(text, "a/b.json", "other").value->id == "b");
  CHECK(parse_scenario(text, "a/b/c.d.json", "a").value->id == "b/c.d");
}

TEST_CASE("reader: a note does not keep a scenario from being read", "[scenario]") {
  const std::string text = head + R"("steps": [{"send": {"upgrade": {"path": "/"}}}],
      "never": [{"json": {"text": {"contans": "x"}}}]})";
  const auto parsed = parse_scenario(text, "x.json", {});
  REQUIRE(parsed.diagnostics.size() == 1);
  CHECK(parsed.diagnostics[0].severity == Diagnostic::Severity::note);
  CHECK(parsed.diagnostics[0].label == "did you mean \"contains\"?");
  CHECK(parsed.value);
}

}  // namespace
}  // namespace relapse
