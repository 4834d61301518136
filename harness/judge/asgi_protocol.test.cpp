#include "judge/asgi_protocol.hpp"

#include "catch.hpp"
#include "judge/asgi_story.hpp"

namespace relapse {
namespace {

using testing::called;
using testing::fed;
using testing::first_violation;
using testing::parsed;
using testing::scope_with;
using testing::sent;
using testing::Story;
using testing::Talk;

std::string first(const Talk& talk) {
  return first_violation({}, talk.story());
}

std::size_t count(Story story) {
  return protocol_violations({}, story.done()).size();
}

Talk websocket() {
  return Talk("websocket").fed("websocket.connect");
}
Talk open() {
  return websocket().sent("websocket.accept");
}
Talk http() {
  return Talk("http").fed("http.request", "\"body\": {\"$bytes\": \"\"}");
}
Talk started() {
  return http().sent("http.response.start", "\"status\": 200");
}

Talk with_denial() {
  return Talk(scope_with("websocket", "extensions", R"({"websocket.http.response": {}})"))
      .fed("websocket.connect");
}

/// What is said about such a message in a legal place.
std::string of_start(const std::string& rest) {
  return first(http().sent("http.response.start", rest));
}
std::string of_body(const std::string& rest) {
  return first(started().sent("http.response.body", rest));
}

const char* const accept_section = " (ASGI websocket, section Accept - send event)";
const char* const send_section = " (ASGI websocket, section Send - send event)";
const char* const close_section = " (ASGI websocket, section Close - send event)";
const char* const start_section = " (ASGI http, section Response Start - send event)";
const char* const body_section = " (ASGI http, section Response Body - send event)";
const char* const denial_section = " (ASGI extensions, section Websocket Denial Response)";

}  // namespace

TEST_CASE("protocol: legal sessions pass", "[judge]") {
  CHECK(first(open()
                  .sent("websocket.send", R"("text": "hi")")
                  .sent("websocket.send", R"("text": null, "bytes": {"$hex": "ff"})")
                  .sent("websocket.send", R"("text": "")")
                  .sent("websocket.close")
                  .returns()) == "");
  CHECK(first(open().returns()) == "");  // the server closes the socket
  CHECK(first(websocket().sent("websocket.close", R"("code": 4401, "reason": null)")) == "");
  // A refusal without having received anything: every framework's router does it.
  CHECK(first(Talk("websocket").sent("websocket.close").returns()) == "");
  CHECK(first(with_denial()
                  .sent("websocket.http.response.start", R"("status": 401, "headers": [])")
                  .sent("websocket.http.response.body", R"("more_body": true)")
                  .sent("websocket.http.response.body", R"("body": {"$bytes": "x"})")
                  .returns()) == "");
  CHECK(first(started()
                  .sent("http.response.body", R"("body": {"$bytes": "a"}, "more_body": true)")
                  .sent("http.response.body")
                  .returns()) == "");
}

TEST_CASE("protocol: order of a websocket", "[judge]") {
  CHECK(first(websocket().sent("websocket.send", R"("text": "x")")) ==
        std::string("websocket.send before websocket.accept") + accept_section);
  CHECK(first(open().sent("websocket.accept")) ==
        std::string("websocket.accept twice") + accept_section);
  CHECK(first(Talk("websocket").sent("websocket.accept")) ==
        "websocket.accept before websocket.connect was received (ASGI websocket, section Connect - "
        "receive event)");
  const Talk closed = open().sent("websocket.close");
  CHECK(first(Talk(closed).sent("websocket.send", R"("text": "x")")) ==
        std::string("websocket.send after websocket.close") + close_section);
  CHECK(first(Talk(closed).sent("websocket.accept")) ==
        std::string("websocket.accept after websocket.close") + close_section);
  CHECK(first(Talk(closed).sent("websocket.close")) ==
        std::string("websocket.close twice") + close_section);
  // Its own close counts, though the server's disconnect came between.
  CHECK(first(Talk(closed).fed("websocket.disconnect").sent("websocket.close")) ==
        std::string("websocket.close twice") + close_section);
  CHECK(first(websocket().returns()) ==
        "returned without websocket.accept or websocket.close (ASGI websocket, section Connect - "
        "receive event)");
  CHECK(first(websocket().sent("websocket.close").sent("websocket.accept")) ==
        std::string("websocket.accept after websocket.close") + close_section);
}

TEST_CASE("protocol: a client that is gone excuses the order, and nothing else", "[judge]") {
  const Talk left = open().fed("websocket.disconnect", R"("code": 1006)");
  CHECK(first(Talk(left).sent("websocket.send", R"("text": "x")").sent("websocket.close")) == "");
  CHECK(first(Talk(left).sent("websocket.close").sent("websocket.close")) == "");
  CHECK(first(Talk(left).sent("websocket.send")) ==
        std::string("websocket.send: neither text nor bytes is given") + send_section);
  CHECK(first(websocket().fed("websocket.disconnect").returns()) == "");
  CHECK(first(websocket().fed("websocket.disconnect").sent("websocket.accept")) == "");
  // The harness made send() raise: what comes behind it is harmless.
  const Talk raised = open().sent("websocket.send", R"("text": "x")").raises();
  CHECK(first(Talk(raised).sent("websocket.close").returns()) == "");
  CHECK(first(open().sent("websocket.close").raises().sent("websocket.close")) == "");
  CHECK(first(websocket().sent("websocket.accept").raises().returns()) == "");
  CHECK(first(started().raises().returns()) == "");
  CHECK(first(started().fed("http.disconnect").returns()) == "");
  CHECK(first(http().fed("http.disconnect").sent("http.response.body")) == "");
  CHECK(first(started().fed("http.disconnect").sent("http.response.start", R"("status": "x")")) ==
        std::string("http.response.start: status is a str, not an int") + start_section);
}

TEST_CASE("protocol: denial responses", "[judge]") {
  const std::string start = "websocket.http.response.start";
  const std::string body = "websocket.http.response.body";
  const std::string status = R"("status": 401)";
  CHECK(first(websocket().sent(start, status)) ==
        start + " without the extension websocket.http.response in the scope" + denial_section);
  CHECK(first(websocket().sent(body)) ==
        body + " without the extension websocket.http.response in the scope" + denial_section);
  CHECK(first(with_denial().sent(body)) ==
        body + " before websocket.http.response.start" + denial_section);
  CHECK(first(with_denial().sent(start, status).sent(start, status)) ==
        start + " twice" + denial_section);
  CHECK(first(with_denial().sent("websocket.accept").sent(start, status)) ==
        start + " after websocket.accept" + denial_section);
  CHECK(first(with_denial().sent("websocket.close").sent(start, status)) ==
        start + " after websocket.close" + close_section);
  CHECK(first(with_denial().sent(start, status).sent("websocket.accept")) ==
        "websocket.accept after " + start + denial_section);
  CHECK(first(with_denial().sent(start, status).returns()) ==
        std::string("returned before its denial response was complete") + denial_section);
  const Talk denied = with_denial().sent(start, status).sent(body);
  CHECK(first(Talk(denied).sent(body)) == body + " after the last " + body + denial_section);
  CHECK(first(Talk(denied).sent("websocket.close")) ==
        "websocket.close after the last " + body + denial_section);
  CHECK(first(with_denial().sent(start)) == start + ": status is missing" + denial_section);
  CHECK(first(with_denial().sent(start, status).sent(body, R"("body": "x")")) ==
        body + ": body is a str, not bytes" + denial_section);
}

TEST_CASE("protocol: responses", "[judge]") {
  const std::string status = R"("status": 200)";
  CHECK(first(http().sent("http.response.body")) ==
        std::string("http.response.body before http.response.start") + start_section);
  CHECK(first(started().sent("http.response.start", status)) ==
        std::string("http.response.start twice") + start_section);
  const Talk complete = started().sent("http.response.body");
  CHECK(first(Talk(complete).sent("http.response.body")) ==
        std::string("http.response.body after the last one, which was without more_body") +
            body_section);
  CHECK(first(Talk(complete).sent("http.response.start", status)) ==
        std::string("http.response.start after the response was complete") + body_section);
  CHECK(first(http().returns()) ==
        std::string("returned without http.response.start") + start_section);
  const std::string incomplete =
      std::string(
          "returned before its response was complete: no http.response.body without "
          "more_body") +
      body_section;
  CHECK(first(started().returns()) == incomplete);
  CHECK(first(started().sent("http.response.body", R"("more_body": true)").returns()) ==
        incomplete);
  CHECK(first(Talk(scope_with("http", "extensions", R"({"http.response.pathsend": {}})"))
                  .sent("http.response.start", status)
                  .sent("http.response.pathsend", R"("path": "/x")")
                  .returns()) == "");
  CHECK(of_start(R"("status": 599)") == "");
  const std::string head = "http.response.start: status ";
  CHECK(of_start("") == head + "is missing" + start_section);
  CHECK(of_start(R"("status": "200")") == head + "is a str, not an int" + start_section);
  CHECK(of_start(R"("status": 200.0)") == head + "is a float, not an int" + start_section);
  CHECK(of_start(R"("status": 99)") ==
        head + "is 99, no status of HTTP (100 to 599)" + start_section);
  CHECK(of_start(R"("status": 600)") ==
        head + "is 600, no status of HTTP (100 to 599)" + start_section);
  CHECK(of_start(R"("status": 103)") ==
        head + "is 103, which is no final response" + start_section);
  CHECK(of_body(R"("body": "x")") ==
        std::string("http.response.body: body is a str, not bytes") + body_section);
  CHECK(of_body(R"("body": null)") ==
        std::string("http.response.body: body is None, not bytes") + body_section);
  CHECK(of_body(R"("more_body": 1)") ==
        std::string("http.response.body: more_body is an int, not a bool") + body_section);
}

TEST_CASE("protocol: lifespan", "[judge]") {
  const auto lifespan = [] { return Talk("lifespan"); };
  const std::string up = "lifespan.startup.complete";
  const std::string down = "lifespan.shutdown.complete";
  CHECK(first(lifespan()
                  .fed("lifespan.startup")
                  .sent(up)
                  .fed("lifespan.shutdown")
                  .sent(down)
                  .returns()) == "");
  CHECK(first(lifespan().returns()) == "");  // it does not support lifespan
  CHECK(first(lifespan().fed("lifespan.startup").sent("lifespan.startup.failed")) == "");
  CHECK(first(lifespan().sent(up)) ==
        up +
            " before lifespan.startup was received (ASGI lifespan, section Startup Complete - send "
            "event)");
  CHECK(first(lifespan().fed("lifespan.startup").sent(up).sent(down)) ==
        down +
            " before lifespan.shutdown was received (ASGI lifespan, section Shutdown Complete - "
            "send event)");
  CHECK(first(lifespan().fed("lifespan.startup").sent(up).sent(up)) ==
        up + ", but lifespan.startup was answered already (ASGI lifespan, section Startup Complete "
             "- send event)");
  CHECK(
      first(
          lifespan().fed("lifespan.startup").sent("lifespan.startup.failed", R"("message": 7)")) ==
      "lifespan.startup.failed: message is an int, not a str (ASGI lifespan, section Startup "
      "Failed - send event)");
  CHECK(first(lifespan().sent("http.response.start", R"("status": 404)")) ==
        "\"http.response.start\" on a call of type lifespan (ASGI lifespan, section Scope)");
}

TEST_CASE("protocol: every call of every lane on its own", "[judge]") {
  Story story;
  story.add("main", called("websocket")).add("b", called("websocket"));
  story.add("main", fed("websocket.connect")).add("b", fed("websocket.connect"));
  story.add("main", sent(1, "websocket.accept")).add("b", sent(1, "websocket.accept"));
  story.add("main", AsgiReturned{}).add("main", called("websocket"));
  story.add("main", fed("websocket.connect")).add("main", sent(1, "websocket.accept"));
  CHECK(count(story) == 0);
  story.add("b", sent(2, "websocket.accept"));
  CHECK(count(story) == 1);
  // A probe's call is no part of the replay.
  story.add("probe", called("http")).add("probe", AsgiReturned{});
  CHECK(count(story) == 1);
  // Without a call, nothing can be said.
  CHECK(count(Story().add("main", sent(1, "websocket.accept"))) == 0);
}

TEST_CASE("protocol: the event that broke a rule is named, and all that did", "[judge]") {
  Story story = websocket()
                    .sent("websocket.send", R"("text": 1)")
                    .sent("websocket.accept")
                    .sent("websocket.close", R"("code": 1006)")
                    .story();
  const auto found = protocol_violations({}, story.done());
  REQUIRE(found.size() == 3);
  CHECK(found[0].index == 2);
  CHECK(found[1].index == 2);
  CHECK(found[2].index == 4);
}

TEST_CASE("protocol: a call that the harness cancelled may end as it likes", "[judge]") {
  Scenario scenario;
  scenario.steps.resize(2);
  scenario.steps[0].action = Call{};
  scenario.steps[1].action = Cancel{};
  const auto story = [](int step) {
    Story told;
    told.begin(0).add("main", called("websocket")).add("main", fed("websocket.connect")).end();
    return told.begin(step).add("main", AsgiReturned{}).end();
  };
  CHECK(first_violation(scenario, story(1)) == "");
  scenario.steps[1].action = Pause{};
  CHECK(first_violation(scenario, story(1)) != "");
  scenario.steps[1].action = Cancel{};
  scenario.steps[1].lane = "b";
  CHECK(first_violation(scenario, story(1)) != "");
  // Behind the last step the harness cleans up: the tasks that are left, then it cancels.
  Story cleaned;
  cleaned.begin(0).add("main", called("http")).end();
  Story not_cleaned = cleaned;
  cleaned.add("main", AsgiTasks{}).add("main", AsgiReturned{});
  CHECK(first_violation({}, cleaned) == "");
  not_cleaned.add("main", AsgiReturned{}).add("main", AsgiTasks{});
  CHECK(first_violation({}, not_cleaned) != "");
}

}  // namespace relapse
