// Our frame codec against websocketpp, which runs as a child process (wspp_echo.cpp).

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "catch.hpp"
#include "codec/peers/raw_peer.hpp"

using namespace relapse;
using namespace relapse::peers;
using boost::asio::ip::tcp;

namespace {

/// The child. Ends when the pipe to its standard input is closed, here or by our own death.
class WsppEcho {
 public:
  WsppEcho() {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    REQUIRE(::pipe2(input.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(output.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::string program = RELAPSE_WSPP_ECHO;
    std::array<char*, 2> arguments = {program.data(), nullptr};
    const int failed =
        ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    std::string line;
    char c = 0;
    while (failed == 0 && ::read(output[0], &c, 1) == 1 && c != '\n') {
      line += c;
    }
    ::close(output[0]);
    port_ = std::atoi(line.c_str());
    REQUIRE(failed == 0);
    REQUIRE(port_ > 0);
  }
  WsppEcho(const WsppEcho&) = delete;
  WsppEcho& operator=(const WsppEcho&) = delete;
  ~WsppEcho() {
    ::close(input_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  tcp::socket connect(boost::asio::io_context& context) const {
    tcp::socket socket(context);
    socket.connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(),
                                 static_cast<boost::asio::ip::port_type>(port_)));
    return socket;
  }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
  int port_ = 0;
};

ws::Frame expect_frame(RawPeer& peer) {
  std::optional<ws::Frame> got = peer.receive();
  REQUIRE(got.has_value());
  return std::move(*got);
}

}  // namespace

TEST_CASE("peers: websocketpp reads our frames and we read its own", "[peers]") {
  const WsppEcho echo;
  boost::asio::io_context context;
  RawPeer peer(echo.connect(context));
  peer.upgrade("/");
  for (const int opcode : {ws::text, ws::binary}) {
    for (const std::string& payload : sample_payloads()) {
      CAPTURE(opcode, payload.size());
      peer.send_frame(frame(opcode, true), payload);
      const ws::Frame answer = expect_frame(peer);
      CHECK(answer.fin);
      CHECK(answer.opcode == opcode);
      CHECK(answer.minimal_length);
      CHECK_FALSE(answer.mask_key.has_value());
      const bool same = answer.payload == payload;
      CHECK(same);
    }
  }
  peer.send_frame(frame(ws::text, true, false), "frag");
  peer.send_frame(frame(ws::ping, true), "between");
  peer.send_frame(frame(ws::continuation, true), "ments");
  const ws::Frame pong = expect_frame(peer);
  CHECK(pong.opcode == ws::pong);
  CHECK(pong.payload == "between");
  CHECK(expect_frame(peer).payload == "fragments");
}

TEST_CASE("peers: websocketpp's ping and close are read, ours are answered", "[peers]") {
  const WsppEcho echo;
  boost::asio::io_context context;
  RawPeer peer(echo.connect(context));
  peer.upgrade("/");
  peer.send_frame(frame(ws::text, true), "ping me");
  const ws::Frame ping = expect_frame(peer);
  CHECK(ping.opcode == ws::ping);
  CHECK(ping.payload == "from websocketpp");
  peer.send_frame(frame(ws::pong, true), ping.payload);
  peer.send_frame(frame(ws::text, true), "what of pongs");
  CHECK(expect_frame(peer).payload == "from websocketpp");
  peer.send_frame(frame(ws::text, true), "close me");
  const ws::Frame closing = expect_frame(peer);
  CHECK(closing.opcode == ws::close);
  const ws::CloseBody body = ws::parse_close(closing.payload);
  CHECK(body.code == 4002);
  CHECK(body.reason == "as you wish");
  peer.send_frame(frame(ws::close, true), closing.payload);
  CHECK(peer.at_end());

  RawPeer second(echo.connect(context));
  second.upgrade("/");
  second.send_frame(frame(ws::close, true), ws::close_payload(1001, "bye"));
  const ws::Frame answer = expect_frame(second);
  CHECK(answer.opcode == ws::close);
  CHECK(ws::parse_close(answer.payload).code == 1001);
  CHECK(second.at_end());
}

TEST_CASE("peers: websocketpp refuses the illegal frames that we make on purpose", "[peers]") {
  const WsppEcho echo;
  boost::asio::io_context context;
  ws::FrameSpec reserved = frame(ws::text, true);
  reserved.rsv = 2;
  ws::FrameSpec padded = frame(ws::text, true);
  padded.length_bytes = 2;
  struct Row {
    ws::FrameSpec spec;
    std::string payload;
    int code;
  };
  const std::vector<Row> rows = {
      {frame(ws::text, false), "no mask", 1002},
      {reserved, "RSV2", 1002},
      {padded, "length longer than need be", 1011},  // its table of close codes lacks this case
      {frame(5, true), "reserved opcode", 1002},
      {frame(ws::ping, true, false), "fragmented ping", 1002}};
  for (const Row& row : rows) {
    CAPTURE(row.payload);
    RawPeer peer(echo.connect(context));
    peer.upgrade("/");
    peer.send_frame(row.spec, row.payload);
    const ws::Frame answer = expect_frame(peer);
    CHECK(answer.opcode == ws::close);
    CHECK(ws::parse_close(answer.payload).code.value_or(0) == row.code);
  }
}
