#include <filesystem>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "model/asgi_scope.hpp"
#include "scenario/check.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/load.hpp"
#include "scenario/schema_table.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {
namespace {

using namespace std::chrono_literals;

const std::string head = R"({
  "title": "t", "incident": {"ref": "r", "seen": "2025-01-02", "story": "s", "evidence": "e"},
  "proof": {"relapses_on": ["f"]}, )";

std::string messages(const std::string& rest) {
  std::string out;
  for (const Diagnostic& one : parse_scenario(head + rest + "}", "x.json", "").diagnostics) {
    out += one.message + "\n";
  }
  return out;
}

Scenario scenario(const std::string& rest) {
  INFO(messages(rest));
  const auto parsed = parse_scenario(head + rest + "}", "x.json", "");
  REQUIRE(parsed.value);
  return *parsed.value;
}

std::vector<Step> steps(const std::string& list) {
  return scenario("\"steps\": [" + list + "]").steps;
}

template <class T>
T action(const std::string& step) {
  return std::get<T>(steps(R"({"call": {}}, )" + step).at(1).action);
}

Selector expected(const std::string& what) {
  return action<Expect>(R"({"expect": )" + what + "}").selector;
}

TEST_CASE("asgi: a call, its edits in the order of set, remove, retype", "[scenario][asgi]") {
  const Step step = steps(R"({"on": "a", "name": "n", "call": {"scope": "http",
    "retype": {"/query_string": "str", "/client": "tuple"}, "remove": ["/server", "/state"],
    "set": {"/path": "/${nonce}", "/headers/-": [{"$bytes": "a"}, {"$hex": "ff"}]}}})")
                        .at(0);
  CHECK(step.lane == "a");
  CHECK(step.name == "n");
  const Call& call = std::get<Call>(step.action);
  CHECK(call.scope == "http");
  REQUIRE(call.edits.size() == 6);
  CHECK(call.edits[0].kind == ScopeEdit::Kind::set);
  CHECK(call.edits[0].pointer == "/path");
  CHECK(call.edits[0].value.json() == "/${nonce}");
  CHECK(call.edits[1].pointer == "/headers/-");
  CHECK(call.edits[1].value.json() == Json::parse(R"([{"$bytes": "a"}, {"$hex": "ff"}])"));
  CHECK(call.edits[2].kind == ScopeEdit::Kind::remove);
  CHECK(call.edits[2].pointer == "/server");
  CHECK(call.edits[4].kind == ScopeEdit::Kind::retype);
  CHECK(call.edits[4].pointer == "/query_string");
  CHECK(call.edits[4].type == "str");
  CHECK(call.edits[5].type == "tuple");
  CHECK(std::get<Call>(steps(R"({"call": {}})").at(0).action).scope == "websocket");
}

TEST_CASE("asgi: the other steps, and what an absent key means", "[scenario][asgi]") {
  CHECK(
      action<Receive>(R"({"receive": {"type": "websocket.receive", "text": "a"}})").event.json() ==
      Json::parse(R"({"type": "websocket.receive", "text": "a"})"));
  CHECK(action<Receive>(R"({"receive": null})").event.json() == nullptr);
  CHECK(action<Receive>(R"({"receive": {"$tuple": [{"$int": "99999999999999999999"}]}})")
            .event.json()
            .contains("$tuple"));
  const auto fail = action<FailSend>(
      R"({"fail_send": {"nth": 3, "raises": "ConnectionResetError", "message": "gone"}})");
  CHECK(fail.nth == 3);
  CHECK(fail.raises == "ConnectionResetError");
  CHECK(fail.message == "gone");
  CHECK(action<FailSend>(R"({"fail_send": {}})").nth == 1);
  CHECK(action<FailSend>(R"({"fail_send": {}})").raises == "OSError");
  CHECK(action<HoldSend>(R"({"hold_send": {"nth": 2}})").nth == 2);
  CHECK(action<HoldSend>(R"({"hold_send": {}})").nth == 1);
  action<ReleaseSend>(R"({"release_send": {}})");
  action<Cancel>(R"({"cancel": {}})");
  const auto left = action<Disconnect>(R"({"disconnect": {"code": 1006, "reason": "lost"}})");
  CHECK(left.code == 1006);
  CHECK(left.reason == "lost");
  CHECK_FALSE(action<Disconnect>(R"({"disconnect": {}})").code);
}

