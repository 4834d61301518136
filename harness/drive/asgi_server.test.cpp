#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/asgi_talk.hpp"

using namespace relapse;
using namespace relapse::testing;

namespace {

Talk open() {
  Talk talk;
  talk.client(upgrade()).app(R"({"type": "websocket.accept"})");
  REQUIRE(talk.sees(SelectorKind::upgrade, R"({"status": 101})"));
  return talk;
}

}  // namespace

TEST_CASE("asgi server: an upgrade becomes a call, its accept a 101", "[drive]") {
  Talk talk;
  talk.client(upgrade("/ws", {{"Sec-WebSocket-Protocol", "chat, v2"},
                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}}));
  CHECK(talk.told(0) == R"(call websocket /ws, {"type":"websocket.connect"})");
  CHECK(std::holds_alternative<Connected>(talk.events.front().payload));
  CHECK(std::get<Connected>(talk.events.front().payload).port == 8000);
  CHECK(talk.sees_nothing());
  CHECK_FALSE(talk.server.answered());
  talk.app(R"({"type": "websocket.accept", "subprotocol": "v2",
               "headers": [[{"$bytes": "x-a"}, {"$hex": "62"}]]})");
  CHECK(talk.server.answered());
  CHECK(talk.sees(SelectorKind::upgrade, R"({
    "status": 101, "subprotocol": "v2",
    "headers": {"x-a": "b", "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}})"));
  const auto& message = std::get<HttpMessage>(talk.events.back().payload);
  CHECK(message.head.starts_with("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"));
  CHECK(talk.sees_nothing());
}

TEST_CASE("asgi server: what does not accept an upgrade", "[drive]") {
  struct Row {
    const char* sent;
    int status;
  };
  const Row row = GENERATE(
      Row{R"({"type": "websocket.close", "code": 4000})", 403},
      Row{R"({"type": "websocket.send", "text": "early"})", 500}, Row{R"({"type": "sned"})", 500},
      Row{R"({"type": "websocket.accept", "subprotocol": "not offered"})", 500},
      Row{R"({"type": "websocket.accept",
              "headers": [[{"$bytes": "x-a"}, {"$bytes": "b\r\nx-b: c"}]]})",
          500},
      Row{R"({"type": "websocket.accept", "headers": [["x-a", "b"]]})", 500},
      Row{R"({"type": "websocket.accept",
              "headers": [[{"$bytes": "sec-websocket-protocol"}, {"$bytes": "v2"}]]})",
          500});
  CAPTURE(row.sent);
  Talk talk;
  talk.client(upgrade()).app(row.sent);
  CHECK(talk.sees(SelectorKind::upgrade,
                  ("{\"status\": " + std::to_string(row.status) + "}").c_str()));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
  CHECK(talk.told(2) == "disconnect 1006");
  const std::size_t seen = talk.events.size();
  talk.app(R"({"type": "websocket.accept"})").raises();
  CHECK(talk.events.size() == seen);
}

TEST_CASE("asgi server: an application that ends before it has answered", "[drive]") {
  Talk raising;
  raising.client(upgrade()).raises();
  CHECK(raising.sees(SelectorKind::upgrade, R"({"status": 500})"));
  CHECK(raising.sees(SelectorKind::end, "\"fin\""));
  Talk returning;
  returning.client(upgrade()).returns();
  CHECK(returning.sees(SelectorKind::upgrade, R"({"status": 500})"));
  CHECK(returning.sees(SelectorKind::end, "\"fin\""));
  CHECK(returning.told(2).empty());  // nobody is left to be told
}

TEST_CASE("asgi server: a response of its own denies an upgrade", "[drive]") {
  Talk talk;
  talk.client(upgrade());
  talk.app(R"({"type": "websocket.http.response.start", "status": 401,
               "headers": [[{"$bytes": "content-type"}, {"$bytes": "application/json"}]]})");
  CHECK(talk.sees_nothing());
  talk.app(R"({"type": "websocket.http.response.body", "body": {"$bytes": "{\"a\":"},
               "more_body": true})");
  CHECK(talk.sees_nothing());
  talk.app(R"({"type": "websocket.http.response.body", "body": {"$bytes": "1}"}})");
  CHECK(talk.sees(SelectorKind::upgrade, R"({"status": 401, "json": {"a": 1}})"));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
}

