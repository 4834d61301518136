#include "scenario/in_order.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/reader.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

/// A scenario of five steps as they are written out: one, two in branches, one from a repeat twice.
struct Written {
  fs::path root = fs::temp_directory_path() / "relapse-in-order-test";
  fs::path file = root / "x.json";

  Written() {
    fs::create_directories(root);
    REQUIRE(write_file(file, R"({
  "title": "t",
  "incident": {"ref": "r", "seen": "2025-01-01", "story": "s", "evidence": "e"},
  "clock": "virtual",
  "steps": [
    {"call": {"scope": "websocket"}},
    {"together": [[{"receive": {"type": "websocket.connect"}}], [{"disconnect": {"code": 1006}}]]},
    {"repeat": {"times": 2, "steps": [{"pause": "1s"}]}}
  ],
  "never": [{"name": "n", "log": {"contains": "x"}}],
  "count": [{"of": {"sent": {}}, "is": {"less": 3}}],
  "proof": {"relapses_on": [{"fault": "f", "claim": "n"}]}
})"));
  }
  ~Written() { fs::remove_all(root); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  std::string ordered(const std::vector<OrderedStep>& order) const {
    auto text = scenario_in_order(file, root, order, "in order");
    REQUIRE(text);
    INFO(*text);
    const auto parsed = parse_scenario(*text, root / "y.json", root);
    for (const Diagnostic& one : parsed.diagnostics) {
      UNSCOPED_INFO(render(one, *text));
    }
    CHECK(parsed.value);
    return *text;
  }
};

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("in order: all steps in another order keep every claim", "[scenario]") {
  const Written written;
  const std::string text = written.ordered({{0}, {2}, {1}, {3}, {4}});
  CHECK(text.find("disconnect") < text.find("websocket.connect"));
  CHECK(has(text, "\"title\": \"in order\""));
  CHECK(has(text, "\"count\""));
  CHECK(has(text, "\"claim\": \"n\""));
  CHECK_FALSE(has(text, "together"));
  CHECK_FALSE(has(text, "repeat"));
}

TEST_CASE("in order: a part of the steps keeps what a part can show", "[scenario]") {
  const Written written;
  const std::string text = written.ordered({{0}, {2}});
  CHECK_FALSE(has(text, "websocket.connect"));
  CHECK_FALSE(has(text, "\"count\""));
  CHECK_FALSE(has(text, "\"claim\""));
  CHECK(has(text, "\"never\""));
}

TEST_CASE("in order: added steps stand where they were taken", "[scenario]") {
  const Written written;
  const std::string text = written.ordered({{0},
                                            {5, R"({"hold_send": {}})"},
                                            {1},
                                            {2},
                                            {6, R"({"release_send": {}})"},
                                            {7, R"({"pause": "200ms"})"},
                                            {3},
                                            {4}});
  CHECK(text.find("hold_send") < text.find("websocket.connect"));
  CHECK(text.find("release_send") < text.find("200ms"));
  CHECK(has(text, "\"count\""));  // none of its own is missing
}

TEST_CASE("in order: a file that is not there is an error", "[scenario]") {
  CHECK_FALSE(scenario_in_order("/nowhere/x.json", "/nowhere", {}, "t"));
}

}  // namespace relapse
