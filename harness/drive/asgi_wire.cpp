#include "drive/asgi_wire.hpp"

#include <utility>

namespace relapse {
namespace {
constexpr std::size_t event_cap = std::size_t{1} << 20;  ///< as of a Connection
}  // namespace

AsgiWire::AsgiWire() : frames_(event_cap), messages_(event_cap) {}

void AsgiWire::connect(const std::string& host, int port, int local_port) {
  http_ = std::make_unique<HttpResponseParser>(event_cap);
  events_.emplace_back(Connected{host, port, local_port, ""});
}

void AsgiWire::send_http(HttpMessage message, bool answers) {
  if (message.upgrade) {
    answers_on_ = answers;
    messages_.asked(message.headers);
  }
  if (mode_ == Mode::http) {
    awaited_.push_back(message.upgrade);
    http_->expect_response_to(message.method);
  }
  events_.emplace_back(std::move(message));
}

void AsgiWire::send_frame(int opcode, Bytes payload, bool automatic) {
  ws::FrameSpec spec;
  spec.opcode = opcode;
  spec.mask_key = ws::random_mask();
  close_sent_ = close_sent_ || opcode == ws::close;
  WsFrame frame;
  frame.direction = Direction::sent;
  frame.opcode = opcode;
  frame.mask_key = spec.mask_key;
  frame.length = payload.size();
  frame.head = ws::encode_header(spec, payload.size());
  frame.payload = payload.substr(0, event_cap);
  frame.automatic = automatic;
  events_.emplace_back(std::move(frame));
}

bool AsgiWire::end(EndKind kind) {
  if (!connected() || ended_) {
    return false;
  }
  ended_ = kind != EndKind::half_close;
  events_.emplace_back(Ended{Direction::sent, kind, answered_, ""});
  return true;
}

void AsgiWire::receive(std::string_view octets) {
  if (ended_ || octets.empty()) {
    return;
  }
  answered_ = true;
  switch (mode_) {
    case Mode::http:
      read_http(octets);
      break;
    case Mode::ws:
      read_frames(octets);
      break;
    case Mode::raw:
      record_raw(Bytes(octets), "");
      break;
  }
}

void AsgiWire::read_http(std::string_view octets) {
  http_->feed(octets);
  while (auto message = http_->next()) {
    message->direction = Direction::received;
    message->upgrade = !awaited_.empty() && awaited_.front();
    if (!awaited_.empty()) {
      awaited_.erase(awaited_.begin());
    }
    const bool switched = message->status == 101;
    if (switched) {
      messages_.agreed(message->headers);
    }
    events_.emplace_back(std::move(*message));
    if (switched) {
      mode_ = Mode::ws;
      read_frames(http_->take_rest());
      return;
    }
  }
  if (http_->failed()) {
    mode_ = Mode::raw;
    record_raw(http_->take_rest(), "not HTTP: " + http_->failure());
  }
}

void AsgiWire::read_frames(std::string_view octets) {
  frames_.feed(octets);
  while (auto decoded = frames_.next()) {
    WsFrame frame = messages_.received(std::move(*decoded));
    const bool closes = frame.opcode == ws::close;
    Bytes answer = frame.payload.substr(0, 2);
    close_received_ = close_received_ || closes;
    events_.emplace_back(std::move(frame));
    if (closes && answers_on_ && !close_sent_) {
      send_frame(ws::close, std::move(answer), true);
    }
  }
}

void AsgiWire::record_raw(Bytes octets, std::string note) {
  if (octets.empty() && note.empty()) {
    return;
  }
  RawBytes raw;
  raw.direction = Direction::received;
  raw.size = octets.size();
  raw.data = octets.substr(0, event_cap);
  raw.note = std::move(note);
  events_.emplace_back(std::move(raw));
}

void AsgiWire::receive_fin() {
  if (ended_) {
    return;
  }
  ended_ = true;
  if (mode_ == Mode::http) {
    http_->feed_end();
    while (auto message = http_->next()) {
      message->direction = Direction::received;
      message->upgrade = !awaited_.empty() && awaited_.front();
      events_.emplace_back(std::move(*message));
    }
    record_raw(http_->take_rest(), http_->failed() ? "not HTTP: " + http_->failure() : "");
  }
  events_.emplace_back(Ended{Direction::received, EndKind::fin, answered_, ""});
  if (answers_on_) {
    events_.emplace_back(Ended{Direction::sent, EndKind::fin, answered_, ""});
  }
}

}  // namespace relapse
