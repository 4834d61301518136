#include "scenario/expand.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"
#include "model/claim_names.hpp"
#include "scenario/reader.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

/// A scenarios folder with the fragments of these tests.
struct Folder {
  fs::path root = fs::temp_directory_path() / "relapse-expand-test";
  Folder() { fs::create_directories(root / "fragments"); }
  ~Folder() { fs::remove_all(root); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void fragment(const std::string& name, const std::string& text) const {
    REQUIRE(write_file(root / "fragments" / (name + ".json"), text));
  }
  Parsed<Scenario> parse(const std::string& steps, const std::string& more = {}) const {
    const std::string text =
        R"({"title": "t", "incident": {"ref": "r", "seen": "2025-01-01", "story": "s",)"
        R"( "evidence": "e"}, "proof": {"relapses_on": ["f"]},)" +
        more + R"("steps": )" + steps + "}";
    auto parsed = parse_scenario(text, root / "x.json", root);
    for (const Diagnostic& one : parsed.diagnostics) {
      UNSCOPED_INFO(render(one, text));
    }
    return parsed;
  }
  Scenario good(const std::string& steps) const {
    auto parsed = parse(steps);
    REQUIRE(parsed.value);
    return *parsed.value;
  }
  std::string digest(const std::string& steps) const { return good(steps).digest; }
};

std::vector<std::string> names(const Scenario& scenario) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    all.push_back(claim_name(scenario, i));
  }
  return all;
}

const std::string open_steps =
    R"([{"send": {"upgrade": {"path": "${path}"}}},)"
    R"( {"name": "opened", "expect": {"upgrade": {"status": "${status}"}}}])";
const std::string open_fragment =
    R"({"title": "o", "parameters": {"path": {}, "status": {"default": 101}}, "steps": )" +
    open_steps + "}";

TEST_CASE("expand: a fragment's steps are those that would have been written", "[scenario]") {
  const Folder folder;
  folder.fragment("open", open_fragment);
  const Scenario used = folder.good(R"([{"use": "open", "with": {"path": "/ws"}}])");
  REQUIRE(used.steps.size() == 2);
  CHECK(names(used) == std::vector<std::string>{"step 1.1", "opened"});
  CHECK(std::get<SendUpgrade>(std::get<Send>(used.steps[0].action).what).request.path == "/ws");
  const auto& pattern = std::get<Expect>(used.steps[1].action).selector.pattern.json.json();
  CHECK(pattern["status"] == 101);
  CHECK(used.steps[1].at.file.ends_with("fragments/open.json"));
  CHECK(used.steps[1].lane == "main");
  SECTION("and the digest is that of the written steps") {
    CHECK(used.digest == folder.digest(R"([{"send": {"upgrade": {"path": "/ws"}}},
        {"name": "opened", "expect": {"upgrade": {"status": 101}}}])"));
  }
  SECTION("which changes when the fragment does") {
    std::string changed = open_fragment;
    changed.replace(changed.find("101"), 3, "102");
    folder.fragment("open", changed);
    CHECK(used.digest != folder.digest(R"([{"use": "open", "with": {"path": "/ws"}}])"));
  }
}

TEST_CASE("expand: a use that names a connection gives it to the steps without one", "[scenario]") {
  const Folder folder;
  folder.fragment("open", open_fragment);
  folder.fragment("outer", R"({"title": "o", "steps": [{"use": "open", "with": {"path": "/"}},
      {"on": "other", "send": {"bytes": ""}}, {"pause": "1ms"}]})");
  const Scenario scenario = folder.good(R"([{"on": "a", "use": "outer"}])");
  REQUIRE(scenario.steps.size() == 4);
  CHECK(scenario.steps[0].lane == "a");
  CHECK(std::get<Expect>(scenario.steps[1].action).selector.lane == "a");
  CHECK(scenario.steps[2].lane == "other");
  CHECK(scenario.digest != folder.digest(R"([{"on": "b", "use": "outer"}])"));
}

TEST_CASE("expand: names of a fragment that is used twice say which", "[scenario]") {
  const Folder folder;
  folder.fragment("open", open_fragment);
  const Scenario scenario =
      folder.good(R"([{"use": "open", "with": {"path": "/"}}, {"repeat": {"times": 2, "as": "i",
          "steps": [{"on": "c${i}", "use": "open", "with": {"path": "/${i}", "status": 200}}]}}])");
  CHECK(names(scenario) ==
        std::vector<std::string>{"step 1.1", "opened (step 1)", "step 2.1.1 (1 of 2)",
                                 "opened (step 2.1, 1 of 2)", "step 2.1.1 (2 of 2)",
                                 "opened (step 2.1, 2 of 2)"});
  CHECK(scenario.steps[4].lane == "c2");
}

