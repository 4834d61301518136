#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.hpp"
#include "model/value.hpp"

/// What the events of an application ask its server for. Nothing for an event that the HTTP &
/// WebSocket message format does not allow: a server raises then.
namespace relapse {

std::string event_type(const Json& event);

struct AsgiAccept {
  std::optional<std::string> subprotocol{};
  std::vector<Header> headers{};
};
std::optional<AsgiAccept> accept_of(const Json& event);

struct AsgiMessage {
  bool is_text = false;
  Bytes octets{};
};
std::optional<AsgiMessage> message_of(const Json& event);

/// The reason is cut to what a Close frame has room for.
struct AsgiClosing {
  int code = 1000;
  std::string reason{};
};
std::optional<AsgiClosing> closing_of(const Json& event);

/// http.response.start and websocket.http.response.start.
struct AsgiStart {
  int status = 0;
  std::vector<Header> headers{};
};
std::optional<AsgiStart> start_of(const Json& event);

struct AsgiBody {
  Bytes octets{};
  bool more = false;
};
std::optional<AsgiBody> body_of(const Json& event);

/// A response while a server writes it: framed by Content-Length when the application gives one,
/// else in chunks, else (HTTP/1.0) by the end of the connection.
class AsgiResponse {
 public:
  AsgiResponse(AsgiStart start, const HttpMessage& request);
  struct Written {
    Bytes octets{};    ///< what goes out, before the first of the body the head
    bool fits = true;  ///< false: the body is longer or shorter than announced
  };
  Written write(const AsgiBody& body);
  /// The connection ends behind it.
  bool closes() const { return closes_; }

 private:
  Bytes head() const;

  AsgiStart start_;
  bool bodiless_ = false;
  bool chunked_ = false;
  bool closes_ = false;
  bool begun_ = false;
  std::optional<std::uint64_t> length_{};
  std::uint64_t written_ = 0;
};

/// A whole response of the server itself, behind which it ends the connection.
Bytes server_response(int status, const HttpMessage& request);
/// The answer to an upgrade that was accepted.
Bytes switching_response(const AsgiAccept& accept, const HttpMessage& request);

}  // namespace relapse
