#include <array>
#include <cstdio>

#include "base/bytes.hpp"
#include "model/describe_words.hpp"
#include "model/timeline.hpp"
#include "model/ws_message.hpp"

namespace relapse {

namespace {

struct CloseBody {
  std::optional<int> code;
  std::string_view reason;
};

/// RFC 6455 section 5.5.1: two octets of code, then the reason.
CloseBody close_body(std::string_view payload) {
  if (payload.size() < 2)
    return {};
  const auto high = static_cast<unsigned char>(payload[0]);
  const auto low = static_cast<unsigned char>(payload[1]);
  return {high * 256 + low, payload.substr(2)};
}

std::string close_words(const WsFrame& frame, std::size_t preview) {
  if (frame.payload.size() == 1)
    return "CLOSE with a body of one byte";
  const CloseBody body = close_body(frame.payload);
  return words::close(body.code, body.reason, preview);
}

/// What is unusual about a frame; "" when nothing is. In the words for a message its compression is
/// not.
std::string oddities(const WsFrame& frame, bool trace) {
  constexpr int rsv1 = 4;
  const int rsv = !trace && frame.deflated ? frame.rsv & ~rsv1 : frame.rsv;
  std::string odd;
  const bool control = frame.opcode >= 8;
  if (control && !frame.fin)
    odd += " fin=0";
  if (rsv != 0)
    odd += " rsv=" + std::to_string(rsv);
  // RFC 6455 section 5.1: a client masks every frame, a server none.
  if (frame.direction == Direction::sent && !frame.mask_key)
    odd += " unmasked";
  if (frame.direction == Direction::received && frame.mask_key)
    odd += " masked";
  if (control && frame.length > 125)
    odd += " len=" + std::to_string(frame.length);
  return odd;
}

const char* arrow(Direction direction) {
  return direction == Direction::sent ? "→ " : "← ";
}

/// Both text forms are visitors over the same payloads: `trace` adds what a packet trace shows.
struct Describer {
  std::size_t preview;
  bool trace;

  std::string to(Direction direction) const {
    return trace ? std::string(arrow(direction)) : std::string{};
  }
  std::string mark() const { return trace ? "· " : ""; }
  std::string safe(std::string_view octets) const { return words::preview(octets, preview); }

