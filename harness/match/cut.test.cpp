#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "match/selector.hpp"

using namespace relapse;

namespace {

enum class Answer { yes, no, unknown };

Answer ask(const char* pattern, const View& view) {
  const auto why = mismatch(Json::parse(pattern), view, {});
  return !why ? Answer::yes : why->undecided ? Answer::unknown : Answer::no;
}

}  // namespace

TEST_CASE("cut: a part of a text decides what it can", "[match]") {
  struct Row {
    const char* pattern;
    Answer answer;
  };
  const View view{Json("hello"), {{"", 8}}};
  const Row row = GENERATE(values<Row>({
      {"\"hello\"", Answer::no},
      {"\"hello123\"", Answer::unknown},
      {"\"help!123\"", Answer::no},
      {"{\"is\":\"hello123\"}", Answer::unknown},
      {"{\"not\":\"hello\"}", Answer::yes},
      {"{\"not\":\"hello123\"}", Answer::unknown},
      {"{\"contains\":\"ell\"}", Answer::yes},
      {"{\"contains\":\"x\"}", Answer::unknown},
      {"{\"not\":{\"contains\":\"ell\"}}", Answer::no},
      {"{\"not\":{\"contains\":\"x\"}}", Answer::unknown},
      {"{\"matches\":\"^hello$\"}", Answer::unknown},
      {"{\"in\":[{\"contains\":\"x\"},{\"contains\":\"ell\"}]}", Answer::yes},
      {"{\"in\":[{\"contains\":\"x\"},\"y\"]}", Answer::unknown},
      {"{\"contains\":\"x\",\"is\":\"y\"}", Answer::no},
      {"{\"present\":true}", Answer::yes},
      {"{\"absent\":true}", Answer::no},
      {"{\"more\":1}", Answer::no},
      {"{\"a\":1}", Answer::no},
  }));
  CAPTURE(row.pattern);
  CHECK(ask(row.pattern, view) == row.answer);
}

TEST_CASE("cut: of a part of a JSON text nothing is known", "[match]") {
  const View view{Value(), {{"", 8}}};
  for (const char* pattern :
       {"null", "{}", "{\"a\":1}", "[1]", "{\"not\":1}", "{\"present\":true}"}) {
    CAPTURE(pattern);
    CHECK(ask(pattern, view) == Answer::unknown);
  }
}

TEST_CASE("cut: what is certainly wrong counts before what cannot be known", "[match]") {
  const View view{Json{{"text", "ab"}, {"hex", "6162"}, {"size", 4}},
                  {{"/text", 4}, {"/hex", 8}, {"/json", 4}}};
  CHECK(ask("{\"text\":{\"contains\":\"x\"},\"size\":5}", view) == Answer::no);
  CHECK(ask("{\"text\":{\"contains\":\"x\"},\"size\":4}", view) == Answer::unknown);
  CHECK(ask("{\"size\":{\"more\":3}}", view) == Answer::yes);
  CHECK(ask("{\"hex\":\"6162\"}", view) == Answer::no);
  CHECK(ask("{\"hex\":\"61626364\"}", view) == Answer::unknown);
  CHECK(ask("{\"json\":{\"a\":1}}", view) == Answer::unknown);
  CHECK(ask("{\"json\":{\"absent\":true}}", view) == Answer::unknown);
}

TEST_CASE("cut: views say what is only a part", "[match]") {
  Event event;
  event.lane = "main";
  WsFrame frame;
  frame.direction = Direction::received;
  frame.opcode = 1;
  frame.payload = "{\"a\":";
  frame.length = 1000;
  event.payload = frame;
  const std::vector<Event> text{event};
  CHECK(view_of(SelectorKind::text, text, 0)->cut.at("") == 1000);
  CHECK(view_of(SelectorKind::json, text, 0)->cut.at("") == 1000);
  CHECK(view_of(SelectorKind::frame, text, 0)->cut.at("/payload") == 1000);
  HttpMessage answer;
  answer.direction = Direction::received;
  answer.body = "{}";
  answer.body_size = 3000;
  event.payload = answer;
  const std::vector<Event> http{event};
  CHECK(view_of(SelectorKind::response, http, 0)->cut.at("/body") == 3000);
  CHECK(view_of(SelectorKind::response, http, 0)->cut.contains("/json"));
  Expect expect;
  expect.selector = {SelectorKind::text, {}, "main"};
  expect.captures = {{"all", ""}};
  Variables variables;
  std::string missing;
  CHECK_FALSE(capture(expect, text, 0, variables, missing));
}
