// Our permessage-deflate against Boost.Beast's WebSocket, which shares the compressor with us and
// nothing else: it negotiates and frames by itself.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <thread>

#include "catch.hpp"
#include "codec/deflate.hpp"
#include "codec/peers/raw_peer.hpp"

using namespace relapse;
using namespace relapse::peers;
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

namespace {

/// Accepts permessage-deflate as `options` say and sends every message back.
void echo(tcp::socket socket, const websocket::permessage_deflate& options) {
  websocket::stream<tcp::socket> stream(std::move(socket));
  stream.set_option(options);
  boost::system::error_code ec;
  stream.accept(ec);
  while (!ec) {
    boost::beast::flat_buffer buffer;
    stream.read(buffer, ec);
    if (!ec) {
      stream.text(stream.got_text());
      stream.write(buffer.data(), ec);
    }
  }
}

Bytes request(const std::string& offer) {
  return "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: " +
         ws::random_key() + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: " + offer +
         "\r\n\r\n";
}

/// Reads the answer's head octet by octet, so that no frame is taken with it.
std::vector<Header> answer(tcp::socket& socket) {
  HttpResponseParser parser;
  parser.expect_response_to("GET");
  std::optional<HttpMessage> message;
  while (!message) {
    char octet = 0;
    asio::read(socket, asio::buffer(&octet, 1));
    parser.feed(std::string_view(&octet, 1));
    message = parser.next();
  }
  REQUIRE(message->status == 101);
  return message->headers;
}

}  // namespace

TEST_CASE("peers: Beast inflates what we compress, and we what it does", "[peers]") {
  const bool takeover = GENERATE(true, false);
  const int bits = GENERATE(9, 12, 15);
  CAPTURE(takeover, bits);
  websocket::permessage_deflate options;
  options.server_enable = true;
  options.server_no_context_takeover = !takeover;
  options.client_no_context_takeover = !takeover;
  options.server_max_window_bits = bits;
  options.client_max_window_bits = bits;

  asio::io_context context;
  tcp::socket ours(context);
  tcp::socket theirs(context);
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  ours.connect(acceptor.local_endpoint());
  theirs = acceptor.accept();
  std::thread thread([&] { echo(std::move(theirs), options); });

  const std::string offer = ws::deflate_offer({false, false, 15, 0});
  asio::write(ours, asio::buffer(request(offer)));
  const auto agreed =
      ws::deflate_answer({{"Sec-WebSocket-Extensions", offer}}, answer(ours)).accepted;
  RawPeer peer(std::move(ours));
  CHECK(agreed);
  if (agreed) {
    CHECK(agreed->server_no_context_takeover == !takeover);
    CHECK(agreed->client_no_context_takeover == !takeover);
    CHECK(agreed->client_max_window_bits == bits);
    ws::Deflater deflater(agreed->client_max_window_bits, takeover);
    ws::Inflater inflater(agreed->server_max_window_bits, takeover);
    for (int round = 0; round < 2; ++round) {
      for (const std::string& payload : sample_payloads()) {
        CAPTURE(round, payload.size());
        ws::FrameSpec spec = frame(ws::binary, true);
        spec.rsv = 4;
        peer.send_frame(spec, deflater.compress(payload));
        Bytes message;
        bool compressed = false;
        std::optional<ws::Frame> part;
        do {
          part = peer.receive();
          compressed = compressed || (part && part->rsv == 4);
          message += part ? part->payload : Bytes();
        } while (part && !part->fin);
        const bool same = (compressed ? inflater.inflate(message, std::size_t{1} << 20).message
                                      : message) == payload;
        CHECK(same);
      }
    }
  }
  peer.close();
  thread.join();
}
