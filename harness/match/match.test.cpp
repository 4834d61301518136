#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "match/selector.hpp"

using namespace relapse;

namespace {

bool fits(const char* pattern, const char* view, const Variables& variables = {}) {
  return !mismatch(Json::parse(pattern), Json::parse(view), variables);
}

Event frame(int opcode, Bytes payload, bool fin = true, Direction direction = Direction::received) {
  Event event;
  event.lane = "main";
  WsFrame made;
  made.direction = direction;
  made.opcode = opcode;
  made.fin = fin;
  made.length = payload.size();
  made.payload = std::move(payload);
  event.payload = std::move(made);
  return event;
}

Event ended(EndKind kind) {
  Event event;
  event.lane = "main";
  event.payload = Ended{Direction::received, kind, true, ""};
  return event;
}

Expect expecting(SelectorKind kind, const char* pattern, bool skip = false) {
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(Json::parse(pattern));
  expect.skip = skip;
  return expect;
}

Progress run(const Expect& expect, const std::vector<Event>& events) {
  return advance(expect, events, 0, events.size(), {}, true);
}

}  // namespace

TEST_CASE("pattern: literals, subsets and operators", "[match]") {
  struct Row {
    const char* pattern;
    const char* view;
    bool fits;
  };
  const Row row = GENERATE(values<Row>({
      {"1", "1", true},
      {"1", "2", false},
      {"1", "\"1\"", false},
      {"{\"a\":1}", "{\"a\":1,\"b\":2}", true},
      {"{\"a\":1}", "{\"b\":2}", false},
      {"{\"a\":{\"b\":{\"more\":3}}}", "{\"a\":{\"b\":4}}", true},
      {"{\"a\":{\"b\":{\"more\":3}}}", "{\"a\":{\"b\":3}}", false},
      {"[1,2]", "[1,2]", true},
      {"[1,2]", "[1,2,3]", false},
      {"{\"in\":[401,403]}", "403", true},
      {"{\"in\":[401,403]}", "500", false},
      {"{\"not\":0}", "3", true},
      {"{\"not\":0}", "0", false},
      {"{\"contains\":\"accept\"}", "\"call accept first\"", true},
      {"{\"contains\":\"accept\"}", "\"call first\"", false},
      {"{\"contains\":{\"a\":1}}", "[{\"a\":2},{\"a\":1,\"b\":0}]", true},
      {"{\"matches\":\"^user-[0-9]+$\"}", "\"user-12\"", true},
      {"{\"matches\":\"^user-[0-9]+$\"}", "\"user-x\"", false},
      {"{\"less\":5,\"more\":3}", "4", true},
      {"{\"less\":5,\"more\":3}", "5", false},
      {"{\"a\":{\"absent\":true}}", "{}", true},
      {"{\"a\":{\"absent\":true}}", "{\"a\":1}", false},
      {"{\"a\":{\"present\":true}}", "{\"a\":1}", true},
      {"{\"a\":{\"present\":true}}", "{}", false},
      {"{\"is\":{\"a\":1}}", "{\"a\":1,\"b\":2}", false},
  }));
  CAPTURE(row.pattern, row.view);
  CHECK(fits(row.pattern, row.view) == row.fits);
}

TEST_CASE("pattern: variables are filled in, unknown ones stay", "[match]") {
  CHECK(fits("\"${id}-x\"", "\"7-x\"", {{"id", "7"}}));
  CHECK(fits("\"${id}\"", "\"${id}\""));
  CHECK(substitute(std::string("a${b}c${d"), {{"b", "B"}}) == "aBc${d");
}

TEST_CASE("pattern: the mismatch says where", "[match]") {
  const auto why =
      mismatch(Json::parse("{\"data\":{\"id\":1}}"), Json::parse("{\"data\":{\"id\":2}}"), {});
  REQUIRE(why);
  CHECK(why->pointer == "/data/id");
  CHECK(why->expected == "1");
  CHECK(why->actual == "2");
}