TEST_CASE("asgi: expectations, in short and in full", "[scenario][asgi]") {
  const auto kind = [](const std::string& what) { return expected(what).kind; };
  CHECK(kind(R"({"sent": "websocket.accept"})") == SelectorKind::sent);
  CHECK(kind(R"({"sent": {"type": "websocket.send", "text": {"contains": "a"}}})") ==
        SelectorKind::sent);
  CHECK(kind(R"({"raised": "OSError"})") == SelectorKind::raised);
  CHECK(kind(R"({"raised": {"type": "OSError", "message": {"contains": "a"}, "where": {"present":
    true}, "chain": {"contains": {"type": "KeyError"}}, "cancelled": false}})") ==
        SelectorKind::raised);
  CHECK(kind(R"({"returned": true})") == SelectorKind::returned);
  CHECK(kind(R"({"returned": {"value": null}})") == SelectorKind::returned);
  CHECK(kind(R"({"waiting": "receive"})") == SelectorKind::waiting);
  CHECK(kind(R"({"waiting": {"what": {"in": ["send", "other"]}, "where": {"contains": "a"}}})") ==
        SelectorKind::waiting);
  CHECK(kind(R"({"pending_tasks": 0})") == SelectorKind::pending_tasks);
  CHECK(kind(R"({"pending_tasks": {"less": 3}})") == SelectorKind::pending_tasks);
  CHECK(kind(R"({"complaint": "loop"})") == SelectorKind::complaint);
  CHECK(kind(R"({"complaint": {"kind": {"not": "loop"}, "text": "a", "type": "b"}})") ==
        SelectorKind::complaint);
  CHECK(expected(R"({"sent": {}})").lane == "main");
  CHECK(expected(R"({"pending_tasks": 0})").lane.empty());
  CHECK(expected(R"({"complaint": {}})").lane.empty());
}

TEST_CASE("asgi: scopes and types are those of the model", "[scenario][asgi]") {
  const schema::ObjectTable& call = *schema::asgi::call.table;
  const auto scopes = call.find("scope")->type->values;
  CHECK(std::vector<std::string_view>(scopes.begin(), scopes.end()) == scope_types());
  const auto types = call.find("retype")->type->item->values;
  CHECK(std::vector<std::string_view>(types.begin(), types.end()) == python_types());
}

TEST_CASE("asgi: clock and guards", "[scenario][asgi]") {
  const Scenario s = scenario(R"("clock": "virtual", "steps": [{"call": {}}, {"pause": "10m"}],
    "guards": {"exception": false, "protocol": false})");
  CHECK(s.virtual_clock);
  CHECK_FALSE(s.guards.exception);
  CHECK_FALSE(s.guards.protocol);
  CHECK(s.guards.log);
  const Scenario plain = scenario(R"("clock": "real", "steps": [{"call": {}}, {"pause": "1s"}])");
  CHECK_FALSE(plain.virtual_clock);
  CHECK(plain.guards.exception);
  CHECK(plain.guards.protocol);
  CHECK(messages(R"("steps": [{"call": {}}, {"pause": "10m"}])") ==
        "the budget of 30s is too small: the steps wait 10m on purpose\n");
}

TEST_CASE("asgi: what needs the plane says so, and a wire scenario does not", "[scenario][asgi]") {
  CHECK(needs_asgi(scenario(R"("steps": [{"call": {}}])")));
  CHECK_FALSE(
      needs_asgi(scenario(R"("steps": [{"start": {}}, {"send": {"request": {"path": "/"}}}])")));
}

