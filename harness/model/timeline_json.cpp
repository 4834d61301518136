#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "model/asgi_json.hpp"
#include "model/fields.hpp"
#include "model/timeline.hpp"

// One overload of `put` and one of `get` for every payload, side by side, so that a field that is
// written and not read stands out. model.test.cpp compares every field after a round trip.
namespace relapse {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Payload>> kind_names{
    "connected",      "connect_failed", "http",         "frame",      "bytes",
    "ended",          "deadline_hit",   "step_started", "step_ended", "process_started",
    "process_exited", "signal_sent",    "ready",        "log",        "log_marked",
    "probed",         "paced",          "delayed",      "identified", "overflowed",
    "harness_failed", "asgi_called",    "asgi_fed",     "asgi_sent",  "asgi_send",
    "asgi_waiting",   "asgi_returned",  "asgi_raised",  "asgi_tasks", "asgi_complaint",
    "asgi_clock"};

void put_flag(Json& out, const char* key, bool value, bool by_default = false) {
  if (value != by_default)
    out[key] = value;
}
void put_number(Json& out, const char* key, std::int64_t value) {
  if (value != 0)
    out[key] = value;
}
void put_size(Json& out, const char* key, std::uint64_t value) {
  if (value != 0)
    out[key] = value;
}
template <class T>
void put_optional(Json& out, const char* key, const std::optional<T>& value) {
  if (value)
    out[key] = *value;
}

void put_direction(Json& out, Direction direction) {
  out["direction"] = direction == Direction::sent ? "sent" : "received";
}
Direction get_direction(FieldReader& in) {
  return static_cast<Direction>(in.one_of("direction", {"sent", "received"}));
}

void put_headers(Json& out, const std::vector<Header>& headers) {
  std::vector<TextPair> pairs;
  for (const Header& header : headers)
    pairs.emplace_back(header.name, header.value);
  put_pairs(out, "headers", pairs);
}
std::vector<Header> get_headers(FieldReader& in) {
  std::vector<Header> headers;
  for (auto& [name, value] : in.pairs("headers"))
    headers.push_back(Header{std::move(name), std::move(value)});
  return headers;
}

void put(Json& out, const Connected& p) {
  put_text(out, "host", p.host);
  put_number(out, "port", p.port);
  put_number(out, "local_port", p.local_port);
  put_text(out, "tls", p.tls);
}
void get(FieldReader& in, Connected& p) {
  p.host = in.text("host");
  p.port = in.small("port");
  p.local_port = in.small("local_port");
  p.tls = in.text("tls");
}

void put(Json& out, const ConnectFailed& p) {
  put_text(out, "host", p.host);
  put_number(out, "port", p.port);
  put_text(out, "reason", p.reason);
}
void get(FieldReader& in, ConnectFailed& p) {
  p.host = in.text("host");
  p.port = in.small("port");
  p.reason = in.text("reason");
}

void put(Json& out, const HttpMessage& p) {
  put_direction(out, p.direction);
  put_flag(out, "upgrade", p.upgrade);
  put_text(out, "method", p.method);
  put_text(out, "target", p.target);
  put_number(out, "status", p.status);
  put_text(out, "reason", p.reason);
  put_text(out, "http_version", p.version);
  put_headers(out, p.headers);
  put_text(out, "head", p.head);
  put_text(out, "body", p.body);
  put_size(out, "body_size", p.body_size);
}
void get(FieldReader& in, HttpMessage& p) {
  p.direction = get_direction(in);
  p.upgrade = in.boolean("upgrade", false);
  p.method = in.text("method");
  p.target = in.text("target");
  p.status = in.small("status");
  p.reason = in.text("reason");
  p.version = in.text("http_version");
  p.headers = get_headers(in);
  p.head = in.text("head");
  p.body = in.text("body");
  p.body_size = in.size("body_size");
}

void put(Json& out, const WsFrame& p) {
  put_direction(out, p.direction);
  put_flag(out, "fin", p.fin, true);
  put_number(out, "rsv", p.rsv);
  out["opcode"] = p.opcode;
  put_optional(out, "mask_key", p.mask_key);
  put_size(out, "length", p.length);
  put_text(out, "head", p.head);
  put_text(out, "payload", p.payload);
  put_optional(out, "message_opcode", p.message_opcode);
  put_text(out, "message", p.message);
  put_size(out, "message_size", p.message_size);
  put_flag(out, "deflated", p.deflated);
  put_size(out, "inflated", p.inflated);
  put_text(out, "deflate_fault", p.deflate_fault);
  put_flag(out, "automatic", p.automatic);
}
void get(FieldReader& in, WsFrame& p) {
  p.direction = get_direction(in);
  p.fin = in.boolean("fin", true);
  p.rsv = in.small("rsv");
  p.opcode = in.small("opcode");
  p.mask_key = in.optional_word("mask_key");
  p.length = in.size("length");
  p.head = in.text("head");
  p.payload = in.text("payload");
  p.message_opcode = in.optional_small("message_opcode");
  p.message = in.text("message");
  p.message_size = in.size("message_size");
  p.deflated = in.boolean("deflated", false);
  p.inflated = in.size("inflated");
  p.deflate_fault = in.text("deflate_fault");
  p.automatic = in.boolean("automatic", false);
}

void put(Json& out, const RawBytes& p) {
  put_direction(out, p.direction);
  put_text(out, "data", p.data);
  put_size(out, "size", p.size);
  put_text(out, "note", p.note);
}
void get(FieldReader& in, RawBytes& p) {
  p.direction = get_direction(in);
  p.data = in.text("data");
  p.size = in.size("size");
  p.note = in.text("note");
}

constexpr std::array<std::string_view, 3> end_names{"fin", "rst", "half_close"};

void put(Json& out, const Ended& p) {
  put_direction(out, p.direction);
  out["end"] = std::string(end_names.at(static_cast<std::size_t>(p.kind)));
  put_flag(out, "answered", p.answered);
  put_text(out, "reason", p.reason);
}
void get(FieldReader& in, Ended& p) {
  p.direction = get_direction(in);
  p.kind = static_cast<EndKind>(in.one_of("end", {end_names.begin(), end_names.end()}));
  p.answered = in.boolean("answered", false);
  p.reason = in.text("reason");
}

void put(Json& out, const DeadlineHit& p) {
  put_number(out, "waited_ns", p.waited.count());
  put_flag(out, "answered", p.answered);
}
void get(FieldReader& in, DeadlineHit& p) {
  p.waited = in.nanoseconds("waited_ns");
  p.answered = in.boolean("answered", false);
}

void put(Json&, const StepStarted&) {}
void get(FieldReader&, StepStarted&) {}

void put(Json& out, const StepEnded& p) {
  put_flag(out, "satisfied", p.satisfied, true);
}
void get(FieldReader& in, StepEnded& p) {
  p.satisfied = in.boolean("satisfied", true);
}

void put(Json& out, const ProcessStarted& p) {
  put_number(out, "pid", p.pid);
  put_texts(out, "command", p.command);
}
void get(FieldReader& in, ProcessStarted& p) {
  p.pid = in.small("pid");
  p.command = in.texts("command");
}

void put(Json& out, const ProcessExited& p) {
  put_optional(out, "code", p.code);
  put_optional(out, "signal", p.signal);
}
void get(FieldReader& in, ProcessExited& p) {
  p.code = in.optional_small("code");
  p.signal = in.optional_small("signal");
}

void put(Json& out, const SignalSent& p) {
  out["number"] = p.number;
}
void get(FieldReader& in, SignalSent& p) {
  p.number = in.small("number");
}

void put(Json& out, const Ready& p) {
  put_flag(out, "ok", p.ok);
  put_number(out, "after_ns", p.after.count());
  put_text(out, "detail", p.detail);
}
void get(FieldReader& in, Ready& p) {
  p.ok = in.boolean("ok", false);
  p.after = in.nanoseconds("after_ns");
  p.detail = in.text("detail");
}

void put(Json& out, const LogLine& p) {
  put_text(out, "source", p.source);
  put_text(out, "text", p.text);
  put_text(out, "raw", p.raw);
}
void get(FieldReader& in, LogLine& p) {
  p.source = in.text("source");
  p.text = in.text("text");
  p.raw = in.text("raw");
}

void put(Json& out, const LogMarked& p) {
  put_text(out, "nonce", p.nonce);
  put_flag(out, "seen", p.seen);
  put_flag(out, "complete", p.complete);
}
void get(FieldReader& in, LogMarked& p) {
  p.nonce = in.text("nonce");
  p.seen = in.boolean("seen", false);
  p.complete = in.boolean("complete", false);
}

void put(Json& out, const Probed& p) {
  put_text(out, "name", p.name);
  put_flag(out, "before", p.before);
  put_flag(out, "ok", p.ok);
  put_text(out, "detail", p.detail);
}
void get(FieldReader& in, Probed& p) {
  p.name = in.text("name");
  p.before = in.boolean("before", false);
  p.ok = in.boolean("ok", false);
  p.detail = in.text("detail");
}

void put(Json& out, const Paced& p) {
  put_number(out, "round_trip_ns", p.round_trip.count());
  put_flag(out, "before", p.before);
}
void get(FieldReader& in, Paced& p) {
  p.round_trip = in.nanoseconds("round_trip_ns");
  p.before = in.boolean("before", false);
}

void put(Json& out, const Delayed& p) {
  put_number(out, "late_ns", p.late.count());
}
void get(FieldReader& in, Delayed& p) {
  p.late = in.nanoseconds("late_ns");
}

void put(Json& out, const Identified& p) {
  put_text(out, "value", p.value);
  put_flag(out, "grows", p.grows);
  put_flag(out, "before", p.before);
}
void get(FieldReader& in, Identified& p) {
  p.value = in.text("value");
  p.grows = in.boolean("grows", false);
  p.before = in.boolean("before", false);
}

void put(Json& out, const Overflowed& p) {
  put_size(out, "events", p.events);
  put_size(out, "octets", p.octets);
}
void get(FieldReader& in, Overflowed& p) {
  p.events = in.size("events");
  p.octets = in.size("octets");
}

void put(Json& out, const HarnessFailed& p) {
  put_text(out, "message", p.message);
}
void get(FieldReader& in, HarnessFailed& p) {
  p.message = in.text("message");
}

/// Makes the alternative with this index and reads its fields.
template <std::size_t I = 0>
Payload get_payload(std::size_t index, FieldReader& in) {
  if constexpr (I + 1 < std::variant_size_v<Payload>) {
    if (index != I)
      return get_payload<I + 1>(index, in);
  }
  std::variant_alternative_t<I, Payload> payload{};
  get(in, payload);
  return payload;
}

Event read_event(FieldReader& in) {
  Event event;
  event.seq = static_cast<std::uint32_t>(
      in.integer("seq", 0, 0, std::int64_t{std::numeric_limits<std::uint32_t>::max()}));
  event.at_ns = in.nanoseconds("at_ns").count();
  event.step = in.small("step", -1);
  event.lane = in.text("lane");
  const std::size_t kind = in.one_of("kind", {kind_names.begin(), kind_names.end()});
  event.payload = get_payload(kind, in);
  return event;
}

}  // namespace

