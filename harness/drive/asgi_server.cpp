#include "drive/asgi_server.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "codec/ws_frame.hpp"
#include "drive/asgi_request.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

constexpr int client_port = 50000;
constexpr int no_code = 1005;
constexpr int abnormal = 1006;
constexpr int internal_error = 1011;

Bytes server_frame(int opcode, const Bytes& payload) {
  ws::FrameSpec spec;
  spec.opcode = opcode;
  return ws::encode(spec, payload);
}

bool offers(const HttpMessage& request, const std::string& subprotocol) {
  return std::ranges::any_of(request.headers, [&](const Header& header) {
    return iequals(header.name, "Sec-WebSocket-Protocol") && lists(header.value, subprotocol);
  });
}

}  // namespace

AsgiServer::AsgiServer(RequestDefaults defaults) : defaults_(std::move(defaults)) {}

// The client.

/// False when no connection could be made; only the first send tries.
bool AsgiServer::connect() {
  if (wire_.connected() || phase_ == Phase::over) {
    return wire_.connected();
  }
  const HostPort at = host_port(defaults_.host.empty() ? "127.0.0.1:80" : defaults_.host);
  if (refusal_) {
    wire_.refuse(at.host, at.port, *refusal_);
    phase_ = Phase::over;
  } else {
    wire_.connect(at.host, at.port, client_port);
  }
  return wire_.connected();
}

void AsgiServer::send(const Send& send) {
  if (!connect()) {
    return;
  }
  if (const auto* upgrade = std::get_if<SendUpgrade>(&send.what)) {
    const std::string key = upgrade->key.value_or(ws::random_key());
    send_http(build_request(upgrade->request, upgrade, key, defaults_), upgrade->answers);
  } else if (const auto* request = std::get_if<SendRequest>(&send.what)) {
    send_http(build_request(request->request, nullptr, "", defaults_), true);
  } else if (const auto* text = std::get_if<SendText>(&send.what)) {
    send_frame(ws::text, text->text);
  } else if (const auto* json = std::get_if<SendJson>(&send.what)) {
    send_frame(ws::text, json->json.dump());
  } else if (const auto* binary = std::get_if<SendBinary>(&send.what)) {
    send_frame(ws::binary, binary->payload.data);
  } else if (const auto* closing = std::get_if<SendClose>(&send.what)) {
    send_frame(ws::close, ws::close_payload(closing->code, closing->reason));
  }
}

void AsgiServer::send_http(HttpMessage message, bool answers) {
  wire_.send_http(message, answers);
  if (phase_ != Phase::over) {
    requests_.push_back(std::move(message));
    start_next();
  }
}

void AsgiServer::send_frame(int opcode, Bytes payload) {
  wire_.send_frame(opcode, payload);
  switch (phase_) {
    case Phase::connecting:
      early_.emplace_back(opcode, std::move(payload));
      break;
    case Phase::open:
      pass_on(opcode, payload);
      break;
    case Phase::closing:
      if (opcode == ws::close) {
        hang_up();
      }
      break;
    case Phase::idle:
      request_ = HttpMessage();
      respond(400);  // octets that are no request
      break;
    case Phase::denying:
    case Phase::requested:
    case Phase::responding:
    case Phase::over:
      break;
  }
}

void AsgiServer::start_next() {
  if (phase_ != Phase::idle || running_ || requests_.empty()) {
    return;
  }
  request_ = std::move(requests_.front());
  requests_.pop_front();
  if (refused_by_server(request_)) {
    respond(400);
  } else {
    call(request_);
  }
}

void AsgiServer::call(const HttpMessage& request) {
  running_ = true;
  told_ = false;
  client_went_ = false;
  phase_ = request.upgrade ? Phase::connecting : Phase::requested;
  commands_.push_back({Command::Kind::call, scope_of(request, defaults_)});
  if (request.upgrade) {
    feed({{"type", "websocket.connect"}});
  } else {
    feed({{"type", "http.request"}, {"body", python::bytes(request.body)}, {"more_body", false}});
  }
}

void AsgiServer::feed(Json event) {
  commands_.push_back({Command::Kind::feed, Value(std::move(event))});
}

void AsgiServer::pass_on(int opcode, const Bytes& payload) {
  if (opcode == ws::close) {
    client_closes(payload);
  } else if (opcode == ws::text) {
    feed({{"type", "websocket.receive"}, {"text", payload}});
  } else {
    feed({{"type", "websocket.receive"}, {"bytes", python::bytes(payload)}});
  }
}

/// The server answers with the same code, then ends the connection (RFC 6455 section 7.1.1).
void AsgiServer::client_closes(const Bytes& payload) {
  const ws::CloseBody body = ws::parse_close(payload);
  client_went_ = true;
  tell_gone(body.code.value_or(no_code), body.reason);
  wire_.receive(server_frame(ws::close, payload));
  hang_up();
}

void AsgiServer::end(EndKind kind) {
  if (wire_.end(kind) && kind != EndKind::half_close) {
    client_went_ = true;
    hang_up();
  }
}

