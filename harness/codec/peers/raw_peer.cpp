#include "codec/peers/raw_peer.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "base/text.hpp"

namespace relapse::peers {
namespace {

const std::string* find_header(const HttpMessage& message, std::string_view name) {
  const auto found =
      std::find_if(message.headers.begin(), message.headers.end(),
                   [name](const Header& header) { return iequals(header.name, name); });
  return found == message.headers.end() ? nullptr : &found->value;
}

}  // namespace

RawPeer::RawPeer(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

void RawPeer::send(const Bytes& octets) {
  boost::asio::write(socket_, boost::asio::buffer(octets));
}

void RawPeer::send_frame(const ws::FrameSpec& spec, std::string_view payload) {
  send(ws::encode(spec, payload));
}

template <class Sink>
bool RawPeer::read_into(Sink& sink) {
  std::array<char, 4096> block{};
  // Not through Asio, which waits for ever instead of minding the time limit.
  const ssize_t got = ::recv(socket_.native_handle(), block.data(), block.size(), 0);
  if (got < 0) {
    throw std::runtime_error("nothing arrived, or the connection was reset");
  }
  sink.feed(std::string_view(block.data(), static_cast<std::size_t>(got)));
  return got > 0;
}

void RawPeer::upgrade(const std::string& path) {
  SendUpgrade what;
  what.request.path = path;
  const std::string key = ws::random_key();
  RequestDefaults defaults;
  defaults.host = "127.0.0.1";
  send(wire_octets(build_request(what.request, &what, key, defaults)));
  HttpResponseParser parser;
  parser.expect_response_to("GET");
  std::optional<HttpMessage> answer = parser.next();
  while (!answer && !parser.failed()) {
    if (!read_into(parser)) {
      parser.feed_end();
    }
    answer = parser.next();
  }
  const std::string* accept = answer ? find_header(*answer, "Sec-WebSocket-Accept") : nullptr;
  if (!answer || answer->status != 101 || accept == nullptr || *accept != ws::accept_for(key)) {
    throw std::runtime_error("the upgrade was not answered as it should be");
  }
  decoder_.feed(parser.take_rest());
}

void RawPeer::accept_upgrade() {
  struct Text {
    std::string octets;
    void feed(std::string_view more) { octets += more; }
  } request;
  while (request.octets.find("\r\n\r\n") == std::string::npos) {
    if (!read_into(request)) {
      throw std::runtime_error("the client left before its request was complete");
    }
  }
  std::string key;
  for (const std::string& line : split(request.octets, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && iequals(line.substr(0, colon), "Sec-WebSocket-Key")) {
      key = trim(std::string_view(line).substr(colon + 1));
    }
  }
  send(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      ws::accept_for(key) + "\r\n\r\n");
}

std::optional<ws::Frame> RawPeer::receive() {
  std::optional<ws::Frame> next = decoder_.next();
  while (!next && read_into(decoder_)) {
    next = decoder_.next();
  }
  return next;
}

bool RawPeer::at_end() {
  return !receive().has_value() && decoder_.pending().empty();
}

void RawPeer::close() {
  socket_.close();
}

ws::FrameSpec frame(int opcode, bool masked, bool fin) {
  ws::FrameSpec spec;
  spec.opcode = opcode;
  spec.fin = fin;
  if (masked) {
    spec.mask_key = ws::random_mask();
  }
  return spec;
}

std::vector<std::string> sample_payloads() {
  std::vector<std::string> out = {"", "x", "Hello", "ünïcode 日本 😀"};
  for (const std::size_t size : {125U, 126U, 127U, 4096U, 65'535U, 65'536U, 200'000U}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      text += static_cast<char>('a' + (i * 7 + i / 26) % 26);
    }
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace relapse::peers