std::string_view kind_name(const Payload& payload) {
  return kind_names.at(payload.index());
}

Json to_json(const Event& event) {
  Json json = Json::object();
  json["seq"] = event.seq;
  json["at_ns"] = event.at_ns;
  if (event.step != -1)
    json["step"] = event.step;
  put_text(json, "lane", event.lane);
  json["kind"] = std::string(kind_name(event.payload));
  std::visit([&json](const auto& payload) { put(json, payload); }, event.payload);
  return json;
}

Result<Event> event_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader reader(json, "event", error);
  Event event = read_event(reader);
  if (error)
    return *std::move(error);
  return event;
}

Json to_json(const Timeline& timeline) {
  Json json{{"format", "relapse-timeline"}, {"version", 1}};
  put_text(json, "scenario", timeline.scenario);
  put_text(json, "target", timeline.target);
  put_text(json, "started", timeline.started);
  put_pairs(json, "variables", {timeline.variables.begin(), timeline.variables.end()});
  put_flag(json, "complete", timeline.complete);
  for (const LogSignature& signature : timeline.fault_signatures) {
    Json one = Json::object();
    put_text(one, "name", signature.name);
    put_text(one, "contains", signature.contains);
    put_flag(one, "late", signature.late);
    json["fault_signatures"].push_back(std::move(one));
  }
  // Json::push_back visits every element that is there already: with JSON_DIAGNOSTICS each is told
  // its parent's address again. A long timeline must not take the square of its length.
  std::vector<Json> events;
  events.reserve(timeline.events.size());
  for (const Event& event : timeline.events)
    events.push_back(to_json(event));
  json["events"] = std::move(events);
  return json;
}

Result<Timeline> timeline_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader reader(json, "timeline", error);
  reader.expect_format("relapse-timeline", 1);
  Timeline timeline;
  timeline.scenario = reader.text("scenario");
  timeline.target = reader.text("target");
  timeline.started = reader.text("started");
  for (auto& [name, value] : reader.pairs("variables"))
    timeline.variables.emplace(std::move(name), std::move(value));
  timeline.complete = reader.boolean("complete", false);
  for (const Json* item : reader.list("fault_signatures")) {
    FieldReader fields(*item, "a fault signature", error);
    LogSignature signature{fields.text("name"), fields.text("contains"),
                           fields.boolean("late", false)};
    if (signature.contains.empty()) {
      fields.fail("contains", "is empty: it would be in every line");
    }
    timeline.fault_signatures.push_back(std::move(signature));
  }
  if (!reader.has("events"))
    reader.fail("events", "is missing");
  for (const Json* item : reader.list("events")) {
    FieldReader fields(*item, "event " + std::to_string(timeline.events.size() + 1), error);
    timeline.events.push_back(read_event(fields));
    if (error)
      break;
  }
  if (error)
    return *std::move(error);
  return timeline;
}

}  // namespace relapse