TEST_CASE("expand: a counter is a number, and a text where one is wanted", "[scenario]") {
  const Folder folder;
  const Scenario scenario = folder.good(R"([{"send": {"upgrade": {"path": "/"}}},
      {"repeat": {"times": 2, "as": "i", "steps": [
        {"send": {"json": {"n": "${i}", "s": "no ${i}"}}}, {"send": {"text": "${i}"}},
        {"expect": {"text": {"contains": "${i}"}}}, {"expect": {"json": {"n": "${i}"}}}]}}])");
  REQUIRE(scenario.steps.size() == 9);
  const auto sent = [&](std::size_t i) { return std::get<Send>(scenario.steps[i].action).what; };
  CHECK(std::get<SendJson>(sent(5)).json.dump() == R"({"n":2,"s":"no 2"})");
  CHECK(std::get<SendText>(sent(6)).text == "2");
  const auto pattern = [&](std::size_t i) {
    return std::get<Expect>(scenario.steps[i].action).selector.pattern.json.dump();
  };
  CHECK(pattern(7) == R"({"contains":"2"})");
  CHECK(pattern(8) == R"({"n":2})");
}

TEST_CASE("expand: branches keep their group, and groups differ", "[scenario]") {
  const Folder folder;
  const std::string branches =
      R"({"together": [{"on": "a", "steps": [{"send": {"bytes": ""}}, {"pause": "1ms"}]},
                       [{"on": "b", "send": {"bytes": ""}}]]})";
  const Scenario scenario = folder.good("[" + branches + "," + branches + R"(, {"pause": "1ms"}])");
  REQUIRE(scenario.steps.size() == 7);
  CHECK(scenario.steps[0].group == scenario.steps[2].group);
  CHECK(scenario.steps[0].group != scenario.steps[3].group);
  CHECK(scenario.steps[2].branch == 1);
  CHECK(scenario.steps[6].group == -1);
  CHECK(names(scenario)[2] == "step 1.2.1");
  CHECK(scenario.digest != folder.digest(R"([{"on": "a", "send": {"bytes": ""}}, {"pause": "1ms"},
                          {"on": "b", "send": {"bytes": ""}},
                          {"on": "a", "send": {"bytes": ""}}, {"pause": "1ms"},
                          {"on": "b", "send": {"bytes": ""}}, {"pause": "1ms"}])"));
}

TEST_CASE("expand: a fragment with process steps makes the scenario need a launch", "[scenario]") {
  const Folder folder;
  folder.fragment("restart", R"({"title": "r", "steps": [{"start": {}}, {"stop": {}}]})");
  CHECK(needs_launch(folder.good(R"([{"use": "restart"}])")));
  CHECK_FALSE(needs_launch(folder.good(R"([{"pause": "1ms"}])")));
}

TEST_CASE("expand: a fragment is checked by itself, its parameters declared", "[scenario]") {
  const Folder folder;
  CHECK(check_fragment(open_fragment, "open.json", folder.root).empty());
  const auto one = [&](const std::string& text) {
    const auto found = check_fragment(text, "f.json", folder.root);
    return found.size() == 1 ? found.front().message : std::to_string(found.size());
  };
  CHECK(one(R"({"title": "t", "steps": [{"send": {"text": "${pth}"}}]})") ==
        "\"${pth}\" in step 1, send.text is not declared");
  CHECK(one(R"({"title": "t", "parameters": {"c": {"default": "x"}},
                "steps": [{"send": {"close": {"code": "${c}"}}}]})")
            .starts_with("\"code\" in step 1, send.close must be"));
  CHECK(one(R"({"title": "t", "parameters": {"port": {}}, "steps": [{"pause": "1s"}]})") ==
        "\"port\" in parameters is a built-in variable; choose another name");
  CHECK(one(R"({"title": "t", "parameters": {"s": {}}, "steps": [{"send": {"bytes": ""}},
                {"expect": {"text": "x", "capture": {"s": ""}}}]})") ==
        "\"s\" cannot be captured: it is a parameter or a counter here");
}

TEST_CASE("expand: a fragment is formatted by its table", "[scenario]") {
  const auto once = format_fragment(
      R"({"steps":[{"with":{"b":1},"use":"a"}],// c
          "title":"t"})",
      "f.json");
  REQUIRE(once.value);
  CHECK(*once.value ==
        "{\n  \"title\": \"t\",\n  \"steps\": [\n    { \"use\": \"a\", \"with\": { \"b\": 1 } }\n"
        "  ]  // c\n}\n");
  CHECK(*format_fragment(*once.value, "f.json").value == *once.value);
}

TEST_CASE("claim names: with all, fewer or no parts in the brackets", "[scenario]") {
  const std::string full = "reply (step 2.1, 3 of 5)";
  CHECK(base_claim(full) == "reply");
  CHECK(base_claim("reply (again)") == "reply (again)");
  CHECK(names_claim(full, full));
  CHECK(names_claim("reply", full));
  CHECK(names_claim("reply (step 2.1)", full));
  CHECK_FALSE(names_claim("reply (step 2)", full));
  CHECK_FALSE(names_claim("rep", full));
  CHECK_FALSE(names_claim("reply (3 of 5)", "reply (2 of 5)"));
  CHECK_FALSE(names_claim("reply (again)", "reply"));
}

}  // namespace
}  // namespace relapse
