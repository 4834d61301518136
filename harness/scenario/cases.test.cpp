#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/load.hpp"
#include "scenario/reader.hpp"

namespace relapse {
namespace {

const std::string text = R"({
  "title": "No ${key} in the scope: ${raises}",
  "incident": {"ref": "${ref}", "seen": "2025-01-02", "story": "s", "evidence": "${raises}"},
  "tags": ["scope", "${key}"],
  "within": "${within}",
  "steps": [
    {"call": "${call}"},
    {"name": "it raises", "expect": {"raised": {"type": "${raises}"}}},
    {"repeat": {"times": "${times}", "steps": [{"pause": "1ms"}]}}
  ],
  "never": [{"sent": {"status": "${status}"}}],
  "proof": {"relapses_on": [{"fault": "no-${key}", "claim": "it raises"}]},
  "cases": {
    "path": {"key": "path", "raises": "KeyError", "ref": "a", "within": "1s", "times": 1,
             "call": {"remove": ["/path"]}, "status": 500},
    "headers": {"key": "headers", "raises": "TypeError", "ref": "b", "within": "2s", "times": 2,
                "call": {"scope": "http", "set": {"/headers": null}}, "status": {"more": 499}}
  }
})";

std::vector<Scenario> scenarios(const std::string& from = text) {
  const auto parsed = parse_scenarios(from, "dir/scope/missing.json", "dir");
  std::string messages;
  for (const Diagnostic& one : parsed.diagnostics) {
    messages += render(one, from);
  }
  INFO(messages);
  REQUIRE(parsed.value);
  return *parsed.value;
}

std::vector<std::string> ids(const std::vector<Scenario>& all) {
  std::vector<std::string> list;
  for (const Scenario& one : all) {
    list.push_back(one.id);
  }
  return list;
}

using Strings = std::vector<std::string>;

TEST_CASE("cases: each makes a scenario, with its values everywhere", "[scenario][cases]") {
  const std::vector<Scenario> all = scenarios();
  REQUIRE(ids(all) == Strings{"scope/missing/path", "scope/missing/headers"});
  const Scenario& path = all[0];
  const Scenario& headers = all[1];
  CHECK(path.file == "dir/scope/missing.json");
  CHECK(path.title == "No path in the scope: KeyError");
  CHECK(path.incident.ref == "a");
  CHECK(headers.incident.evidence == "TypeError");
  CHECK(headers.tags == Strings{"scope", "headers"});
  CHECK(path.within == std::chrono::seconds{1});
  CHECK(headers.within == std::chrono::seconds{2});
  CHECK(std::get<Call>(path.steps.at(0).action).scope == "websocket");
  CHECK(std::get<Call>(headers.steps.at(0).action).scope == "http");
  CHECK(path.steps.size() == 3);
  CHECK(headers.steps.size() == 4);
  CHECK(path.claims.at(0).selector.pattern.json.json() == Json{{"status", 500}});
  CHECK(headers.claims.at(0).selector.pattern.json.json()["status"] == Json{{"more", 499}});
  CHECK(path.proof.at(0).fault == "no-path");
  CHECK(headers.proof.at(0).fault == "no-headers");
}

TEST_CASE("cases: places point into the file, to the value or to the template",
          "[scenario][cases]") {
  const Scenario headers = scenarios().at(1);
  CHECK(headers.steps.at(1).at.file == "dir/scope/missing.json");
  CHECK(headers.steps.at(1).at.line == 8);
  CHECK(headers.claims.at(0).selector.pattern.at.line == 11);
}

TEST_CASE("cases: a case is what a file of its own would be", "[scenario][cases]") {
  const std::string one = R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-02",
    "story": "s", "evidence": "e"}, "proof": {"relapses_on": ["f"]}, "steps": [{"call": )";
  const auto alone = parse_scenario(one + R"({"remove": ["/path"]}}]})", "x.json", "");
  const auto cases = parse_scenarios(
      one + R"("${c}"}], "cases": {"a": {"c": {"remove": ["/path"]}}, "b": {"c": {}}}})", "x.json",
      "");
  REQUIRE(alone.value);
  REQUIRE(cases.value);
  CHECK(cases.value->at(0).digest == alone.value->digest);
  CHECK(cases.value->at(1).digest != alone.value->digest);
}

TEST_CASE("cases: an earlier id of the file is one of each of its cases", "[scenario][cases]") {
  std::string renamed = text;
  renamed.insert(renamed.find("\"within\""), "\"aliases\": [\"old/name\"],\n  ");
  const std::vector<Scenario> all = scenarios(renamed);
  CHECK(all[0].aliases == Strings{"old/name/path"});
  CHECK(all[1].aliases == Strings{"old/name/headers"});
}

