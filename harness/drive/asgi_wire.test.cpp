#include "drive/asgi_wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "catch.hpp"
#include "drive/connection.hpp"
#include "drive/scripted_peer.hpp"

using namespace relapse;
using testing::Act;
using testing::ScriptedPeer;

namespace {

const RequestDefaults defaults{"localhost", {}, "relapse", ""};
const char* const some_key = "dGhlIHNhbXBsZSBub25jZQ==";
const char* const switching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

HttpMessage upgrade() {
  const SendUpgrade send{};
  return build_request(HttpRequest{}, &send, some_key, defaults);
}

HttpMessage request(const char* method = "GET") {
  HttpRequest made;
  made.method = method;
  return build_request(made, nullptr, "", defaults);
}

Bytes server_frame(int opcode, const Bytes& payload) {
  ws::FrameSpec spec;
  spec.opcode = opcode;
  return ws::encode(spec, payload);
}

/// A client that asks, sends its frame, if it has one, and waits for the end.
struct Talk {
  const char* what;
  HttpMessage ask;
  Bytes before;                ///< what the server answers before the frame
  std::optional<Bytes> close;  ///< payload of the client's Close frame
  Bytes after;                 ///< what it answers then, before it ends the connection
};

/// Without what is new each time: ports and masks.
std::vector<Payload> comparable(std::vector<Payload> events) {
  std::erase_if(events, [](const Payload& p) { return std::holds_alternative<Connected>(p); });
  for (Payload& payload : events) {
    auto* frame = std::get_if<WsFrame>(&payload);
    if (frame != nullptr && frame->direction == Direction::sent) {
      frame->mask_key.reset();
      frame->head.resize(frame->head.size() - 4);
    }
  }
  return events;
}

std::vector<Payload> without_wire(const Talk& talk) {
  AsgiWire wire;
  wire.connect("127.0.0.1", 80, 50000);
  wire.send_http(talk.ask, true);
  wire.receive(talk.before);
  if (talk.close) {
    wire.send_frame(ws::close, *talk.close);
  }
  wire.receive(talk.after);
  wire.receive_fin();
  CHECK(wire.ended());
  return comparable(wire.take());
}

asio::awaitable<void> converse(std::shared_ptr<Connection> peer, Recorder& recorder,
                               const Talk& talk, int port) {
  net::Endpoint endpoint{"127.0.0.1", std::to_string(port), {}};
  const bool opened = co_await peer->open(endpoint, std::chrono::seconds{5});
  CHECK(opened);
  HttpMessage ask = talk.ask;
  co_await peer->send_http(std::move(ask), Split(), true);
  const auto end = Clock::now() + std::chrono::seconds{5};
  if (talk.close) {
    while (!peer->answered() && Clock::now() < end) {
      co_await recorder.changed().wait_until(end);
    }
    ws::FrameSpec spec;
    spec.opcode = ws::close;
    spec.mask_key = 1;
    Bytes payload = *talk.close;
    co_await peer->send_frame(std::move(spec), std::move(payload), Split());
  }
  co_await peer->join();
}

std::vector<Payload> on_the_wire(const Talk& talk) {
  asio::io_context context;
  std::vector<Act> acts{{Act::Kind::read_head}, {Act::Kind::write, talk.before}};
  if (talk.close) {
    acts.push_back({Act::Kind::read_octets, "", 6 + talk.close->size()});
  }
  acts.push_back({Act::Kind::write, talk.after});
  acts.push_back({Act::Kind::fin});
  ScriptedPeer peer(context.get_executor(), acts);
  Recorder recorder(context.get_executor());
  const auto client = std::make_shared<Connection>(context.get_executor(), recorder, "main");
  asio::co_spawn(context, converse(client, recorder, talk, peer.port()),
                 [](std::exception_ptr thrown) { CHECK_FALSE(thrown); });
  context.run_for(std::chrono::seconds{10});
  std::vector<Payload> events;
  for (const Event& event : recorder.events()) {
    events.push_back(event.payload);
  }
  return comparable(std::move(events));
}

}  // namespace

TEST_CASE("asgi wire: it records what a Connection records", "[drive]") {
  const Bytes close_1000 = ws::close_payload(1000, "done");
  const std::vector<Talk> talks{
      {"the server closes", upgrade(), switching, std::nullopt,
       server_frame(ws::text, "hi") + server_frame(ws::binary, "\xff") +
           server_frame(ws::close, close_1000)},
      {"the client closes", upgrade(), switching, close_1000, server_frame(ws::close, close_1000)},
      {"a close without a code", upgrade(), switching, std::nullopt, server_frame(ws::close, "")},
      {"a large message", upgrade(), switching, std::nullopt,
       server_frame(ws::text, Bytes((std::size_t{1} << 20) + 9, 'a'))},
      {"refused", upgrade(), "", std::nullopt,
       "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"},
      {"nothing", request(), "", std::nullopt, ""},
      {"a whole response", request(), "", std::nullopt,
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
      {"in chunks", request(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       std::nullopt, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"},
      {"to HEAD", request("HEAD"), "", std::nullopt,
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
      {"until the end", request(), "", std::nullopt, "HTTP/1.1 200 OK\r\n\r\nhello"},
      {"cut in the body", request(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       std::nullopt, "2\r\nhe\r\n"},
      {"cut short", request(), "", std::nullopt, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"},
  };
  for (const Talk& talk : talks) {
    CAPTURE(talk.what);
    const auto wire = on_the_wire(talk);
    const auto without = without_wire(talk);
    REQUIRE(wire.size() == without.size());
    for (std::size_t i = 0; i < wire.size(); ++i) {
      CAPTURE(i);
      CHECK(without[i] == wire[i]);
    }
    CHECK(wire.size() >= 3);
  }
}

TEST_CASE("asgi wire: nothing is seen behind the client's end", "[drive]") {
  AsgiWire wire;
  CHECK_FALSE(wire.end(EndKind::fin));
  wire.connect("127.0.0.1", 80, 50000);
  wire.send_http(request(), true);
  wire.take();
  CHECK(wire.end(EndKind::rst));
  wire.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  wire.receive_fin();
  CHECK_FALSE(wire.end(EndKind::fin));
  CHECK(wire.take().size() == 1);
  CHECK_FALSE(wire.answered());
}
