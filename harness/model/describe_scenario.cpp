#include <array>
#include <nlohmann/json.hpp>

#include "model/describe_words.hpp"
#include "model/timeline.hpp"

namespace relapse {

namespace {

constexpr std::size_t columns = 60;

struct Operator {
  std::string_view key;
  std::string_view words;
};
constexpr std::array<Operator, 9> operators{{{"is", "is"},
                                             {"not", "is not"},
                                             {"in", "is one of"},
                                             {"contains", "contains"},
                                             {"matches", "matches"},
                                             {"less", "is less than"},
                                             {"more", "is more than"},
                                             {"present", "is present"},
                                             {"absent", "is absent"}}};

const Operator* find_operator(std::string_view key) {
  for (const Operator& op : operators) {
    if (op.key == key)
      return &op;
  }
  return nullptr;
}

/// The same rule as the matcher's: an object whose keys are all operators.
bool is_operators(const Json& json) {
  if (!json.is_object() || json.empty())
    return false;
  for (const auto& [key, value] : json.items()) {
    if (find_operator(key) == nullptr)
      return false;
  }
  return true;
}

bool is_any(const Json& json) {
  return json.is_null() || (json.is_object() && json.empty());
}

std::string compact(const Json& json) {
  return words::preview(json.dump(-1, ' ', false, Json::error_handler_t::replace), columns);
}

std::string literal(const Json& json) {
  if (json.is_string())
    return words::quoted(json.get_ref<const std::string&>(), columns);
  return compact(json);
}

/// `contains "x"`, `is one of [1000,1001]`; a literal as it is.
std::string pattern_words(const Json& pattern) {
  if (!is_operators(pattern))
    return literal(pattern);
  std::string text;
  for (const auto& [key, value] : pattern.items()) {
    if (!text.empty())
      text += " and ";
    const Operator* op = find_operator(key);
    const bool negated = value == Json(false);
    if (key == "present" || key == "absent")
      text += (key == "present") != negated ? "is present" : "is absent";
    else
      text += std::string(op->words) + " " + literal(value);
  }
  return text;
}

/// ", name words" for every key that has not been said yet.
std::string other_keys(const Json& pattern, std::initializer_list<std::string_view> said) {
  std::string text;
  if (!pattern.is_object())
    return text;
  for (const auto& [key, value] : pattern.items()) {
    bool done = false;
    for (std::string_view name : said)
      done = done || name == key;
    if (!done)
      text += ", " + words::preview(key, 20) + " " + pattern_words(value);
  }
  return text;
}

const Json* member(const Json& pattern, const char* key) {
  if (!pattern.is_object() || is_operators(pattern))
    return nullptr;
  const auto found = pattern.find(key);
  return found == pattern.end() ? nullptr : &*found;
}

std::string http_words(const Json& pattern) {
  if (is_any(pattern))
    return "HTTP response";
  if (pattern.is_number_integer() || is_operators(pattern))
    return "HTTP " + pattern_words(pattern);
  std::string text = "HTTP";
  if (const Json* status = member(pattern, "status"))
    text += (status->is_object() ? " status " : " ") + pattern_words(*status);
  else
    text += " response";
  return text + other_keys(pattern, {"status"});
}

std::string close_words(const Json& pattern) {
  if (is_any(pattern))
    return "CLOSE";
  if (pattern.is_number_integer() || is_operators(pattern))
    return "CLOSE " + pattern_words(pattern);
  std::string text = "CLOSE";
  if (const Json* code = member(pattern, "code"))
    text += (code->is_object() ? " code " + pattern_words(*code)
             : code->is_null() ? " without a code"
                               : " " + pattern_words(*code));
  if (const Json* reason = member(pattern, "reason"))
    text += (reason->is_string() ? " " : " reason ") + pattern_words(*reason);
  return text + other_keys(pattern, {"code", "reason"});
}

std::string end_words(const Json& pattern) {
  if (pattern == Json("fin"))
    return "FIN";
  if (pattern == Json("rst"))
    return "RST";
  if (is_any(pattern) || pattern == Json("any"))
    return "FIN or RST";
  return "end " + pattern_words(pattern);
}

std::string exit_words(const Json& pattern) {
  if (is_any(pattern))
    return "EXIT";
  if (pattern.is_number_integer() || is_operators(pattern))
    return "EXIT " + pattern_words(pattern);
  std::string text = "EXIT";
  if (const Json* code = member(pattern, "code"))
    text += (code->is_object() ? " code " : " ") + pattern_words(*code);
  if (const Json* signal = member(pattern, "signal"))
    text += " by " + (signal->is_number_integer() ? words::signal(signal->get<int>())
                                                  : "signal " + pattern_words(*signal));
  return text + other_keys(pattern, {"code", "signal"});
}

std::string binary_words(const Json& pattern) {
  if (is_any(pattern))
    return "BINARY";
  const Json* hex = pattern.is_string() ? &pattern : member(pattern, "hex");
  if (hex == nullptr || !hex->is_string())
    return "BINARY " + pattern_words(pattern);
  const auto octets = from_hex(hex->get_ref<const std::string&>());
  if (!octets)
    return "BINARY " + literal(*hex) + other_keys(pattern, {"hex"});
  return words::binary(*octets, octets->size(), columns) + other_keys(pattern, {"hex"});
}

std::string named(const char* name, const Json& pattern) {
  return is_any(pattern) ? name : std::string(name) + " " + pattern_words(pattern);
}

std::string selector_words(SelectorKind kind, const Json& pattern) {
  switch (kind) {
    case SelectorKind::upgrade:
    case SelectorKind::response:
      return http_words(pattern);
    case SelectorKind::text:
      return named("TEXT", pattern);
    case SelectorKind::json:
      return is_any(pattern) ? "TEXT of JSON" : "TEXT " + pattern_words(pattern);
    case SelectorKind::binary:
      return binary_words(pattern);
    case SelectorKind::ping:
      return named("PING", pattern);
    case SelectorKind::pong:
      return named("PONG", pattern);
    case SelectorKind::frame:
      return is_any(pattern) ? "a frame" : "a frame with " + compact(pattern);
    case SelectorKind::bytes:
      return named("BYTES", pattern);
    case SelectorKind::close:
      return close_words(pattern);
    case SelectorKind::end:
      return end_words(pattern);
    case SelectorKind::silence:
      return "silence";
    case SelectorKind::log:
      return named("LOG", pattern);
    case SelectorKind::exit:
      return exit_words(pattern);
    case SelectorKind::sent:
      return is_any(pattern) ? "an event" : words::asgi_event(pattern, columns);
    case SelectorKind::raised:
      return is_any(pattern) ? "RAISED" : "RAISED " + words::asgi_event(pattern, columns);
    case SelectorKind::returned:
      return "RETURNED";
    case SelectorKind::waiting:
      return is_any(pattern) ? "WAITING" : "WAITING in " + pattern_words(pattern);
    case SelectorKind::pending_tasks:
      return "pending tasks " + pattern_words(pattern);
    case SelectorKind::complaint:
      return is_any(pattern) ? "COMPLAINT" : "COMPLAINT " + compact(pattern);
  }
  return {};
}

std::string on_lane(const std::string& lane) {
  return lane.empty() || lane == "main" ? "" : " on " + words::preview(lane, 20);
}

std::string octets_words(const Octets& octets) {
  return words::bytes(octets.data.size()) + " " + words::quoted(octets.data, columns);
}

std::string request_words(const HttpRequest& request) {
  std::string text =
      words::preview(request.method, 20) + " " + words::preview(request.path, columns);
  for (std::size_t i = 0; i < request.query.size(); ++i)
    text += (i == 0 ? "?" : "&") + words::preview(request.query[i].first, 20) + "=" +
            words::preview(request.query[i].second, 20);
  if (request.http_version != "1.1")
    text += " HTTP/" + words::preview(request.http_version, 20);
  for (const std::string& name : request.omit)
    text += ", without " + words::preview(name, 40);
  return text;
}

struct SendWords {
  std::string operator()(const SendUpgrade& what) const {
    return "upgrade " + request_words(what.request) +
           (what.version ? ", version " + words::preview(*what.version, 20) : "") +
           (what.key ? ", key " + words::quoted(*what.key, 30) : "") +
           (what.deflate ? ", offering permessage-deflate" : "") +
           (what.answers ? "" : ", pings and closes unanswered");
  }
  std::string operator()(const SendRequest& what) const { return request_words(what.request); }
  std::string operator()(const SendText& what) const { return words::text(what.text, columns); }
  std::string operator()(const SendJson& what) const { return "TEXT " + compact(what.json.json()); }
  std::string operator()(const SendBinary& what) const {
    return words::binary(what.payload.data, what.payload.data.size(), columns);
  }
  std::string operator()(const SendPing& what) const {
    return "PING " + words::quoted(what.payload.data, columns);
  }
  std::string operator()(const SendPong& what) const {
    return "PONG " + words::quoted(what.payload.data, columns);
  }
  std::string operator()(const SendClose& what) const {
    return words::close(what.code, what.reason, columns);
  }
  std::string operator()(const SendFrame& what) const {
    std::string text = "frame " + words::opcode(what.opcode) + " fin=" + (what.fin ? "1" : "0");
    if (what.rsv != 0)
      text += " rsv=" + std::to_string(what.rsv);
    if (!what.mask)
      text += " unmasked";
    if (what.length)
      text += " announcing len=" + std::to_string(*what.length);
    if (what.length_bytes)
      text += " with " + words::bytes(static_cast<std::uint64_t>(*what.length_bytes)) +
              " of extended length";
    return text + ", " + octets_words(what.payload);
  }
  std::string operator()(const SendBytes& what) const { return "BYTES " + octets_words(what.data); }
};

struct StepWords {
  const Step& step;