TEST_CASE("asgi server: messages pass both ways", "[drive]") {
  Talk talk = open();
  talk.client(Send{SendText{"hi"}}).client(Send{SendJson{Value(Json{{"a", 1}})}});
  talk.client(Send{SendBinary{{from_hex("ff00").value()}}});
  CHECK(talk.told(2) == R"({"type":"websocket.receive","text":"hi"}, )"
                        R"({"type":"websocket.receive","text":"{\"a\":1}"}, )"
                        R"({"type":"websocket.receive","bytes":{"$hex":"ff 00"}})");
  talk.app(R"({"type": "websocket.send", "text": "hi back"})");
  talk.app(R"({"type": "websocket.send", "text": "{\"b\": 2}", "bytes": null})");
  talk.app(R"({"type": "websocket.send", "bytes": {"$hex": "00 ff"}})");
  CHECK(talk.sees(SelectorKind::text, "\"hi back\""));
  CHECK(talk.sees(SelectorKind::json, R"({"b": 2})"));
  CHECK(talk.sees(SelectorKind::binary, "\"00ff\""));
  CHECK(talk.sees_nothing());
}

TEST_CASE("asgi server: what the client sends before the accept waits for it", "[drive]") {
  Talk talk;
  talk.client(upgrade()).client(Send{SendText{"early"}}).client(Send{SendClose{1001, "bye"}});
  talk.client(Send{SendText{"behind the close"}});
  CHECK(talk.commands.size() == 2);
  CHECK(talk.sees_nothing());
  talk.app(R"({"type": "websocket.accept"})");
  CHECK(talk.told(2) == R"({"type":"websocket.receive","text":"early"}, disconnect 1001 bye)");
  CHECK(talk.sees(SelectorKind::upgrade, R"({"status": 101})"));
  CHECK(talk.sees(SelectorKind::close, R"({"code": 1001, "by": "client", "clean": true})"));
}

TEST_CASE("asgi server: the client closes", "[drive]") {
  struct Row {
    SendClose close;
    const char* told;
    const char* seen;
  };
  const Row row = GENERATE(
      Row{{4001, "enough"}, "disconnect 4001 enough", R"({"code": 4001, "reason": "enough"})"},
      Row{{}, "disconnect 1005", R"({"code": null, "reason": ""})"});
  Talk talk = open();
  talk.client(Send{row.close});
  CHECK(talk.told(2) == row.told);
  Json close = Json::parse(row.seen);
  close.update({{"by", "client"}, {"clean", true}});
  CHECK(talk.sees(SelectorKind::close, close.dump().c_str()));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
  CHECK(talk.server.ended());
  talk.app(R"({"type": "websocket.send", "text": "too late"})").returns();
  CHECK(talk.sees_nothing());
  talk.client(Send{SendText{"still there?"}});  // on record, as on the wire
  CHECK(std::get<WsFrame>(talk.events.back().payload).payload == "still there?");
  CHECK(talk.told(3).empty());
}

TEST_CASE("asgi server: the application closes, by event or by its end", "[drive]") {
  struct Row {
    const char* what;
    int code;
    const char* reason;
  };
  const Row row = GENERATE(
      Row{R"({"type": "websocket.close", "code": 4000, "reason": "done"})", 4000, "done"},
      Row{R"({"type": "websocket.close"})", 1000, ""}, Row{"returns", 1000, ""},
      Row{R"({"type": "websocket.close", "reason": null})", 1000, ""}, Row{"raises", 1011, ""},
      Row{R"({"type": "websocket.close", "code": 1005})", 1011, ""},
      Row{R"({"type": "websocket.close", "code": 99})", 1011, ""},
      Row{R"({"type": "websocket.accept"})", 1011, ""},
      Row{R"({"type": "websocket.send"})", 1011, ""},
      Row{R"({"type": "websocket.send", "text": "a", "bytes": {"$bytes": "a"}})", 1011, ""});
  CAPTURE(row.what);
  Talk talk = open();
  if (row.what == std::string("returns")) {
    talk.returns();
  } else if (row.what == std::string("raises")) {
    talk.raises();
  } else {
    talk.app(row.what);
    CHECK(talk.told(2) == "disconnect " + std::to_string(row.code) +
                              (*row.reason == '\0' ? "" : " " + std::string(row.reason)));
  }
  const Json close{{"code", row.code}, {"reason", row.reason}, {"by", "server"}, {"clean", true}};
  CHECK(talk.sees(SelectorKind::close, close.dump().c_str()));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
  const std::size_t seen = talk.events.size();
  talk.app(R"({"type": "websocket.send", "text": "too late"})").raises();
  CHECK(talk.events.size() == seen);
  const auto& answer = std::get<WsFrame>(talk.events[seen - 3].payload);
  CHECK((answer.automatic && answer.direction == Direction::sent && answer.payload.size() == 2));
  CHECK(std::get<Ended>(talk.events[seen - 1].payload).direction == Direction::sent);
}

