// Our frame codec against Boost.Beast's WebSocket over loopback, in both roles:
//
//   client test:  ours (masked)   --->  Beast accepts, echoes, pongs, closes
//   server test:  ours (unmasked) <---  Beast connects, sends (masked), reads

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <functional>
#include <set>
#include <thread>
#include <utility>

#include "catch.hpp"
#include "codec/peers/raw_peer.hpp"

using namespace relapse;
using namespace relapse::peers;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

namespace {

using BeastStream = websocket::stream<tcp::socket>;

/// What Beast's side saw; read after its thread has been joined.
struct Seen {
  std::vector<std::pair<int, std::string>> messages;  ///< opcode, payload
  std::vector<std::string> pings;
  std::vector<std::string> pongs;
  boost::system::error_code failure;  ///< none after a closing handshake
  std::string close_reason;
  int close_code = 0;
};

/// Two sockets that are connected to each other.
struct Sockets {
  asio::io_context context;
  tcp::socket ours{context};
  tcp::socket theirs{context};

  Sockets() {
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    ours.connect(acceptor.local_endpoint());
    theirs = acceptor.accept();
  }
};

void note_control(Seen& seen, websocket::frame_type kind, beast::string_view payload) {
  const std::string text(payload.data(), payload.size());
  if (kind == websocket::frame_type::ping) {
    seen.pings.push_back(text);
  } else if (kind == websocket::frame_type::pong) {
    seen.pongs.push_back(text);
  }
}

/// Reads messages until the connection ends; gives each to on_message.
void read_all(BeastStream& stream, Seen& seen,
              const std::function<void(const std::string&)>& on_message) {
  stream.control_callback([&seen](websocket::frame_type kind, beast::string_view payload) {
    note_control(seen, kind, payload);
  });
  boost::system::error_code ec;
  while (!ec) {
    beast::flat_buffer buffer;
    stream.read(buffer, ec);
    if (!ec) {
      const std::string text = beast::buffers_to_string(buffer.data());
      seen.messages.emplace_back(stream.got_text() ? ws::text : ws::binary, text);
      on_message(text);
    }
  }
  if (ec != websocket::error::closed) {
    seen.failure = ec;
  }
  seen.close_code = stream.reason().code;
  seen.close_reason = std::string(stream.reason().reason.data(), stream.reason().reason.size());
}

/// Beast as a server that sends every message back as it came; "fragment" turns on small frames.
void beast_echo(tcp::socket socket, Seen& seen) {
  BeastStream stream(std::move(socket));
  boost::system::error_code ec;
  stream.accept(ec);
  if (ec) {
    seen.failure = ec;
    return;
  }
  stream.auto_fragment(false);
  read_all(stream, seen, [&](const std::string& text) {
    if (text == "fragment") {
      stream.write_buffer_bytes(100);
      stream.auto_fragment(true);
    }
    stream.text(stream.got_text());
    boost::system::error_code failed;
    stream.write(asio::buffer(text), failed);
  });
}

/// Beast as a client; calls `speak` once it is connected, then reads to the end.
void beast_client(tcp::socket socket, Seen& seen, const std::function<void(BeastStream&)>& speak) {
  BeastStream stream(std::move(socket));
  boost::system::error_code ec;
  stream.handshake("127.0.0.1", "/", ec);
  if (ec) {
    seen.failure = ec;
    return;
  }
  speak(stream);
  read_all(stream, seen, [](const std::string&) {});
}

/// Joins whatever the test does; closing our socket ends Beast's side.
class Thread {
 public:
  explicit Thread(std::function<void()> body) : thread_(std::move(body)) {}
  ~Thread() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  void join() { thread_.join(); }

 private:
  std::thread thread_;
};

struct EchoServer {
  Sockets sockets;
  Seen seen;
  Thread thread{[this] { beast_echo(std::move(sockets.theirs), seen); }};
  RawPeer peer{std::move(sockets.ours)};  // goes first, so that the thread ends
};

ws::Frame expect_frame(RawPeer& peer) {
  std::optional<ws::Frame> got = peer.receive();
  REQUIRE(got.has_value());
  return std::move(*got);
}

}  // namespace

