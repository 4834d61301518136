#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/http1.hpp"
#include "codec/ws_frame.hpp"
#include "drive/ws_messages.hpp"
#include "model/event.hpp"

namespace relapse {

/// One connection as the client sees it where there is no wire: what the server writes goes through
/// the parsers of drive/connection.hpp, so that the events are those of a Connection.
class AsgiWire {
 public:
  AsgiWire();

  void connect(const std::string& host, int port, int local_port);
  bool connected() const { return http_ != nullptr; }
  void refuse(const std::string& host, int port, const std::string& why) {
    events_.emplace_back(ConnectFailed{host, port, why});
  }

  // What the client does.
  void send_http(HttpMessage message, bool answers);
  void send_frame(int opcode, Bytes payload, bool automatic = false);
  /// False when the connection has ended already.
  bool end(EndKind kind);

  // What the server does. Nothing once the connection has ended.
  void receive(std::string_view octets);
  void receive_fin();

  bool answered() const { return answered_; }
  bool ended() const { return ended_; }
  bool close_sent() const { return close_sent_; }
  /// No Close frame was sent or received on a WebSocket.
  bool wants_closing() const {
    return mode_ == Mode::ws && !ended_ && !close_sent_ && !close_received_;
  }

  std::vector<Payload> take() { return std::exchange(events_, {}); }

 private:
  enum class Mode { http, ws, raw };

  void read_http(std::string_view octets);
  void read_frames(std::string_view octets);
  void record_raw(Bytes octets, std::string note);

  std::unique_ptr<HttpResponseParser> http_;
  ws::Decoder frames_;
  WsMessages messages_;
  Mode mode_ = Mode::http;
  std::vector<bool> awaited_;  ///< per request without an answer yet: is it an upgrade
  bool answers_on_ = true;
  bool answered_ = false;
  bool ended_ = false;
  bool close_sent_ = false;
  bool close_received_ = false;
  std::vector<Payload> events_;
};

}  // namespace relapse