TEST_CASE("asgi: guards of the plane may be named by a proof", "[scenario][asgi]") {
  const std::string text = R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-02",
    "story": "s", "evidence": "e"}, "proof": {"relapses_on": [{"fault": "f", "claim":
    "guard:exception"}, {"fault": "g", "claim": "guard:protocol"}]}, "steps": [{"call": {}}])";
  CHECK(parse_scenario(text + "}", "x.json", "").value);
  CHECK_FALSE(parse_scenario(text + R"(, "guards": {"exception": false}})", "x.json", "").value);
}

TEST_CASE("asgi: a call after the end of another, and what its tasks still do",
          "[scenario][asgi]") {
  for (
      const char* list : {
          R"({"call": {}}, {"expect": {"returned": true}}, {"call": {"scope": "http"}})",
          R"({"call": {}}, {"cancel": {}}, {"expect": {"raised": {"cancelled": true}}}, {"call": {}})",
          R"({"call": {}}, {"on": "b", "call": {}}, {"on": "b", "cancel": {}}, {"cancel": {}})",
          R"({"call": {}}, {"expect": {"returned": true}}, {"expect": {"sent": {}}},
              {"receive": {"type": "websocket.disconnect"}}, {"expect": {"pending_tasks": 0}})",
          R"({"start": {}}, {"call": {}}, {"expect": {"log": "x"}})",
          R"({"expect": {"pending_tasks": 0}}, {"call": {}})",
      }) {
    INFO(list);
    CHECK(messages("\"steps\": [" + std::string(list) + "]").empty());
  }
}

TEST_CASE("asgi: branches may act on one call", "[scenario][asgi]") {
  const std::vector<Step> all = steps(R"({"call": {}}, {"together": [
    [{"receive": {"type": "websocket.connect"}}, {"expect": {"sent": {}}},
     {"expect": {"raised": {"cancelled": true}}}],
    [{"pause": "1ms"}, {"cancel": {}}, {"expect": {"pending_tasks": 0}}],
    {"on": "main", "steps": [{"disconnect": {}}]}
  ]}, {"call": {}})");
  REQUIRE(all.size() == 9);
  CHECK(all[5].lane == "main");
  CHECK(all[5].group == all[1].group);
  CHECK(all[5].branch == 1);
}

TEST_CASE("asgi: the connection of a branch, a use or a repeat is that of its calls",
          "[scenario][asgi]") {
  const std::vector<Step> all = steps(R"({"on": "a", "repeat": {"times": 1, "steps": [
    {"call": {}}, {"receive": {"type": "x"}}, {"fail_send": {}}, {"hold_send": {}},
    {"release_send": {}}, {"disconnect": {}}, {"cancel": {}}, {"expect": {"sent": {}}},
    {"expect": {"waiting": "receive"}}]}}, {"on": "a", "repeat": {"times": 1, "steps": [
    {"expect": {"pending_tasks": 0}}, {"expect": {"complaint": {}}}]}})");
  for (std::size_t i = 0; i < 9; ++i) {
    INFO(i);
    CHECK(all.at(i).lane == "a");
  }
  CHECK(all.at(9).lane == "main");
  CHECK(all.at(10).lane == "main");
}

TEST_CASE("asgi: a counter is a text where a short form is one", "[scenario][asgi]") {
  const std::vector<Step> all = steps(R"({"call": {}}, {"repeat": {"times": 1, "as": "i", "steps": [
    {"expect": {"raised": {"message": "${i}"}}}, {"expect": {"sent": {"text": "${i}"}}}]}})");
  const auto pattern = [&](std::size_t i) {
    return std::get<Expect>(all.at(i).action).selector.pattern.json.json();
  };
  CHECK(pattern(1) == Json::parse(R"({"message": "1"})"));
  CHECK(pattern(2) == Json::parse(R"({"text": 1})"));
}