TEST_CASE("asgi server: a reason that a Close frame has no room for is cut", "[drive]") {
  Talk talk = open();
  std::string reason = std::string(122, 'r') + "\xc3\xa9" + "and more";
  const Json event{{"type", "websocket.close"}, {"reason", reason}};
  talk.app(event.dump().c_str());
  const Json close{{"code", 1000}, {"reason", std::string(122, 'r')}};
  CHECK(talk.sees(SelectorKind::close, close.dump().c_str()));
}

TEST_CASE("asgi server: the client vanishes", "[drive]") {
  const EndKind kind = GENERATE(EndKind::fin, EndKind::rst);
  Talk before;
  before.client(upgrade()).client(Send{SendText{"lost"}}).ends(kind);
  CHECK(before.told(2) == "disconnect 1006");
  before.app(R"({"type": "websocket.accept"})").returns();
  CHECK(before.sees_nothing());
  CHECK(before.told(3).empty());

  Talk talk = open();
  talk.ends(kind).ends(kind);
  CHECK(talk.told(2) == "disconnect 1006");
  CHECK(std::get<Ended>(talk.events.back().payload).kind == kind);
  CHECK(std::get<Ended>(talk.events.back().payload).answered);
  CHECK(std::count_if(talk.events.begin(), talk.events.end(), [](const Event& event) {
          return std::holds_alternative<Ended>(event.payload);
        }) == 1);
  CHECK(talk.sees_nothing());

  Talk asking;
  asking.client(request()).ends(kind);
  CHECK(asking.told(2) == "disconnect");
  CHECK_FALSE(std::get<Ended>(asking.events.back().payload).answered);
}

TEST_CASE("asgi server: the polite end after the last step", "[drive]") {
  Talk talk = open();
  talk.finishes();
  CHECK(talk.told(2) == "disconnect 1000");
  CHECK(talk.sees(SelectorKind::close, R"({"code": 1000, "by": "client", "clean": true})"));
  CHECK(talk.sees(SelectorKind::end, "\"fin\""));
  Talk pending;
  pending.client(upgrade()).finishes();
  CHECK(pending.told(2) == "disconnect 1006");
  AsgiServer unused{RequestDefaults{}};
  unused.finish();
  CHECK(unused.take_wire().empty());
}

TEST_CASE("asgi server: an application that refused to start has no connections", "[drive]") {
  Talk talk;
  talk.server.refuse("it exited");
  talk.client(upgrade()).client(Send{SendText{"hi"}}).client(request()).finishes();
  REQUIRE(talk.events.size() == 1);  // on the wire too the first send alone tries
  CHECK(std::get<ConnectFailed>(talk.events[0].payload) ==
        ConnectFailed{"127.0.0.1", 8000, "it exited"});
  CHECK(talk.commands.empty());
  CHECK_FALSE(talk.server.answered());
  CHECK(talk.sees_nothing());
}

TEST_CASE("asgi server: who goes first decides whether a send fails", "[drive]") {
  Talk closed = open();
  closed.client(Send{SendClose{1000, ""}});
  CHECK(closed.commands.back().sends_fail);
  Talk ended = open();
  ended.ends(GENERATE(EndKind::fin, EndKind::rst));
  CHECK(ended.commands.back().sends_fail);
  Talk pending;
  pending.client(upgrade()).ends(EndKind::rst);
  CHECK(pending.commands.back().sends_fail);
  Talk left = open();
  left.app(R"({"type": "websocket.close"})");
  CHECK(left.commands.back().kind == AsgiServer::Command::Kind::disconnect);
  CHECK_FALSE(left.commands.back().sends_fail);
  Talk refused;
  refused.client(upgrade()).app(R"({"type": "websocket.close"})");
  CHECK_FALSE(refused.commands.back().sends_fail);
  Talk asking;  // servers ignore what is sent to an HTTP client that has gone
  asking.client(request()).ends(EndKind::fin);
  CHECK_FALSE(asking.commands.back().sends_fail);
}
