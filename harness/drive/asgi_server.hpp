#pragma once
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/http1.hpp"
#include "drive/asgi_answer.hpp"
#include "drive/asgi_wire.hpp"
#include "model/event.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// The server of one connection on the ASGI plane, as a state machine without I/O: what the steps
/// of a scenario send becomes calls and events for the application, and what the application does
/// becomes what the client of a correct server would have seen.
///
///   steps -> AsgiServer -> commands for the bridge
///   wire events <- AsgiServer <- what the application sent, returned, raised
///
/// An event that the specification does not allow ends the session as an exception does, because a
/// server raises it in the application. A request that follows on the same connection is passed on
/// when the call before it has ended.
class AsgiServer {
 public:
  explicit AsgiServer(RequestDefaults defaults);

  struct Command {
    enum class Kind { call, feed, disconnect };
    Kind kind{};
    Value value{};              ///< call: the scope; feed: the event
    std::optional<int> code{};  ///< disconnect of a WebSocket
    std::string reason{};
    /// disconnect of a WebSocket: the client went first, so that every send() from now on raises
    /// an OSError (HTTP & WebSocket message format since 2.4).
    bool sends_fail = false;
  };

  /// There is no application to call, because it refused to start: no connection is made.
  void refuse(std::string why) { refusal_ = std::move(why); }

  /// What the client does. Sends that no ASGI server passes on (see not_on_asgi) do nothing.
  void send(const Send& send);
  void end(EndKind kind);
  /// The polite end after the last step: a closing handshake where one is due, then FIN.
  void finish();

  /// What the application did. The event is tagged JSON, see model/asgi.hpp.
  void sent(const Json& event);
  void returned();
  void raised();

  /// For the application, in order, since the last time. Some become due only when the application
  /// has acted: a message that the client sent before the accept.
  std::vector<Command> take_commands() { return std::exchange(commands_, {}); }
  /// What the client has sent or seen since the last time, in order.
  std::vector<Payload> take_wire() { return wire_.take(); }

  /// The client has received at least one octet.
  bool answered() const { return wire_.answered(); }
  /// The connection has ended, by either side.
  bool ended() const { return wire_.ended(); }

 private:
  enum class Phase {
    idle,        ///< no call, or its response is complete
    connecting,  ///< an upgrade without an answer
    denying,     ///< an upgrade that is answered with a response
    open,
    closing,    ///< the server has sent its Close frame first
    requested,  ///< a request without a response
    responding,
    over,  ///< the connection has ended
  };

  bool connect();
  void send_http(HttpMessage message, bool answers);
  void send_frame(int opcode, Bytes payload);
  void start_next();
  void call(const HttpMessage& request);
  void feed(Json event);
  void pass_on(int opcode, const Bytes& payload);
  void client_closes(const Bytes& payload);

  void answer_upgrade(const std::string& type, const Json& event);
  void accept(const Json& event);
  void start_response(bool allowed, const Json& event, Phase next);
  void continue_response(bool allowed, const Json& event);
  void write_message(const Json& event);
  void close(const Json& event);
  void send_close(int code, const std::string& reason);

  void fail();
  void cut_response();
  void respond(int status);
  void hang_up();
  void tell_gone(int code, const std::string& reason);

  RequestDefaults defaults_;
  std::optional<std::string> refusal_;
  AsgiWire wire_;
  Phase phase_ = Phase::idle;
  bool running_ = false;                      ///< the application has not returned
  bool told_ = false;                         ///< it knows of the disconnect
  bool client_went_ = false;                  ///< before the server ended the session
  HttpMessage request_;                       ///< of the call
  std::deque<HttpMessage> requests_;          ///< behind it
  std::vector<std::pair<int, Bytes>> early_;  ///< frames before the accept
  std::optional<AsgiResponse> response_;
  std::vector<Command> commands_;
};

/// Why a scenario of the wire cannot be replayed on the ASGI plane: "it sends a ping, which a
/// server answers itself". Nothing when it can.
std::optional<std::string> not_on_asgi(const Scenario& scenario);

}  // namespace relapse