TEST_CASE("advance: the next event decides, skip steps over", "[match]") {
  const std::vector<Event> events{frame(1, "a"), frame(1, "b")};
  CHECK(run(expecting(SelectorKind::text, "\"a\""), events).state == Progress::State::matched);
  CHECK(run(expecting(SelectorKind::text, "\"b\""), events).state == Progress::State::mismatched);
  const Progress skipped = run(expecting(SelectorKind::text, "\"b\"", true), events);
  CHECK(skipped.state == Progress::State::matched);
  CHECK(skipped.index == 1);
  CHECK(skipped.skipped == 1);
  CHECK(run(expecting(SelectorKind::text, "\"c\"", true), events).state ==
        Progress::State::waiting);
}

TEST_CASE("advance: an end is never skipped, so nobody waits for a closed connection", "[match]") {
  const std::vector<Event> events{frame(1, "a"), ended(EndKind::rst)};
  const Progress progress = run(expecting(SelectorKind::close, "{}", true), events);
  CHECK(progress.state == Progress::State::mismatched);
  CHECK(progress.index == 1);
}

TEST_CASE("advance: pings are stepped over unless they are wanted", "[match]") {
  const std::vector<Event> events{frame(9, "p"), frame(1, "a")};
  CHECK(run(expecting(SelectorKind::text, "\"a\""), events).state == Progress::State::matched);
  CHECK(run(expecting(SelectorKind::ping, "\"p\""), events).state == Progress::State::matched);
  CHECK(run(expecting(SelectorKind::frame, "{\"opcode\":9}"), events).state ==
        Progress::State::matched);
}

TEST_CASE("advance: a fragment is part of a message, not a message", "[match]") {
  std::vector<Event> events{frame(1, "he", false)};
  CHECK(run(expecting(SelectorKind::text, "\"hello\""), events).state == Progress::State::waiting);
  events.push_back(frame(0, "llo"));
  auto& last = std::get<WsFrame>(events.back().payload);
  last.message_opcode = 1;
  last.message = "hello";
  CHECK(run(expecting(SelectorKind::text, "\"hello\""), events).state == Progress::State::matched);
}

TEST_CASE("close: who was first and whether it was clean", "[match]") {
  const Bytes normal("\x03\xe8", 2);
  const std::vector<Event> ours{frame(8, normal, true, Direction::sent), frame(8, normal),
                                ended(EndKind::fin)};
  const auto view = view_of(SelectorKind::close, ours, 1);
  REQUIRE(view);
  CHECK(view->value.json()["code"] == 1000);
  CHECK(view->value.json()["by"] == "client");
  CHECK(view->value.json()["clean"] == true);
  const std::vector<Event> theirs{frame(8, normal), ended(EndKind::rst)};
  const auto other = view_of(SelectorKind::close, theirs, 0);
  CHECK(other->value.json()["by"] == "server");
  CHECK(other->value.json()["clean"] == false);
  const std::vector<Event> empty{frame(8, "")};
  CHECK(view_of(SelectorKind::close, empty, 0)->value.json()["code"].is_null());
}

TEST_CASE("octets: a string pattern means hex, however it is spaced", "[match]") {
  const std::vector<Event> events{frame(2, Bytes("\x00\xff", 2))};
  CHECK(run(expecting(SelectorKind::binary, "\"00FF\""), events).state == Progress::State::matched);
  CHECK(run(expecting(SelectorKind::binary, "\"00 fe\""), events).state ==
        Progress::State::mismatched);
}

TEST_CASE("capture: takes values out of the view, and says what is missing", "[match]") {
  const std::vector<Event> events{frame(1, "{\"data\":{\"id\":\"u7\",\"n\":3}}")};
  Expect expect = expecting(SelectorKind::json, "{}");
  expect.captures = {{"id", "/data/id"}, {"n", "/data/n"}};
  Variables variables;
  std::string missing;
  REQUIRE(capture(expect, events, 0, variables, missing));
  CHECK(variables["id"] == "u7");
  CHECK(variables["n"] == "3");
  expect.captures = {{"x", "/data/x"}};
  CHECK_FALSE(capture(expect, events, 0, variables, missing));
  CHECK(missing == "/data/x");
}