TEST_CASE("asgi: canonical form", "[scenario][asgi][fmt]") {
  const auto out = format_scenario(R"({"cases": {"b": {"x": 1}, "a": {"x": 2}}, "clock": "virtual",
    "steps": [{"call": {"retype": {"/b": "str", "/a": "str"}, "set": {"/c": {"z": 1, "a": 2}},
    "scope": "http"}, "on": "c"}, {"expect": {"raised": {"message": "m", "type": "t"}}},
    {"receive": {"type": "t", "a": 1}}, {"fail_send": {"message": "m", "raises": "R", "nth": 1}}],
    "title": "t"})",
                                   "x.json");
  REQUIRE(out.value);
  CHECK(*out.value == R"({
  "title": "t",
  "clock": "virtual",
  "steps": [
    {
      "on": "c",
      "call": {
        "scope": "http",
        "set": { "/c": { "z": 1, "a": 2 } },
        "retype": { "/b": "str", "/a": "str" }
      }
    },
    { "expect": { "raised": { "type": "t", "message": "m" } } },
    { "receive": { "type": "t", "a": 1 } },
    { "fail_send": { "nth": 1, "raises": "R", "message": "m" } }
  ],
  "cases": { "b": { "x": 1 }, "a": { "x": 2 } }
}
)");
}

TEST_CASE("asgi: the digest knows the order of edits, and no order of keys", "[scenario][asgi]") {
  const auto digest = [](const std::string& call) {
    return scenario(R"("steps": [{"call": )" + call + "}]").digest;
  };
  CHECK(digest(R"({"scope": "http", "remove": ["/path"]})") ==
        digest(R"({"remove": ["/path"], "scope": "http"})"));
  CHECK(digest(R"({"remove": ["/path", "/type"]})") != digest(R"({"remove": ["/type", "/path"]})"));
  CHECK(scenario(R"("clock": "virtual", "steps": [{"call": {}}])").digest !=
        scenario(R"("steps": [{"call": {}}])").digest);
}

TEST_CASE("asgi: what a parameter may be is checked once it is known", "[scenario][asgi]") {
  const auto found = [](const std::string& parameters, const std::string& list) {
    return check_fragment(
        R"({"title": "t", "parameters": )" + parameters + R"(, "steps": [)" + list + "]}", "f.json",
        "");
  };
  CHECK(found(R"({"p": {}, "e": {}})", R"({"call": {"remove": ["${p}"]}}, {"receive": "${e}"},
    {"receive": {"$bytes": "${e}"}}, {"fail_send": {"raises": "${p}"}},
    {"expect": {"sent": "${e}"}}, {"expect": {"returned": "${e}"}})")
            .empty());
  CHECK(found(R"({"p": {"default": "/paht"}})", R"({"call": {"remove": ["${p}"]}})").size() == 1);
  CHECK(found("{}", R"({"receive": {"type": "websocket.connect"}})").empty());
}

TEST_CASE("asgi: a pattern of text where bytes are seen is worth a note", "[scenario][asgi]") {
  const auto severity = [](const std::string& pattern) {
    const auto all =
        parse_scenario(head + R"("steps": [{"call": {}}, {"expect": {"sent": )" + pattern + "}}]}",
                       "x.json", "")
            .diagnostics;
    return all.size() == 1 && all[0].severity == Diagnostic::Severity::note;
  };
  CHECK(severity(R"({"body": "ok"})"));
  CHECK(severity(R"({"bytes": {"contains": "ok"}})"));
  CHECK_FALSE(severity(R"({"body": {"$bytes": "ok"}})"));
  CHECK_FALSE(severity(R"({"body": {"$bytes": {"contains": "ok"}}})"));
  CHECK_FALSE(severity(R"({"body": {"$hex": "ff 00"}})"));
  CHECK_FALSE(severity(R"({"text": {"contains": "ok"}})"));
}

}  // namespace
}  // namespace relapse
