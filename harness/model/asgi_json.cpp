#include "model/asgi_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace relapse {
namespace {

void put_chain(Json& out, const std::vector<AsgiException>& chain) {
  std::vector<Json> list;
  for (const AsgiException& one : chain) {
    Json entry = Json::object();
    put_text(entry, "type", one.type);
    put_text(entry, "message", one.message);
    put_text(entry, "where", one.where);
    list.push_back(std::move(entry));
  }
  if (!list.empty()) {
    out["chain"] = std::move(list);
  }
}

std::vector<AsgiException> get_chain(FieldReader& in) {
  std::vector<AsgiException> chain;
  for (const Json* item : in.list("chain")) {
    FieldReader entry(*item, in.where() + ": \"chain\"", in.error());
    AsgiException one;
    one.type = entry.text("type");
    one.message = entry.text("message");
    one.where = entry.text("where");
    chain.push_back(std::move(one));
  }
  return chain;
}

}  // namespace

void put(Json& out, const AsgiCalled& p) {
  out["scope"] = p.scope.json();
}
void get(FieldReader& in, AsgiCalled& p) {
  p.scope = in.value("scope");
}

void put(Json& out, const AsgiFed& p) {
  out["event"] = p.event.json();
}
void get(FieldReader& in, AsgiFed& p) {
  p.event = in.value("event");
}

void put(Json& out, const AsgiSent& p) {
  out["number"] = p.number;
  out["event"] = p.event.json();
}
void get(FieldReader& in, AsgiSent& p) {
  p.number = in.small("number");
  p.event = in.value("event");
}

void put(Json& out, const AsgiSendFate& p) {
  out["fate"] = p.kind == AsgiSendFate::Kind::held       ? "held"
                : p.kind == AsgiSendFate::Kind::released ? "released"
                                                         : "raised";
  out["number"] = p.number;
  put_text(out, "type", p.type);
  put_text(out, "message", p.message);
}
void get(FieldReader& in, AsgiSendFate& p) {
  p.kind = static_cast<AsgiSendFate::Kind>(in.one_of("fate", {"held", "released", "raised"}));
  p.number = in.small("number");
  p.type = in.text("type");
  p.message = in.text("message");
}

void put(Json& out, const AsgiWaiting& p) {
  put_text(out, "what", p.what);
  put_text(out, "where", p.where);
}
void get(FieldReader& in, AsgiWaiting& p) {
  p.what = in.text("what");
  p.where = in.text("where");
}

void put(Json& out, const AsgiReturned& p) {
  put_text(out, "value", p.value);
}
void get(FieldReader& in, AsgiReturned& p) {
  p.value = in.text("value");
}

void put(Json& out, const AsgiRaised& p) {
  put_chain(out, p.chain);
  put_text(out, "traceback", p.traceback);
  if (p.cancelled) {
    out["cancelled"] = true;
  }
}
void get(FieldReader& in, AsgiRaised& p) {
  p.chain = get_chain(in);
  p.traceback = in.text("traceback");
  p.cancelled = in.boolean("cancelled", false);
}

void put(Json& out, const AsgiTasks& p) {
  out["pending"] = p.pending;
  put_pairs(out, "tasks", p.list);
}
void get(FieldReader& in, AsgiTasks& p) {
  p.pending = in.small("pending");
  p.list = in.pairs("tasks");
}

void put(Json& out, const AsgiComplaint& p) {
  put_text(out, "complaint", p.kind);
  put_text(out, "text", p.text);
  put_chain(out, p.chain);
  put_text(out, "traceback", p.traceback);
}
void get(FieldReader& in, AsgiComplaint& p) {
  p.kind = in.text("complaint");
  p.text = in.text("text");
  p.chain = get_chain(in);
  p.traceback = in.text("traceback");
}

void put(Json& out, const AsgiClock& p) {
  out["ahead_ns"] = p.ahead_ns;
}
void get(FieldReader& in, AsgiClock& p) {
  p.ahead_ns = in.nanoseconds("ahead_ns").count();
}

}  // namespace relapse