TEST_CASE("cases: a name that a step captures later stays", "[scenario][cases]") {
  const std::string from = R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-02",
    "story": "s", "evidence": "e"}, "proof": {"relapses_on": ["f"]}, "steps": [{"call": {}},
    {"expect": {"sent": {"text": "${p}"}, "capture": {"got": "/text"}}},
    {"receive": {"text": "${got} ${p} ${nonce}"}}], "cases": {"a": {"p": "x"}}})";
  const auto all = parse_scenarios(from, "x.json", "");
  REQUIRE(all.value);
  CHECK(std::get<Receive>(all.value->at(0).steps.at(2).action).event.json() ==
        Json{{"text", "${got} x ${nonce}"}});
}

TEST_CASE("cases: parse_scenario gives the first", "[scenario][cases]") {
  const auto first = parse_scenario(text, "dir/scope/missing.json", "dir");
  REQUIRE(first.value);
  CHECK(first.value->id == "scope/missing/path");
}

class Folder {
 public:
  Folder() : dir_(*TempDir::make("cases-test")) {}
  void put(const std::string& name, const std::string& content) const {
    REQUIRE(write_file(dir_.path() / name, content));
  }
  LoadedScenarios load() const {
    auto loaded = load_scenarios(dir_.path());
    REQUIRE(loaded);
    return *std::move(loaded);
  }
  const std::filesystem::path& path() const { return dir_.path(); }

 private:
  TempDir dir_;
};

std::string plain() {
  return R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-01", "story": "s",
    "evidence": "e"}, "steps": [{"call": {}}], "proof": {"relapses_on": ["f"]}})";
}

TEST_CASE("cases: selected by id, by the file's id, by its path and by a glob",
          "[scenario][cases]") {
  const Folder folder;
  folder.put("scope/missing.json", text);
  folder.put("scope/other.json", plain());
  folder.put("scope/scope.json", plain());
  const LoadedScenarios loaded = folder.load();
  CHECK(loaded.files == 3);
  REQUIRE(loaded.errors() == 0);
  const auto chosen = [&](const std::string& selector) {
    const auto some = select_scenarios(loaded.scenarios, Strings{selector});
    INFO(selector);
    REQUIRE(some);
    return ids(*some);
  };
  const Strings both{"scope/missing/path", "scope/missing/headers"};
  CHECK(chosen("scope/missing/path") == Strings{"scope/missing/path"});
  CHECK(chosen("scope/missing") == both);
  CHECK(chosen("scope/missing/*") == both);
  CHECK(chosen((folder.path() / "scope/missing.json").string()) == both);
  CHECK(chosen("tag:path") == Strings{"scope/missing/path"});
  CHECK(chosen("incident:b") == Strings{"scope/missing/headers"});
  CHECK(chosen("scope/scope") == Strings{"scope/scope"});
  CHECK_FALSE(select_scenarios(loaded.scenarios, Strings{"scope"}));
  CHECK(is_case(loaded.scenarios.at(0)));
  CHECK_FALSE(is_case(loaded.scenarios.at(2)));
  CHECK_FALSE(is_case(loaded.scenarios.at(3)));
}

TEST_CASE("cases: an id that a file has already is refused", "[scenario][cases]") {
  const Folder folder;
  folder.put("scope/missing.json", text);
  folder.put("scope/missing/path.json", plain());
  CHECK(folder.load().errors() == 1);
}

TEST_CASE("cases: what is wrong in some of them says in which", "[scenario][cases]") {
  const std::string from = R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-02",
    "story": "s", "evidence": "e"}, "proof": {"relapses_on": ["f"]}, "steps": [
    {"call": {"remove": ["/${p}"]}}, {"expect": {}}], "cases": {"a": {"p": "path"}, "b": {"p": "x"},
    "c": {"p": "y"}, "d": {"p": "y"}}})";
  const auto parsed = parse_scenarios(from, "x.json", "");
  CHECK_FALSE(parsed.value);
  Strings messages;
  for (const Diagnostic& one : parsed.diagnostics) {
    messages.push_back(one.message.substr(0, one.message.find(':')) +
                       one.message.substr(std::min(one.message.size(), one.message.rfind(" ("))));
  }
  CHECK(messages == Strings{"step 1 cannot remove \"/x\" (case \"b\")",
                            "step 1 cannot remove \"/y\" (case \"c\" and 1 more)",
                            "step 2, expect must have one of"});
}

}  // namespace
}  // namespace relapse