  std::string operator()(const Connected& p) const {
    std::string text = mark() + "connected";
    if (trace)
      text += " to " + safe(p.host) + ":" + std::to_string(p.port) + " from port " +
              std::to_string(p.local_port) + (p.tls.empty() ? "" : ", " + safe(p.tls));
    return text;
  }
  std::string operator()(const ConnectFailed& p) const {
    return mark() + "cannot connect to " + safe(p.host) + ":" + std::to_string(p.port) + ": " +
           safe(p.reason);
  }
  std::string operator()(const HttpMessage& p) const {
    if (p.direction == Direction::sent) {
      std::string text = to(p.direction) + safe(p.method) + " " + safe(p.target);
      if (trace)
        text += " HTTP/" + safe(p.version) + (p.upgrade ? "  Upgrade: websocket" : "");
      return text + (p.body_size > 0 ? "  " + words::bytes(p.body_size) : "");
    }
    std::string text = to(p.direction) + "HTTP " + std::to_string(p.status);
    if (trace && !p.reason.empty())
      text += " " + safe(p.reason);
    if (trace && p.body_size > 0)
      text += "  " + words::bytes(p.body_size) + " " + words::quoted(p.body, preview / 2);
    return text;
  }
  std::string operator()(const WsFrame& p) const {
    std::string text = to(p.direction) + frame_words(p);
    if (trace && p.automatic)
      text += "  (automatic)";
    return text;
  }
  std::string frame_words(const WsFrame& p) const {
    const std::string odd = oddities(p, trace);
    if (p.opcode == 8)
      return close_words(p, preview) + odd;
    if (p.opcode == 9 || p.opcode == 10)
      return words::opcode(p.opcode) + " " + words::quoted(p.payload, preview) + odd;
    // The words for a message: the whole of it, where its last frame stands.
    const auto message = whole_message(p);
    if (!trace && odd.empty() && message) {
      if (message->opcode == 1)
        return words::text(*message->octets, preview) +
               (message->cut() ? " of " + words::bytes(message->size) : "");
      if (message->opcode == 2)
        return words::binary(*message->octets, message->size, preview);
    }
    std::string text = words::opcode(p.opcode) + " fin=" + (p.fin ? "1" : "0") + odd +
                       " len=" + std::to_string(p.length);
    if (p.deflated)
      text += " deflated " + words::bytes(p.inflated);
    const Bytes& octets = p.deflated ? p.message : p.payload;
    const int kind = p.opcode == 0 ? p.message_opcode.value_or(2) : p.opcode;
    const bool as_text = kind == 1 && (p.deflated || p.rsv == 0 || is_valid_utf8(octets));
    if (!octets.empty())
      text += " " + (as_text ? words::quoted(octets, preview) : words::hex(octets, preview));
    return text +
           (p.deflate_fault.empty() ? "" : "  (" + words::preview(p.deflate_fault, 120) + ")");
  }
  std::string operator()(const RawBytes& p) const {
    std::string text =
        to(p.direction) + "BYTES " + std::to_string(p.size) + " " + words::quoted(p.data, preview);
    if (!p.note.empty())
      text += "  (" + safe(p.note) + ")";
    return text;
  }
  std::string operator()(const Ended& p) const {
    std::string text = to(p.direction);
    switch (p.kind) {
      case EndKind::fin:
        text += "FIN";
        break;
      case EndKind::rst:
        text += "RST";
        break;
      case EndKind::half_close:
        text += "FIN (half close: still reading)";
        break;
    }
    if (p.direction == Direction::received && !p.answered)
      text += " (closed without a byte)";
    if (trace && !p.reason.empty())
      text += " (" + safe(p.reason) + ")";
    return text;
  }
  std::string operator()(const DeadlineHit& p) const {
    return mark() + (p.answered ? "nothing more in " : "no byte in ") + human_duration(p.waited) +
           (p.answered ? ", still open" : ", still open (hang)");
  }
  std::string operator()(const StepStarted&) const { return mark() + "step begins"; }
  std::string operator()(const StepEnded& p) const {
    return mark() + (p.satisfied ? "step ends" : "step ends, not satisfied");
  }
  std::string operator()(const ProcessStarted& p) const {
    std::string text = mark() + "process " + std::to_string(p.pid) + " started";
    if (trace)
      text += ": " + safe(join(p.command, " "));
    return text;
  }
  std::string operator()(const ProcessExited& p) const {
    if (p.signal)
      return mark() + "EXIT by " + words::signal(*p.signal);
    return mark() + "EXIT " + (p.code ? std::to_string(*p.code) : std::string("without a status"));
  }
  std::string operator()(const SignalSent& p) const {
    return mark() + words::signal(p.number) + " sent";
  }
  std::string operator()(const Ready& p) const {
    std::string text =
        mark() + (p.ok ? "ready after " : "not ready after ") + human_duration(p.after);
    return text + (p.detail.empty() ? "" : ": " + safe(p.detail));
  }
  std::string operator()(const LogLine& p) const {
    const std::string entry = words::log_entry(p.text, preview);
    if (!trace || p.source.empty())
      return mark() + "LOG \"" + entry + "\"";
    return mark() + "LOG " + safe(p.source) + ": " + entry;
  }
  std::string operator()(const LogMarked& p) const {
    if (p.complete)
      return mark() + "log read to its end";
    return mark() + (p.seen ? "log is alive: mark " : "mark not found in the log: ") +
           safe(p.nonce);
  }
  std::string operator()(const Probed& p) const {
    std::string text = mark() + "probe " + safe(p.name) + (p.before ? " before" : " after") +
                       " the replay: " + (p.ok ? "works" : "fails");
    return text + (p.detail.empty() ? "" : ": " + safe(p.detail));
  }
  std::string operator()(const Paced& p) const {
    return mark() + "round trip " + (p.before ? "before" : "after") +
           " the replay: " + human_duration(p.round_trip);
  }
  std::string operator()(const Delayed& p) const {
    return mark() + "this machine let the harness wait " + human_duration(p.late);
  }
  std::string operator()(const Identified& p) const {
    return mark() + (p.grows ? "uptime " : "identity ") + (p.before ? "before" : "after") +
           " the replay: " + safe(p.value);
  }
  std::string operator()(const Overflowed& p) const {
    if (p.events == 0)
      return mark() + "the record is full: what follows is counted and not kept";
    return mark() + "the record was full: " + std::to_string(p.events) + " more events with " +
           words::bytes(p.octets) + " were counted and not kept";
  }
  std::string operator()(const HarnessFailed& p) const {
    return mark() + "harness failed: " + safe(p.message);
  }
  std::string operator()(const AsgiCalled& p) const {
    return to(Direction::sent) + "CALL " + words::asgi_event(p.scope.json(), preview);
  }
  std::string operator()(const AsgiFed& p) const {
    return to(Direction::sent) + words::asgi_event(p.event.json(), preview);
  }
  std::string operator()(const AsgiSent& p) const {
    return to(Direction::received) + words::asgi_event(p.event.json(), preview);
  }
  std::string operator()(const AsgiSendFate& p) const {
    const std::string name = mark() + "send " + std::to_string(p.number);
    switch (p.kind) {
      case AsgiSendFate::Kind::held:
        return name + " is held";
      case AsgiSendFate::Kind::released:
        return name + " returns";
      case AsgiSendFate::Kind::raised:
        return name + " raises " + safe(p.type) + (p.message.empty() ? "" : ": " + safe(p.message));
    }
    return name;
  }
  std::string operator()(const AsgiWaiting& p) const {
    return mark() + "WAITING in " + (p.what == "other" ? safe(p.where) : safe(p.what));
  }
  std::string operator()(const AsgiReturned& p) const {
    return to(Direction::received) + "RETURNED" + (p.value.empty() ? "" : " " + safe(p.value));
  }
  std::string operator()(const AsgiRaised& p) const {
    return to(Direction::received) + (p.cancelled ? "CANCELLED" : "RAISED " + chain_words(p.chain));
  }
  std::string chain_words(const std::vector<AsgiException>& chain) const {
    if (chain.empty())
      return "an exception";
    const AsgiException& last = chain.front();
    std::string text = safe(last.type) + (last.message.empty() ? "" : ": " + safe(last.message));
    if (trace && !last.where.empty())
      text += "  (" + safe(last.where) + ")";
    return text;
  }
  std::string operator()(const AsgiTasks& p) const {
    std::string text =
        mark() + std::to_string(p.pending) + (p.pending == 1 ? " task is left" : " tasks are left");
    if (trace && !p.list.empty())
      text += ": " + safe(p.list.front().first) + " in " + safe(p.list.front().second);
    return text;
  }
  std::string operator()(const AsgiComplaint& p) const {
    return mark() + "COMPLAINT " + safe(p.kind) + ": " + safe(p.text) +
           (p.chain.empty() ? "" : ": " + chain_words(p.chain));
  }
  std::string operator()(const AsgiClock& p) const {
    return mark() + "the virtual clock goes ahead " + human_duration(Duration(p.ahead_ns));
  }
};

}  // namespace

std::string describe(const Event& event, std::size_t preview) {
  return std::visit(Describer{preview, true}, event.payload);
}

std::string observed_text(const Event& event, std::size_t preview) {
  return std::visit(Describer{preview, false}, event.payload);
}

std::string trace_line(const Event& event) {
  std::array<char, 48> number_and_time{};
  std::snprintf(number_and_time.data(), number_and_time.size(), "%4u %8.3f ", event.seq,
                static_cast<double>(event.at_ns) / 1e9);
  std::string line = number_and_time.data();
  if (!event.lane.empty() && event.lane != "main")
    line += "[" + words::preview(event.lane, 20) + "] ";
  return line + describe(event);
}

}  // namespace relapse
