#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/http1.hpp"
#include "codec/ws_frame.hpp"
#include "drive/recorder.hpp"
#include "drive/ws_messages.hpp"
#include "net/stream.hpp"

namespace relapse {

/// One connection of a scenario: octets out as asked, octets in as events.
///
///   target -> octets -> http responses -> (after a 101) frames -> messages
///                           \-> raw octets, when they are not HTTP
///
/// A reader coroutine runs from connect to end, so that the replayer reads while it writes and a
/// target that talks early is heard. One executor, no locks.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::any_io_executor executor, Recorder& recorder, std::string lane);

  /// Records Connected or ConnectFailed.
  asio::awaitable<bool> open(net::Endpoint endpoint, Duration timeout);
  bool is_open() const { return stream_ != nullptr; }
  bool failed() const { return failed_; }
  /// The target sent at least one octet.
  bool answered() const { return answered_; }
  bool ended() const { return ended_; }

  asio::awaitable<void> send_http(HttpMessage message, Split split, bool answers);
  asio::awaitable<void> send_frame(ws::FrameSpec spec, Bytes payload, Split split);
  /// With permessage-deflate and RSV1, whether the target has accepted it or not.
  asio::awaitable<void> send_compressed(ws::FrameSpec spec, Bytes message, Split split);
  asio::awaitable<void> send_bytes(Bytes data, Split split);

  /// The client's side of a hang-up. FIN: what has arrived is read first, so that the peer sees FIN
  /// and not RST.
  asio::awaitable<void> end(EndKind kind);

  /// The polite end after the last step: a closing handshake where one is due, then FIN. Waits for
  /// the target at most `patience`.
  asio::awaitable<void> finish(Duration patience);
  /// Closes now; pending operations end.
  void abort();
  /// Until the reader has ended; call after finish() or abort().
  asio::awaitable<void> join();

 private:
  enum class Mode { http, ws, raw };

  asio::awaitable<void> read_loop();
  asio::awaitable<void> write(Bytes octets, Split split);
  asio::awaitable<void> write_now(Bytes octets, Split split);
  asio::awaitable<void> write_aside(Bytes octets);
  asio::awaitable<void> write_segments(Bytes octets, Split split);
  asio::awaitable<void> answer();
  asio::awaitable<void> send_closing(ws::FrameSpec spec, Bytes payload);
  bool talks_on(std::size_t size);
  void on_octets(std::string_view octets);
  void on_end(const net::error_code& error);
  void read_http(std::string_view octets);
  void leave_http(bool to_websocket);
  void read_frames();
  void record_frame(ws::Frame frame);
  void record_raw(Bytes octets, std::string note);
  WsFrame sent_frame(const ws::FrameSpec& spec, const Bytes& payload, bool automatic) const;

  asio::any_io_executor executor_;
  Recorder& recorder_;
  std::string lane_;
  std::unique_ptr<net::ByteStream> stream_;
  std::unique_ptr<HttpResponseParser> http_;
  ws::Decoder frames_;
  WsMessages messages_;
  Mode mode_ = Mode::http;
  std::vector<bool> awaited_;  ///< per request without an answer yet: is it an upgrade
  bool raw_upgrade_ = false;   ///< raw octets asked for an upgrade
  std::vector<std::pair<int, Bytes>> answers_;  ///< opcode and payload to send back
  bool answers_on_ = true;
  bool answered_ = false;
  bool failed_ = false;
  bool ended_ = false;      ///< the target ended it, or we did
  bool ending_ = false;     ///< we are ending it: what the reader then sees is our own doing
  bool finishing_ = false;  ///< finish() waits for the target's end
  std::size_t farewell_octets_ = 0;
  std::size_t farewell_from_ = 0;  ///< events on record when it began
  bool reading_ = false;
  bool writing_ = false;
  bool close_sent_ = false;
  bool close_received_ = false;
  Notifier changed_;
};

}  // namespace relapse