  std::string operator()(const Send& send) const {
    std::string text = "send " + std::visit(SendWords{}, send.what) +
                       (send.compress ? " compressed" : "") + on_lane(step.lane);
    if (send.split.every_byte)
      text += ", byte by byte";
    else if (!send.split.none())
      text += ", in " + std::to_string(send.split.sizes.size() + 1) + " segments";
    if (send.split.gap > Duration::zero())
      text += " with gaps of " + duration_text(send.split.gap);
    if (send.after > Duration::zero())
      text += ", after " + duration_text(send.after);
    return text;
  }
  std::string operator()(const Expect& expect) const {
    // The step and its selector name the same connection; it is said once.
    std::string text =
        "expect " + selector_words(expect.selector.kind, expect.selector.pattern.json.json());
    if (expect.selector.kind == SelectorKind::silence)
      text += " for " + duration_text(expect.silence);
    text += on_lane(step.lane.empty() || step.lane == "main" ? expect.selector.lane : step.lane);
    if (step.within)
      text += " within " + duration_text(*step.within);
    if (expect.skip)
      text += ", skipping others";
    return text;
  }
  std::string operator()(const End& end) const {
    switch (end.kind) {
      case EndKind::fin:
        return "end with FIN" + on_lane(step.lane);
      case EndKind::rst:
        return "end with RST" + on_lane(step.lane);
      case EndKind::half_close:
        return "half close, keep reading" + on_lane(step.lane);
    }
    return {};
  }
  std::string operator()(const Pause& pause) const {
    if (pause.sweep)
      return "pause " + duration_text(pause.sweep->from) + " to " + duration_text(pause.sweep->to) +
             ", a replay at each of " + std::to_string(pause.sweep->points) + " points";
    return "pause " + duration_text(pause.duration);
  }
  std::string operator()(const Start& start) const {
    std::string text = "start the target";
    for (const auto& [name, value] : start.env) {
      text += ", " + words::preview(name, 40);
      text += value ? "=" + words::quoted(*value, 24) : " removed";
    }
    for (const std::string& argument : start.args)
      text += ", " + words::preview(argument, 40);
    for (const auto& [name, content] : start.files)
      text += ", file " + words::preview(name, 40) + " of " + words::bytes(content.size());
    switch (start.ready) {
      case ReadyWait::required:
        break;
      case ReadyWait::none:
        text += ", without waiting until it is ready";
        break;
      case ReadyWait::either:
        text += ", until it is ready or ends";
        break;
    }
    return text;
  }
  std::string operator()(const Signal& signal) const {
    return "send " + words::signal(signal.number);
  }
  std::string operator()(const Stop&) const { return "stop the target"; }
  std::string operator()(const Call& call) const {
    std::string text = "call with a " + words::preview(call.scope, 20) + " scope";
    for (const ScopeEdit& edit : call.edits) {
      const std::string place = words::preview(edit.pointer, 40);
      text += edit.kind == ScopeEdit::Kind::remove ? ", without " + place
              : edit.kind == ScopeEdit::Kind::retype
                  ? ", " + place + " as " + words::preview(edit.type, 20)
                  : ", " + place + "=" + words::python(edit.value.json(), 40);
    }
    return text + on_lane(step.lane);
  }
  std::string operator()(const Receive& receive) const {
    return "receive() gives " + words::asgi_event(receive.event.json(), columns) +
           on_lane(step.lane);
  }
  std::string operator()(const FailSend& fail) const {
    return nth(fail.nth) + " send() from now raises " + words::preview(fail.raises, 40) +
           (fail.message.empty() ? "" : ": " + words::preview(fail.message, columns)) +
           on_lane(step.lane);
  }
  std::string operator()(const HoldSend& hold) const {
    return nth(hold.nth) + " send() from now is held" + on_lane(step.lane);
  }
  std::string operator()(const ReleaseSend&) const {
    return "the send() that is held returns" + on_lane(step.lane);
  }
  std::string operator()(const Disconnect& gone) const {
    return "the client is gone" + (gone.code ? ", code " + std::to_string(*gone.code) : "") +
           (gone.reason.empty() ? "" : " " + words::quoted(gone.reason, 30)) + on_lane(step.lane);
  }
  std::string operator()(const Cancel&) const {
    return "the call is cancelled" + on_lane(step.lane);
  }
  static std::string nth(int n) {
    return n == 1 ? "the next" : "number " + std::to_string(n) + " of the";
  }
};

}  // namespace

std::string describe(const Selector& selector) {
  return selector_words(selector.kind, selector.pattern.json.json()) + on_lane(selector.lane);
}

std::string describe(const Step& step) {
  return std::visit(StepWords{step}, step.action);
}

}  // namespace relapse