TEST_CASE("peers: Beast's server reads our client frames and we read its own", "[peers]") {
  EchoServer server;
  server.peer.upgrade("/chat");
  const std::vector<std::string> payloads = sample_payloads();
  for (const int opcode : {ws::text, ws::binary}) {
    for (const std::string& payload : payloads) {
      CAPTURE(opcode, payload.size());
      server.peer.send_frame(frame(opcode, true), payload);
      const ws::Frame echo = expect_frame(server.peer);
      CHECK(echo.fin);
      CHECK(echo.rsv == 0);
      CHECK(echo.opcode == opcode);
      CHECK_FALSE(echo.mask_key.has_value());
      CHECK(echo.minimal_length);
      const bool same = echo.payload == payload;
      CHECK(same);
    }
  }
  server.peer.send_frame(frame(ws::close, true), ws::close_payload(4001, "enough"));
  const ws::Frame closing = expect_frame(server.peer);
  CHECK(closing.opcode == ws::close);
  CHECK(ws::parse_close(closing.payload).code == 4001);
  CHECK(server.peer.at_end());
  server.peer.close();
  server.thread.join();
  CHECK(server.seen.failure == boost::system::error_code());
  CHECK(server.seen.messages.size() == 2 * payloads.size());
  CHECK(server.seen.close_code == 4001);
  CHECK(server.seen.close_reason == "enough");
}

TEST_CASE("peers: fragments, with control frames between them, both ways", "[peers]") {
  EchoServer server;
  server.peer.upgrade("/");
  server.peer.send_frame(frame(ws::text, true, false), "Hel");
  server.peer.send_frame(frame(ws::ping, true), "between");
  server.peer.send_frame(frame(ws::continuation, true, false), "");
  server.peer.send_frame(frame(ws::continuation, true, true), "lo");
  const ws::Frame pong = expect_frame(server.peer);
  CHECK(pong.opcode == ws::pong);
  CHECK(pong.payload == "between");
  CHECK(expect_frame(server.peer).payload == "Hello");
  server.peer.send_frame(frame(ws::pong, true), "unasked");

  server.peer.send_frame(frame(ws::text, true), "fragment");
  CHECK(expect_frame(server.peer).payload == "fragment");
  std::string large;
  for (int i = 0; i < 1000; ++i) {
    large += static_cast<char>('a' + i % 26);
  }
  server.peer.send_frame(frame(ws::binary, true), large);
  std::string whole;
  std::vector<int> opcodes;
  bool fin = false;
  while (!fin) {
    const ws::Frame part = expect_frame(server.peer);
    opcodes.push_back(part.opcode);
    whole += part.payload;
    fin = part.fin;
  }
  CHECK(whole == large);
  REQUIRE(opcodes.size() > 2);
  CHECK(opcodes.front() == ws::binary);
  CHECK(opcodes.back() == ws::continuation);
  server.peer.send_frame(frame(ws::close, true), "");
  const ws::Frame closing = expect_frame(server.peer);
  CHECK(closing.opcode == ws::close);
  CHECK(ws::parse_close(closing.payload).code == 1000);  // what Beast answers to an empty one
  server.peer.close();
  server.thread.join();
  CHECK(server.seen.failure == boost::system::error_code());
  CHECK(server.seen.pings == std::vector<std::string>{"between"});
  CHECK(server.seen.pongs == std::vector<std::string>{"unasked"});
}

