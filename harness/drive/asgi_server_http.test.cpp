#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/asgi_talk.hpp"

using namespace relapse;
using namespace relapse::testing;

namespace {

const char* const start_200 = R"({"type": "http.response.start", "status": 200,
                                  "headers": [[{"$bytes": "content-length"}, {"$bytes": "5"}]]})";
const char* const hello = R"({"type": "http.response.body", "body": {"$bytes": "hello"}})";

}  // namespace

TEST_CASE("asgi server: a request and its response, and the next one behind it", "[drive]") {
  Talk talk;
  SendRequest post{};
  post.request.method = "POST";
  post.request.path = "/items?x=1";
  post.request.body.data = "name=a";
  talk.client(Send{post});
  CHECK(talk.told(0) == R"(call http /items, )"
                        R"({"type":"http.request","body":{"$bytes":"name=a"},"more_body":false})");
  talk.client(request("/second"));
  CHECK(talk.commands.size() == 2);
  talk.app(R"({"type": "http.response.start", "status": 201,
               "headers": [[{"$bytes": "content-type"}, {"$bytes": "application/json"}]]})");
  CHECK(talk.sees_nothing());
  talk.app(R"({"type": "http.response.body", "body": {"$bytes": "{\"a\""}, "more_body": true})");
  talk.app(R"({"type": "http.response.body", "body": {"$bytes": ": 1}"}})");
  CHECK(talk.sees(SelectorKind::response, R"({"status": 201, "reason": "Created",
      "json": {"a": 1}, "headers": {"content-type": "application/json",
                                    "transfer-encoding": "chunked"}})"));
  CHECK(talk.sees_nothing());  // the connection is kept
  CHECK(talk.told(2) == "disconnect");
  talk.returns();
  CHECK(talk.told(3).starts_with("call http /second, "));
  talk.app(start_200).app(hello);
  CHECK(talk.sees(SelectorKind::response, R"({"status": 200, "body": "hello"})"));
  talk.client(request("/third"));
  CHECK(talk.commands.size() == 6);  // the application has yet to return
  talk.app(hello);                   // and what it sends behind its response is nothing
  CHECK(talk.sees_nothing());
  talk.returns();
  CHECK(talk.told(6).starts_with("call http /third, "));
}

TEST_CASE("asgi server: connections that end behind a response", "[drive]") {
  Talk asked;
  asked.client(request("/", "GET", {{"Connection", "close"}})).app(start_200).app(hello);
  CHECK(asked.sees(SelectorKind::response, R"({"headers": {"connection": "close"}})"));
  CHECK(asked.sees(SelectorKind::end, "\"fin\""));
  Talk said;
  said.client(request());
  said.app(R"({"type": "http.response.start", "status": 200,
               "headers": [[{"$bytes": "connection"}, {"$bytes": "Close"}]]})");
  said.app(hello);
  CHECK(said.sees(SelectorKind::response, R"({"body": "hello"})"));
  CHECK(said.sees(SelectorKind::end, "\"fin\""));
  Talk old;
  SendRequest send;
  send.request.http_version = "1.0";
  old.client(Send{send}).app(R"({"type": "http.response.start", "status": 200})").app(hello);
  CHECK(old.sees(SelectorKind::response, R"({"body": "hello"})"));
  CHECK(old.sees(SelectorKind::end, "\"fin\""));
}

TEST_CASE("asgi server: a response without a body", "[drive]") {
  Talk none;
  none.client(request());
  none.app(R"({"type": "http.response.start", "status": 204,
               "headers": [[{"$bytes": "content-length"}, {"$bytes": "5"}]]})");
  none.app(hello).returns();
  CHECK(
      none.sees(SelectorKind::response,
                R"({"status": 204, "body": "", "headers": {"content-length": {"absent": true}}})"));
  CHECK(none.sees_nothing());
  Talk head;
  head.client(request("/", "HEAD")).app(start_200).app(hello);
  CHECK(head.sees(SelectorKind::response,
                  R"({"status": 200, "body": "", "headers": {"content-length": "5"}})"));
  CHECK(head.sees_nothing());
}

