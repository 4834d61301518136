#include "report/view_calls.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "model/asgi_scope.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

std::vector<std::string> changed(const Json& scope) {
  std::vector<std::string> texts;
  for (const view::ScopeLine& line : view::scope_lines(Value(scope))) {
    if (line.changed)
      texts.push_back(line.text);
  }
  return texts;
}

Value parsed(const char* text) {
  return Value(Json::parse(text));
}

}  // namespace

TEST_CASE("calls: a scope is shown in full, and what was changed in it", "[report]") {
  for (const std::string_view type : scope_types()) {
    const auto lines = view::scope_lines(base_scope(type));
    CHECK(lines.size() >= base_scope(type).json().size() + 2);
    CHECK(changed(base_scope(type).json()).empty());
  }
  Json scope = base_scope("websocket").json();
  scope["path"] = "/ws";
  scope.erase("client");
  scope["headers"].erase(0);
  scope["headers"].push_back(Json::parse(R"([{"$bytes": "a"}, {"$bytes": "b"}])"));
  const std::vector<std::string> expected{"        # without [b\"host\", b\"testserver\"]",
                                          "        [b\"a\", b\"b\"],", "    \"path\": \"/ws\",",
                                          "    # without \"client\""};
  auto found = changed(scope);
  std::sort(found.begin(), found.end());
  CHECK(found == expected);
  CHECK(changed(Json::parse(R"({"$dict": [[1, 2]]})")) == std::vector<std::string>{"{1: 2}"});
  CHECK(changed(Json(7)) == std::vector<std::string>{"7"});
}

TEST_CASE("calls: how each went", "[report]") {
  testing::TimelineBuilder b;
  b.lane("main").add(1, AsgiCalled{base_scope("websocket")});
  b.add(1, AsgiWaiting{"receive", ""});
  CHECK(view::call_facts(b.timeline)[0].end == "goes on, WAITING in receive");
  CHECK(view::call_facts(b.timeline)[0].answer == "none");
  b.add(1, AsgiFed{parsed(R"({"type": "websocket.connect"})")});
  CHECK(view::call_facts(b.timeline)[0].end == "goes on");
  b.add(1, AsgiSent{1, parsed(R"({"type": "websocket.accept"})")});
  b.add(1, AsgiSent{2, parsed(R"({"type": "websocket.send", "text": "x"})")});
  b.add(1, AsgiFed{parsed(R"({"type": "websocket.disconnect", "code": 1006})")});
  b.add(1, AsgiReturned{});
  b.add(1, AsgiCalled{base_scope("http")}).add(1, AsgiRaised{{{"KeyError", "x", ""}}, "tb", false});
  b.lane("probe").add(1, AsgiCalled{base_scope("http")});
  const auto calls = view::call_facts(b.timeline);
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].answer == "websocket.accept");
  CHECK(calls[0].sends == 2);
  CHECK(calls[0].client == "websocket.disconnect code=1006");
  CHECK(calls[0].end == "RETURNED");
  CHECK(calls[0].ended_at > 0);
  CHECK(calls[1].end == "RAISED KeyError: x");
  CHECK(calls[1].client == "stayed");
  CHECK(calls[1].sends == 0);
}

}  // namespace relapse
