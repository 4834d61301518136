#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <vector>

#include "codec/http1.hpp"
#include "codec/ws_frame.hpp"

/// Our side of the differential tests: a blocking socket, our HTTP parser and our frame codec. What
/// is at the other end shares no code with us.
namespace relapse::peers {

class RawPeer {
 public:
  /// Takes a connected socket. Every read fails after five seconds without an octet.
  explicit RawPeer(boost::asio::ip::tcp::socket socket);

  void send(const Bytes& octets);
  void send_frame(const ws::FrameSpec& spec, std::string_view payload);
  /// The client's opening handshake; throws unless it is answered as RFC 6455 section 4.1 demands.
  void upgrade(const std::string& path);
  /// The server's: reads a request and answers it.
  void accept_upgrade();
  /// The next frame; nothing at the end of the stream.
  std::optional<ws::Frame> receive();
  /// True when the stream ends (by FIN) before another frame.
  bool at_end();
  /// FIN. Beast ends its side when it has seen it.
  void close();

 private:
  /// Feeds what has arrived; false at the end of the stream.
  template <class Sink>
  bool read_into(Sink& sink);

  boost::asio::ip::tcp::socket socket_;
  ws::Decoder decoder_;
};

/// A frame of ours: client frames get a random mask.
ws::FrameSpec frame(int opcode, bool masked, bool fin = true);

/// Texts and binaries of every length form, with the borders.
std::vector<std::string> sample_payloads();

}  // namespace relapse::peers