void AsgiServer::finish() {
  if (wire_.wants_closing()) {
    Bytes payload = ws::close_payload(1000, "");
    wire_.send_frame(ws::close, payload, true);
    pass_on(ws::close, payload);
  }
  end(EndKind::fin);
}

// The application.

void AsgiServer::sent(const Json& event) {
  if (!running_) {
    return;
  }
  const std::string type = event_type(event);
  switch (phase_) {
    case Phase::connecting:
      answer_upgrade(type, event);
      break;
    case Phase::denying:
      continue_response(type == "websocket.http.response.body", event);
      break;
    case Phase::open:
      if (type == "websocket.send") {
        write_message(event);
      } else if (type == "websocket.close") {
        close(event);
      } else {
        fail();
      }
      break;
    case Phase::requested:
      start_response(type == "http.response.start", event, Phase::responding);
      break;
    case Phase::responding:
      continue_response(type == "http.response.body", event);
      break;
    case Phase::idle:
    case Phase::closing:
    case Phase::over:
      break;
  }
}

void AsgiServer::answer_upgrade(const std::string& type, const Json& event) {
  if (type == "websocket.accept") {
    accept(event);
  } else if (type == "websocket.close") {
    respond(403);
  } else {
    start_response(type == "websocket.http.response.start", event, Phase::denying);
  }
}

void AsgiServer::accept(const Json& event) {
  const auto accept = accept_of(event);
  if (!accept || (accept->subprotocol && !offers(request_, *accept->subprotocol))) {
    fail();
    return;
  }
  wire_.receive(switching_response(*accept, request_));
  phase_ = Phase::open;
  for (const auto& [opcode, payload] : std::exchange(early_, {})) {
    if (phase_ == Phase::open) {
      pass_on(opcode, payload);
    }
  }
}

void AsgiServer::start_response(bool allowed, const Json& event, Phase next) {
  auto start = allowed ? start_of(event) : std::nullopt;
  if (!start) {
    fail();
    return;
  }
  response_.emplace(std::move(*start), request_);
  phase_ = next;
}

void AsgiServer::continue_response(bool allowed, const Json& event) {
  const auto body = allowed ? body_of(event) : std::nullopt;
  if (!body) {
    fail();
    return;
  }
  const auto written = response_->write(*body);
  wire_.receive(written.octets);
  if (!written.fits) {
    fail();
    return;
  }
  if (body->more) {
    return;
  }
  tell_gone(abnormal, "");
  if (response_->closes()) {
    hang_up();
  } else {
    phase_ = Phase::idle;
  }
}

void AsgiServer::write_message(const Json& event) {
  const auto message = message_of(event);
  if (!message) {
    fail();
    return;
  }
  wire_.receive(server_frame(message->is_text ? ws::text : ws::binary, message->octets));
}

void AsgiServer::close(const Json& event) {
  const auto closing = closing_of(event);
  if (!closing) {
    fail();
    return;
  }
  send_close(closing->code, closing->reason);
}

/// A client that answers has done so when the frame is written.
void AsgiServer::send_close(int code, const std::string& reason) {
  phase_ = Phase::closing;
  wire_.receive(server_frame(ws::close, ws::close_payload(code, reason)));
  tell_gone(code, reason);
  if (wire_.close_sent()) {
    hang_up();
  }
}

void AsgiServer::returned() {
  running_ = false;
  if (phase_ == Phase::open) {
    send_close(1000, "");
  } else {
    fail();
  }
  start_next();
}

void AsgiServer::raised() {
  running_ = false;
  fail();
  start_next();
}

/// What the client sees of a call that has not done its work. Nothing when it has.
void AsgiServer::fail() {
  switch (phase_) {
    case Phase::connecting:
    case Phase::requested:
      respond(500);
      break;
    case Phase::open:
      send_close(internal_error, "");
      break;
    case Phase::denying:
    case Phase::responding:
      cut_response();
      break;
    case Phase::idle:
    case Phase::closing:
    case Phase::over:
      break;
  }
}

/// What has been started can only be left unfinished; the client sees that much of it.
void AsgiServer::cut_response() {
  constexpr bool more = true;
  wire_.receive(response_->write({"", more}).octets);
  hang_up();
}

void AsgiServer::respond(int status) {
  wire_.receive(server_response(status, request_));
  hang_up();
}

void AsgiServer::hang_up() {
  tell_gone(abnormal, "");
  wire_.receive_fin();
  phase_ = Phase::over;
  requests_.clear();
  early_.clear();
}

void AsgiServer::tell_gone(int code, const std::string& reason) {
  if (!running_ || told_) {
    return;
  }
  told_ = true;
  Command gone{Command::Kind::disconnect};
  if (request_.upgrade) {
    gone.code = code;
    gone.reason = reason;
    gone.sends_fail = client_went_;
  }
  commands_.push_back(std::move(gone));
}

}  // namespace relapse
