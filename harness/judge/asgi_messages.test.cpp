#include "judge/asgi_messages.hpp"

#include "catch.hpp"
#include "judge/asgi_story.hpp"

namespace relapse {
namespace {

using testing::first_violation;
using testing::message;
using testing::parsed;
using testing::scope_with;
using testing::Talk;

std::string first(const Talk& talk) {
  return first_violation({}, talk.story());
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

/// What is said about such a message in a legal place.
std::string of_send(const std::string& rest) {
  return first(open().sent("websocket.send", rest));
}
std::string of_accept(const std::string& rest) {
  return first(websocket().sent("websocket.accept", rest));
}
std::string of_close(const std::string& rest) {
  return first(open().sent("websocket.close", rest));
}
std::string of_start(const std::string& rest) {
  return first(http().sent("http.response.start", rest));
}

const char* const accept_section = " (ASGI websocket, section Accept - send event)";
const char* const send_section = " (ASGI websocket, section Send - send event)";
const char* const close_section = " (ASGI websocket, section Close - send event)";
const char* const start_section = " (ASGI http, section Response Start - send event)";

}  // namespace

TEST_CASE("protocol: what a websocket.send holds", "[judge]") {
  CHECK(of_send("") ==
        std::string("websocket.send: neither text nor bytes is given") + send_section);
  CHECK(of_send(R"("text": null, "bytes": null)") ==
        std::string("websocket.send: neither text nor bytes is given") + send_section);
  CHECK(of_send(R"("text": "x", "bytes": {"$bytes": "x"})") ==
        std::string("websocket.send: both text and bytes are given") + send_section);
  CHECK(of_send(R"("text": 1)") ==
        std::string("websocket.send: text is an int, not a str") + send_section);
  CHECK(of_send(R"("text": {"$bytes": "x"})") ==
        std::string("websocket.send: text is bytes, not a str") + send_section);
  CHECK(of_send(R"("text": {"a": 1})") ==
        std::string("websocket.send: text is a dict, not a str") + send_section);
  CHECK(of_send(R"("bytes": "x")") ==
        std::string("websocket.send: bytes is a str, not bytes") + send_section);
  CHECK(of_send(R"("bytes": {"$object": {"type": "bytearray", "repr": "..."}})") ==
        std::string("websocket.send: bytes is a bytearray, not bytes") + send_section);
  CHECK(of_send(R"("text": {"$str_hex": "ed b3 a9"})") == "");
}

TEST_CASE("protocol: what a websocket.close holds", "[judge]") {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999}) {
    CHECK(of_close("\"code\": " + std::to_string(code)) == "");
  }
  for (const int code : {-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000}) {
    CHECK(of_close("\"code\": " + std::to_string(code)) ==
          "websocket.close: code " + std::to_string(code) +
              " may not be sent (RFC 6455 section 7.4)" + close_section);
  }
  CHECK(of_close(R"("code": "1000")") ==
        std::string("websocket.close: code is a str, not an int") + close_section);
  CHECK(of_close(R"("code": null)") ==
        std::string("websocket.close: code is None, not an int") + close_section);
  CHECK(of_close(R"("code": true)") ==
        std::string("websocket.close: code is a bool, not an int") + close_section);
  CHECK(of_close(R"("code": {"$int": "12345678901234567890"})") ==
        std::string("websocket.close: code beyond 64 bits may not be sent (RFC 6455 section 7.4)") +
            close_section);
  CHECK(of_close(R"("reason": {"$bytes": "x"})") ==
        std::string("websocket.close: reason is bytes, not a str") + close_section);
  CHECK(of_close("\"reason\": \"" + std::string(123, 'x') + "\"") == "");
  CHECK(
      of_close("\"reason\": \"" + std::string(124, 'x') + "\"") ==
      std::string("websocket.close: reason of 124 octets, more than the 123 of a Close frame (RFC "
                  "6455 section 5.5)") +
          close_section);
  std::string umlauts;
  for (int i = 0; i < 62; ++i) {
    umlauts += "ä";  // 62 characters, 124 octets
  }
  CHECK(of_close("\"reason\": \"" + umlauts + "\"") != "");
}