TEST_CASE("asgi server: responses that are not finished", "[drive]") {
  Talk none;
  none.client(request()).raises();
  CHECK(none.sees(SelectorKind::response, R"({"status": 500})"));
  CHECK(none.sees(SelectorKind::end, "\"fin\""));
  Talk returned;
  returned.client(request()).returns();
  CHECK(returned.sees(SelectorKind::response, R"({"status": 500})"));
  Talk cut;
  cut.client(request()).app(R"({"type": "http.response.start", "status": 200})");
  cut.app(R"({"type": "http.response.body", "body": {"$bytes": "first"}, "more_body": true})");
  cut.raises();
  CHECK(cut.sees(SelectorKind::bytes, R"({"text": {"contains": "5\r\nfirst\r\n"}})"));
  CHECK(cut.sees(SelectorKind::end, "\"fin\""));
  Talk begun;
  begun.client(request()).app(start_200);
  CHECK(begun.sees_nothing());  // a server waits for the body
  begun.raises();
  CHECK(begun.sees(SelectorKind::bytes, R"({"text": {"matches": "^HTTP/1.1 200 OK\\r\\n"}})"));
  CHECK(begun.sees(SelectorKind::end, "\"fin\""));
  CHECK(std::get<Ended>(begun.events.back().payload).answered);
  Talk denial;
  denial.client(upgrade());
  denial.app(R"({"type": "websocket.http.response.start", "status": 401})").returns();
  CHECK(denial.sees(SelectorKind::bytes, R"({"text": {"contains": "HTTP/1.1 401 "}})"));
  CHECK(denial.sees(SelectorKind::end, "\"fin\""));
  Talk wrong;
  wrong.client(request()).app(start_200);
  wrong.app(R"({"type": "http.response.body", "body": "text"})");
  CHECK(wrong.sees(SelectorKind::bytes, R"({"text": {"contains": "HTTP/1.1 200 OK"}})"));
  CHECK(wrong.sees(SelectorKind::end, "\"fin\""));
}

TEST_CASE("asgi server: a body that is longer or shorter than announced", "[drive]") {
  Talk longer;
  longer.client(request()).app(start_200);
  longer.app(R"({"type": "http.response.body", "body": {"$bytes": "hello"}, "more_body": true})");
  longer.app(R"({"type": "http.response.body", "body": {"$bytes": " there"}})");
  CHECK(longer.sees(SelectorKind::response, R"({"status": 200, "body": "hello"})"));
  CHECK(longer.sees(SelectorKind::end, "\"fin\""));
  Talk at_once;
  at_once.client(request()).app(start_200);
  at_once.app(R"({"type": "http.response.body", "body": {"$bytes": "hello there"}})");
  CHECK(at_once.sees(SelectorKind::bytes,
                     R"({"text": {"matches": "content-length: 5\\r\\n\\r\\n$"}})"));
  CHECK(at_once.sees(SelectorKind::end, "\"fin\""));
  Talk shorter;
  shorter.client(request()).app(start_200);
  shorter.app(R"({"type": "http.response.body", "body": {"$bytes": "he"}})");
  CHECK(shorter.sees(SelectorKind::bytes, R"({"text": {"matches": "\\r\\n\\r\\nhe$"}})"));
  CHECK(shorter.sees(SelectorKind::end, "\"fin\""));
}

TEST_CASE("asgi server: a request that no server passes on", "[drive]") {
  Talk talk;
  talk.client(upgrade("/ws", {{"Sec-WebSocket-Key", "AAAA"}}));
  CHECK(talk.commands.empty());
  CHECK(talk.sees(SelectorKind::upgrade, R"({"status": 400})"));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
  Talk frame;
  frame.client(Send{SendText{"no upgrade"}});
  CHECK(frame.commands.empty());
  CHECK(frame.sees(SelectorKind::response, R"({"status": 400})"));
}
