#include "match/selector.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "match/asgi_view.hpp"
#include "model/ws_message.hpp"

namespace relapse {
namespace {

constexpr int opcode_continuation = 0;
constexpr int opcode_text = 1;
constexpr int opcode_binary = 2;
constexpr int opcode_close = 8;
constexpr int opcode_ping = 9;
constexpr int opcode_pong = 10;

/// The size of a value of which only the beginning is known. See View::cut.
constexpr std::uint64_t unknown_size = 0;

View octets_view(const Bytes& bytes, std::uint64_t size) {
  View view{Json{{"text", bytes}, {"hex", to_hex(bytes)}, {"size", size}}};
  if (bytes.size() < size) {
    view.cut = {{"/text", size}, {"/hex", 3 * size - 1}};  // to_hex: pairs and blanks
  }
  return view;
}

View text_view(const Bytes& text, std::uint64_t size) {
  View view{Json(text)};
  if (text.size() < size) {
    view.cut = {{"", size}};
  }
  return view;
}

View binary_view(const WsMessage& message) {
  View view = octets_view(*message.octets, message.size);
  if (!message.size_known) {
    view.cut = {{"/text", unknown_size}, {"/hex", unknown_size}, {"/size", unknown_size}};
  }
  return view;
}

View message_text(const WsMessage& message) {
  View view = text_view(*message.octets, message.size);
  if (!message.size_known) {
    view.cut = {{"", unknown_size}};
  }
  return view;
}

/// A text that is not JSON has no such view; of a part of one it cannot be said.
std::optional<View> json_view(const WsMessage& message) {
  if (message.cut()) {
    return View{Value(), {{"", message.size}}};
  }
  Value parsed;
  return parse_json(*message.octets, parsed) ? std::optional(View{parsed}) : std::nullopt;
}

Json headers_view(const std::vector<Header>& headers) {
  Json view = Json::object();
  for (const Header& header : headers) {
    Json& value = view[to_lower(header.name)];
    value = value.is_null() ? header.value : value.get<std::string>() + ", " + header.value;
  }
  return view;
}

View http_view(const HttpMessage& message) {
  Json view{{"status", message.status},
            {"reason", message.reason},
            {"version", message.version},
            {"headers", headers_view(message.headers)},
            {"body", message.body}};
  const Json& headers = view["headers"];
  const auto protocol = headers.find("sec-websocket-protocol");
  const auto extensions = headers.find("sec-websocket-extensions");
  Json subprotocol = protocol == headers.end() ? Json(nullptr) : *protocol;
  Json accepted = extensions == headers.end() ? Json(nullptr) : *extensions;
  view["subprotocol"] = std::move(subprotocol);
  view["extensions"] = std::move(accepted);
  if (message.body.size() < message.body_size) {
    return View{std::move(view), {{"/body", message.body_size}, {"/json", message.body_size}}};
  }
  Value parsed;
  if (!message.body.empty() && parse_json(message.body, parsed)) {
    view["json"] = parsed.json();
  }
  return View{std::move(view)};
}

View frame_view(const WsFrame& frame) {
  View view{Json{{"fin", frame.fin},
                 {"rsv", frame.rsv},
                 {"opcode", frame.opcode},
                 {"masked", frame.mask_key.has_value()},
                 {"length", frame.length},
                 {"payload", frame.payload}}};
  if (frame.payload.size() < frame.length) {
    view.cut = {{"/payload", frame.length}};
  }
  return view;
}

bool is_close(const Event& event, Direction direction) {
  const auto* frame = std::get_if<WsFrame>(&event.payload);
  return frame != nullptr && frame->direction == direction && frame->opcode == opcode_close;
}

/// RFC 6455 section 7.1.4: cleanly closed when both Close frames were seen before the TCP end, and
/// that end was a FIN.
bool was_clean(std::span<const Event> events, const std::string& lane) {
  bool sent = false;
  bool received = false;
  for (const Event& event : events) {
    if (event.lane != lane) {
      continue;
    }
    sent = sent || is_close(event, Direction::sent);
    received = received || is_close(event, Direction::received);
    const auto* ended = std::get_if<Ended>(&event.payload);
    if (ended != nullptr && ended->direction == Direction::received) {
      return sent && received && ended->kind == EndKind::fin;
    }
  }
  return false;
}

View close_view(std::span<const Event> events, std::size_t index) {
  const auto& frame = std::get<WsFrame>(events[index].payload);
  const std::string& lane = events[index].lane;
  const bool client_first = std::any_of(
      events.begin(), events.begin() + static_cast<std::ptrdiff_t>(index),
      [&](const Event& event) { return event.lane == lane && is_close(event, Direction::sent); });
  Json code = nullptr;
  if (frame.payload.size() >= 2) {
    code = (static_cast<unsigned char>(frame.payload[0]) << 8) |
           static_cast<unsigned char>(frame.payload[1]);
  }
  View view{Json{{"code", code},
                 {"reason", frame.payload.size() > 2 ? frame.payload.substr(2) : std::string{}},
                 {"by", client_first ? "client" : "server"},
                 {"clean", was_clean(events, lane)}}};
  if (frame.payload.size() < frame.length) {
    view.cut = {{"/reason", frame.length - 2}};
  }
  return view;
}

std::optional<View> http_view_if(const Event& event, bool upgrade) {
  const auto* message = std::get_if<HttpMessage>(&event.payload);
  if (message == nullptr || message->direction != Direction::received ||
      message->upgrade != upgrade) {
    return std::nullopt;
  }
  return http_view(*message);
}

std::optional<View> frame_view_if(SelectorKind kind, std::span<const Event> events,
                                  std::size_t index) {
  const auto* frame = std::get_if<WsFrame>(&events[index].payload);
  if (frame == nullptr || frame->direction != Direction::received) {
    return std::nullopt;
  }
  const auto message = whole_message(*frame);
  switch (kind) {
    case SelectorKind::frame:
      return frame_view(*frame);
    case SelectorKind::close:
      return frame->opcode == opcode_close ? std::optional(close_view(events, index))
                                           : std::nullopt;
    case SelectorKind::ping:
    case SelectorKind::pong:
      return frame->opcode == (kind == SelectorKind::ping ? opcode_ping : opcode_pong)
                 ? std::optional(text_view(frame->payload, frame->length))
                 : std::nullopt;
    case SelectorKind::binary:
      return message && message->opcode == opcode_binary ? std::optional(binary_view(*message))
                                                         : std::nullopt;
    case SelectorKind::text:
      return message && message->opcode == opcode_text ? std::optional(message_text(*message))
                                                       : std::nullopt;
    case SelectorKind::json:
      return message && message->opcode == opcode_text ? json_view(*message) : std::nullopt;
    case SelectorKind::upgrade:
    case SelectorKind::response:
    case SelectorKind::bytes:
    case SelectorKind::end:
    case SelectorKind::silence:
    case SelectorKind::log:
    case SelectorKind::exit:
    case SelectorKind::sent:
    case SelectorKind::raised:
    case SelectorKind::returned:
    case SelectorKind::waiting:
    case SelectorKind::pending_tasks:
    case SelectorKind::complaint:
      return std::nullopt;
  }
  return std::nullopt;
}

/// A string as the pattern for octets means their hex form, however it is spaced.
Json octets_pattern(const Json& pattern) {
  if (!pattern.is_string()) {
    return pattern;
  }
  const auto bytes = from_hex(pattern.get_ref<const std::string&>());
  return {{"hex", bytes ? to_hex(*bytes) : pattern.get<std::string>()}};
}

}  // namespace

std::optional<View> view_of(SelectorKind kind, std::span<const Event> events, std::size_t index) {
  const Event& event = events[index];
  switch (kind) {
    case SelectorKind::upgrade:
      return http_view_if(event, true);
    case SelectorKind::response:
      return http_view_if(event, false);
    case SelectorKind::text:
    case SelectorKind::json:
    case SelectorKind::binary:
    case SelectorKind::ping:
    case SelectorKind::pong:
    case SelectorKind::frame:
    case SelectorKind::close:
      return frame_view_if(kind, events, index);
    case SelectorKind::bytes: {
      const auto* raw = std::get_if<RawBytes>(&event.payload);
      return raw != nullptr && raw->direction == Direction::received
                 ? std::optional(octets_view(raw->data, raw->size))
                 : std::nullopt;
    }
    case SelectorKind::end: {
      const auto* ended = std::get_if<Ended>(&event.payload);
      return ended != nullptr && ended->direction == Direction::received
                 ? std::optional(View{Json(ended->kind == EndKind::rst ? "rst" : "fin")})
                 : std::nullopt;
    }
    case SelectorKind::log: {
      const auto* line = std::get_if<LogLine>(&event.payload);
      return line != nullptr ? std::optional(View{Json(line->text)}) : std::nullopt;
    }
    case SelectorKind::exit: {
      const auto* exited = std::get_if<ProcessExited>(&event.payload);
      if (exited == nullptr) {
        return std::nullopt;
      }
      Json view{{"code", nullptr}, {"signal", nullptr}};
      if (exited->code) {
        view["code"] = *exited->code;
      }
      if (exited->signal) {
        view["signal"] = *exited->signal;
      }
      return View{std::move(view)};
    }
    case SelectorKind::sent:
    case SelectorKind::raised:
    case SelectorKind::returned:
    case SelectorKind::waiting:
    case SelectorKind::pending_tasks:
    case SelectorKind::complaint:
      return asgi_view(kind, event);
    case SelectorKind::silence:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Mismatch> mismatch(const Selector& selector, std::span<const Event> events,
                                 std::size_t index, const Variables& variables) {
  const auto view = view_of(selector.kind, events, index);
  if (!view) {
    return Mismatch{"", "", ""};
  }
  const Json& pattern = selector.pattern.json.json();
  if (selector.kind == SelectorKind::end && pattern == "any") {
    return std::nullopt;
  }
  if (selector.kind == SelectorKind::binary || selector.kind == SelectorKind::bytes) {
    return mismatch(octets_pattern(pattern), *view, variables);
  }
  if (is_of_asgi(selector.kind)) {
    return asgi_mismatch(selector.kind, pattern, *view, variables);
  }
  return mismatch(pattern, *view, variables);
}

bool is_candidate(const Selector& selector, const Event& event) {
  if (is_of_asgi(selector.kind)) {
    return is_asgi_candidate(selector, event);
  }
  if (selector.kind == SelectorKind::log) {
    return std::holds_alternative<LogLine>(event.payload);
  }
  if (selector.kind == SelectorKind::exit) {
    return std::holds_alternative<ProcessExited>(event.payload);
  }
  if (event.lane != selector.lane) {
    return false;
  }
  if (const auto* message = std::get_if<HttpMessage>(&event.payload)) {
    const bool interim = message->status >= 100 && message->status < 200 && message->status != 101;
    return message->direction == Direction::received && !interim;
  }
  if (const auto* frame = std::get_if<WsFrame>(&event.payload)) {
    if (frame->direction != Direction::received) {
      return false;
    }
    if (selector.kind == SelectorKind::frame) {
      return true;
    }
    if (frame->opcode == opcode_ping || frame->opcode == opcode_pong) {
      return selector.kind ==
             (frame->opcode == opcode_ping ? SelectorKind::ping : SelectorKind::pong);
    }
    const bool part =
        frame->opcode == opcode_continuation ? !frame->message_opcode.has_value() : !frame->fin;
    return !part;
  }
  if (const auto* raw = std::get_if<RawBytes>(&event.payload)) {
    return raw->direction == Direction::received;
  }
  if (const auto* ended = std::get_if<Ended>(&event.payload)) {
    return ended->direction == Direction::received;
  }
  return selector.kind == SelectorKind::silence && is_outcome_of_call(event);
}

bool is_aside(const Event& event) {
  return event.lane == "probe";
}

bool outlasts_record(const Expect& expect) {
  return expect.selector.kind == SelectorKind::exit ||
         (expect.selector.kind == SelectorKind::end && expect.skip);
}

namespace {

/// A driver cannot see the future: whether a close was clean is left to the judge.
Selector without_clean(Selector selector) {
  if (selector.kind == SelectorKind::close && selector.pattern.json.json().is_object() &&
      selector.pattern.json.json().contains("clean")) {
    Json pattern = selector.pattern.json.json();
    pattern.erase("clean");
    selector.pattern.json = Value(pattern);
  }
  return selector;
}

}  // namespace

namespace {

/// The end of a connection or call. A complaint or the tasks that are left may be told behind it.
bool ends_lane(const Selector& selector, const Event& event) {
  return std::holds_alternative<Ended>(event.payload) ||
         (event.lane == selector.lane && is_outcome_of_call(event) &&
          !std::holds_alternative<AsgiSent>(event.payload));
}

}  // namespace

Progress advance(const Expect& expect, std::span<const Event> events, std::size_t from,
                 std::size_t until, const Variables& variables, bool live) {
  Progress progress;
  const Selector selector = live ? without_clean(expect.selector) : expect.selector;
  const bool skips = expect.skip || selector.kind == SelectorKind::log;
  for (std::size_t i = from; i < until; ++i) {
    const bool full = std::holds_alternative<Overflowed>(events[i].payload);
    if (full && !outlasts_record(expect)) {
      progress.state = Progress::State::unknown;
      progress.index = i;
      return progress;
    }
    if (is_aside(events[i]) || !is_candidate(selector, events[i])) {
      continue;
    }
    auto why = selector.kind == SelectorKind::silence ? std::optional(Mismatch{"", "silence", ""})
                                                      : mismatch(selector, events, i, variables);
    progress.index = i;
    if (!why) {
      progress.state = Progress::State::matched;
      return progress;
    }
    if (why->undecided) {
      progress.state = Progress::State::unknown;
      progress.why = std::move(why);
      return progress;
    }
    // An application may wait for something else first, for a timer, say.
    if (std::holds_alternative<AsgiWaiting>(events[i].payload)) {
      continue;
    }
    // After the end of the connection nothing more can come: stepping over it would wait in vain.
    if (!skips || ends_lane(selector, events[i])) {
      progress.state = Progress::State::mismatched;
      progress.why = std::move(why);
      return progress;
    }
    ++progress.skipped;
  }
  return progress;
}

bool capture(const Expect& expect, std::span<const Event> events, std::size_t index,
             Variables& variables, std::string& missing) {
  if (expect.captures.empty()) {
    return true;  // a view costs more than all the rest of a match
  }
  const auto view = view_of(expect.selector.kind, events, index);
  for (const Capture& wanted : expect.captures) {
    const Json::json_pointer pointer(wanted.pointer);
    const bool whole =
        view && std::none_of(view->cut.begin(), view->cut.end(), [&wanted](const auto& cut) {
          return cut.first.starts_with(wanted.pointer);
        });
    if (!whole || !view->value.json().contains(pointer)) {
      missing = wanted.pointer;
      return false;
    }
    const Json& value = view->value.json().at(pointer);
    variables[wanted.name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return true;
}

}  // namespace relapse