TEST_CASE("protocol: headers", "[judge]") {
  const auto accept = [](const std::string& headers) {
    return of_accept("\"headers\": " + headers);
  };
  const auto pair = [](const std::string& name, const std::string& value) {
    return R"([[{"$bytes": ")" + name + R"("}, {"$bytes": ")" + value + R"("}]])";
  };
  CHECK(accept("[]") == "");
  CHECK(accept(R"({"$tuple": []})") == "");
  CHECK(accept(pair("x-a", "1")) == "");
  CHECK(accept(R"([{"$tuple": [{"$bytes": "x-a"}, {"$hex": "ff"}]}])") == "");
  CHECK(accept(R"({"$object": {"type": "generator", "repr": "<generator>"}})") == "");
  const std::string head = "websocket.accept: ";
  CHECK(accept("null") == head + "headers is None, no iterable of pairs" + accept_section);
  CHECK(accept("7") == head + "headers is an int, no iterable of pairs" + accept_section);
  CHECK(accept(R"({"x-a": "1"})") ==
        head + "headers is a dict, no iterable of pairs" + accept_section);
  CHECK(accept(R"([[{"$bytes": "x-a"}]])") ==
        head + "headers holds a list of 1, no pair" + accept_section);
  CHECK(accept(R"([{"$bytes": "ab"}])") == head + "headers holds bytes, no pair" + accept_section);
  CHECK(accept(R"([["x-a", {"$bytes": "1"}]])") ==
        head + "header name \"x-a\" is a str, not bytes" + accept_section);
  CHECK(accept(R"([[{"$bytes": "x-a"}, "1"]])") ==
        head + "value of header \"x-a\" is a str, not bytes" + accept_section);
  CHECK(accept(pair("X-A", "1")) ==
        head + "header name \"X-A\" is not lower case" + accept_section);
  CHECK(accept(pair(":status", "1")) == head + "pseudo header \":status\"" + accept_section);
  CHECK(accept(pair("sec-websocket-protocol", "chat")) ==
        head + "header sec-websocket-protocol, which is what subprotocol is for" + accept_section);
  CHECK(accept(pair("x-a", R"(1\r\nset-cookie: a)")) ==
        head + "header \"x-a\" holds an end of line" + accept_section);
  CHECK(accept(pair(R"(x\na)", "1")) ==
        head + "header \"x\\na\" holds an end of line" + accept_section);
  CHECK(of_start("\"status\": 200, \"headers\": " + pair("X-A", "1")) ==
        std::string("http.response.start: header name \"X-A\" is not lower case") + start_section);
  // A plain response may name it: it is the answer to no handshake.
  CHECK(of_start("\"status\": 400, \"headers\": " + pair("sec-websocket-protocol", "x")) == "");
}

TEST_CASE("protocol: subprotocols", "[judge]") {
  CHECK(of_accept(R"("subprotocol": null)") == "");
  CHECK(of_accept(R"("subprotocol": {"$bytes": "chat"})") ==
        std::string("websocket.accept: subprotocol is bytes, not a str") + accept_section);
  CHECK(of_accept(R"("subprotocol": "chat")") ==
        std::string("websocket.accept: subprotocol \"chat\" was not offered") + accept_section);
  const auto offered = [](const char* list) {
    return first(Talk(scope_with("websocket", "subprotocols", list))
                     .fed("websocket.connect")
                     .sent("websocket.accept", R"("subprotocol": "chat")"));
  };
  CHECK(offered(R"(["a", "chat"])") == "");
  CHECK(offered(R"({"$tuple": ["chat"]})") == "");
  CHECK(offered(R"(["a"])") != "");
  CHECK(offered("null") != "");
  CHECK(offered(R"("chat")") == "");  // a broken scope: nobody can say
}

TEST_CASE("protocol: messages that are none", "[judge]") {
  const std::string events = " (ASGI specification, section Events)";
  CHECK(first(open().sends(parsed("[1]"))) == "send() was given a list, not a dict" + events);
  CHECK(first(open().sends(parsed("null"))) == "send() was given None, not a dict" + events);
  CHECK(first(open().sends(parsed(R"({"text": "x"})"))) == "a message without a type" + events);
  CHECK(first(open().sends(parsed(R"({"type": {"$bytes": "websocket.send"}})"))) ==
        "the type of a message is bytes, not a str" + events);
  CHECK(first(open().sends(
            parsed(R"({"$dict": [["type", "websocket.send"], ["text", "x"], [1, 2]]})"))) == "");
  const std::string ws = " (ASGI websocket, section Connection Scope)";
  CHECK(first(open().sent("websocket.message")) ==
        "\"websocket.message\" is no message that may be sent on a call of type websocket" + ws);
  CHECK(first(websocket().sent("http.response.start", R"("status": 200)")) ==
        "\"http.response.start\" on a call of type websocket" + ws);
  CHECK(first(websocket().sent("websocket.http.response.trailers")) ==
        "\"websocket.http.response.trailers\" is no message that may be sent on a call of type "
        "websocket" +
            ws);
  CHECK(first(http().sent("websocket.accept")) ==
        "\"websocket.accept\" on a call of type http (ASGI http, section Connection Scope)");
  CHECK(first(http().sent("http.response.push")) ==
        "\"http.response.push\" is no message that may be sent on a call of type http (ASGI http, "
        "section Connection Scope)");
  CHECK(first(Talk(scope_with("http", "extensions", R"({"http.response.push": {}})"))
                  .sent("http.response.push")) == "");
  // A scope of an unknown type: no specification says what may be sent.
  CHECK(first(Talk(parsed(R"({"type": "webtransport"})")).sent("anything").returns()) == "");
  CHECK(first(Talk(parsed(R"({"type": "webtransport"})")).sends(parsed("1"))) != "");
}

}  // namespace relapse