TEST_CASE("peers: Beast refuses the illegal frames that we make on purpose", "[peers]") {
  struct Row {
    const char* what;
    ws::FrameSpec spec;
    std::string payload;
    websocket::error failure;
  };
  ws::FrameSpec reserved = frame(ws::text, true);
  reserved.rsv = 4;
  ws::FrameSpec padded = frame(ws::text, true);
  padded.length_bytes = 8;
  using E = websocket::error;
  const std::vector<Row> rows = {
      {"no mask", frame(ws::text, false), "x", E::bad_unmasked_frame},
      {"RSV1", reserved, "x", E::bad_reserved_bits},
      {"opcode 3", frame(3, true), "x", E::bad_opcode},
      {"opcode 11", frame(11, true), "x", E::bad_opcode},
      {"long length", padded, "x", E::bad_size},
      {"fragmented ping", frame(ws::ping, true, false), "x", E::bad_control_fragment},
      {"large ping", frame(ws::ping, true), std::string(126, 'p'), E::bad_control_size},
      {"continuation of nothing", frame(ws::continuation, true), "x", E::bad_continuation},
      {"close code 1005", frame(ws::close, true), ws::close_payload(1005, ""), E::bad_close_code},
      {"close of one octet", frame(ws::close, true), "\x03", E::bad_close_size},
      {"bad UTF-8", frame(ws::text, true), "\xFF", E::bad_frame_payload}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    EchoServer server;
    server.peer.upgrade("/");
    server.peer.send_frame(row.spec, row.payload);
    const ws::Frame answer = expect_frame(server.peer);
    CHECK(answer.opcode == ws::close);
    const int wanted = row.payload == "\xFF" ? 1007 : 1002;
    CHECK(ws::parse_close(answer.payload).code == wanted);
    // Beast waits for our close frame before it ends the connection.
    server.peer.send_frame(frame(ws::close, true), ws::close_payload(1000, ""));
    CHECK(server.peer.at_end());
    server.peer.close();
    server.thread.join();
    CHECK(server.seen.failure == row.failure);
    CHECK(server.seen.messages.empty());
  }
}

TEST_CASE("peers: Beast's client reads our server frames and we read its masked ones", "[peers]") {
  Sockets sockets;
  Seen seen;
  const std::vector<std::string> payloads = sample_payloads();
  Thread thread([&] {
    beast_client(std::move(sockets.theirs), seen, [&payloads](BeastStream& stream) {
      for (const std::string& payload : payloads) {
        stream.binary(false);
        stream.write(asio::buffer(payload));
        stream.binary(true);
        stream.write(asio::buffer(payload));
      }
      stream.ping("are you there");
      stream.pong("I am");
    });
  });
  RawPeer peer(std::move(sockets.ours));
  peer.accept_upgrade();
  std::set<std::uint32_t> masks;
  for (const std::string& payload : payloads) {
    for (const int opcode : {ws::text, ws::binary}) {
      CAPTURE(opcode, payload.size());
      std::string whole;
      ws::Frame part = expect_frame(peer);
      CHECK(part.opcode == opcode);
      whole = part.payload;
      while (!part.fin) {  // Beast cuts what it sends into pieces of its write buffer
        part = expect_frame(peer);
        CHECK(part.opcode == ws::continuation);
        whole += part.payload;
      }
      REQUIRE(part.mask_key.has_value());
      masks.insert(*part.mask_key);
      const bool same = whole == payload;
      CHECK(same);
      peer.send_frame(frame(opcode, false), payload);
    }
  }
  CHECK(masks.size() > payloads.size());
  const ws::Frame ping = expect_frame(peer);
  CHECK(ping.opcode == ws::ping);
  CHECK(ping.payload == "are you there");
  CHECK(ping.mask_key.has_value());
  const ws::Frame pong = expect_frame(peer);
  CHECK(pong.opcode == ws::pong);
  CHECK(pong.payload == "I am");
  peer.send_frame(frame(ws::text, false, false), "in ");
  peer.send_frame(frame(ws::ping, false), "p");
  peer.send_frame(frame(ws::continuation, false), "parts");
  const ws::Frame answer = expect_frame(peer);
  CHECK(answer.opcode == ws::pong);
  CHECK(answer.payload == "p");
  peer.send_frame(frame(ws::close, false), ws::close_payload(1001, "going away"));
  const ws::Frame closing = expect_frame(peer);
  CHECK(closing.opcode == ws::close);
  CHECK(closing.mask_key.has_value());
  CHECK(ws::parse_close(closing.payload).code == 1001);
  peer.close();
  thread.join();
  CHECK(seen.failure == boost::system::error_code());
  CHECK(seen.close_code == 1001);
  CHECK(seen.close_reason == "going away");
  CHECK(seen.pings == std::vector<std::string>{"p"});
  REQUIRE(seen.messages.size() == 2 * payloads.size() + 1);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const bool same =
        seen.messages[2 * i] == std::pair<int, std::string>(ws::text, payloads[i]) &&
        seen.messages[2 * i + 1] == std::pair<int, std::string>(ws::binary, payloads[i]);
    CHECK(same);
  }
  CHECK(seen.messages.back().second == "in parts");
}
