#include "drive/asgi_reply.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "codec/marshal.hpp"

namespace relapse {
namespace {

/// A value that the bridge has marshalled at the moment it saw it.
Value snapshot(MarshalReader& in) {
  const std::string_view octets = in.bytes();
  Json value;
  if (!from_marshal(octets, value)) {
    const std::string size = std::to_string(octets.size());
    value = Json{{"$object", {{"type", "unreadable"}, {"repr", size + " octets of marshal"}}}};
  }
  return Value(std::move(value));
}

std::string text_or_empty(MarshalReader& in) {
  return in.none() ? std::string() : std::string(in.text());
}

std::vector<AsgiException> chain(MarshalReader& in) {
  std::vector<AsgiException> list;
  const std::size_t size = in.sequence();
  for (std::size_t i = 0; i < size && !in.failed(); ++i) {
    AsgiException one;
    in.dict();
    while (!in.failed() && in.more()) {
      const std::string_view key = in.text();
      const std::string_view value = in.text();
      std::string& field = key == "type" ? one.type : key == "message" ? one.message : one.where;
      field = std::string(value);
    }
    list.push_back(std::move(one));
  }
  return list;
}

AsgiSendFate fate(AsgiSendFate::Kind kind, MarshalReader& in) {
  AsgiSendFate fate;
  fate.kind = kind;
  fate.number = static_cast<int>(in.integer());
  if (kind == AsgiSendFate::Kind::raised) {
    fate.type = in.text();
    fate.message = in.text();
  }
  return fate;
}

Payload raised(MarshalReader& in) {
  AsgiRaised p;
  p.chain = chain(in);
  p.traceback = in.text();
  p.cancelled = in.boolean();
  return p;
}

Payload tasks(MarshalReader& in) {
  AsgiTasks p;
  p.pending = static_cast<int>(in.integer());
  const std::size_t size = in.sequence();
  for (std::size_t i = 0; i < size && !in.failed(); ++i) {
    in.sequence();
    std::string name(in.text());
    p.list.emplace_back(std::move(name), in.text());
  }
  return p;
}

Payload complaint(MarshalReader& in) {
  AsgiComplaint p;
  p.kind = in.text();
  p.text = in.text();
  p.chain = chain(in);
  p.traceback = in.text();
  return p;
}

/// As Python's own formatter writes it, so that the signatures of faults apply.
Payload log_line(MarshalReader& in) {
  const std::string level(in.text());
  const std::string logger(in.text());
  LogLine line;
  line.source = "logging";
  line.text = level + ":" + logger + ":" + std::string(in.text());
  if (const std::string_view traceback = in.text(); !traceback.empty()) {
    line.text += "\n" + std::string(traceback);
  }
  return line;
}

Payload output(MarshalReader& in) {
  LogLine line;
  line.source = in.text();
  line.text = in.text();
  return line;
}

Payload waiting(MarshalReader& in) {
  AsgiWaiting p;
  p.what = in.text();
  p.where = text_or_empty(in);
  return p;
}

Payload sent(MarshalReader& in) {
  AsgiSent p;
  p.number = static_cast<int>(in.integer());
  p.event = snapshot(in);
  return p;
}

using Maker = Payload (*)(MarshalReader&);
constexpr std::pair<std::string_view, Maker> makers[] = {
    {"sent", sent},
    {"fed", [](MarshalReader& in) { return Payload(AsgiFed{snapshot(in)}); }},
    {"waiting", waiting},
    {"called", [](MarshalReader& in) { return Payload(AsgiCalled{snapshot(in)}); }},
    {"returned", [](MarshalReader& in) { return Payload(AsgiReturned{text_or_empty(in)}); }},
    {"raised", raised},
    {"held", [](MarshalReader& in) { return Payload(fate(AsgiSendFate::Kind::held, in)); }},
    {"released", [](MarshalReader& in) { return Payload(fate(AsgiSendFate::Kind::released, in)); }},
    {"send_raised",
     [](MarshalReader& in) { return Payload(fate(AsgiSendFate::Kind::raised, in)); }},
    {"tasks", tasks},
    {"complaint", complaint},
    {"clock", [](MarshalReader& in) { return Payload(AsgiClock{in.integer()}); }},
    {"log", log_line},
    {"output", output},
};

Maker maker_of(std::string_view kind) {
  for (const auto& [name, maker] : makers) {
    if (name == kind) {
      return maker;
    }
  }
  return nullptr;
}

}  // namespace

void AsgiListener::on_step(std::int64_t, int) {}
void AsgiListener::on_event(std::int64_t, int, std::string, Payload) {}
void AsgiListener::on_stopped(std::int64_t, int, bool, Duration) {}
void AsgiListener::on_end(bool) {}

bool read_asgi_reply(std::string_view octets, AsgiListener& listener) {
  MarshalReader in(octets);
  const std::size_t size = in.sequence();
  for (std::size_t i = 0; i < size && !in.failed(); ++i) {
    in.sequence();
    const std::string_view kind = in.text();
    const std::int64_t at_ns = in.integer();
    const int step = static_cast<int>(in.integer());
    const std::string_view lane = in.text();
    if (in.failed()) {
      return false;
    }
    if (const Maker maker = maker_of(kind)) {
      Payload payload = maker(in);
      if (!in.failed()) {
        listener.on_event(at_ns, step, std::string(lane), std::move(payload));
      }
    } else if (kind == "step") {
      listener.on_step(at_ns, step);
    } else if (kind == "stopped") {
      const bool unmet = in.text() == "unmet";
      const auto waited = std::chrono::duration<double>(in.number());
      listener.on_stopped(at_ns, step, unmet, std::chrono::duration_cast<Duration>(waited));
    } else if (kind == "end") {
      listener.on_end(in.boolean());
      return !in.failed() && i + 1 == size;
    } else {
      return false;
    }
  }
  return false;  // an answer closes with its end
}

}  // namespace relapse
