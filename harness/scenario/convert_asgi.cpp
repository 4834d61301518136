#include <charconv>
#include <nlohmann/json.hpp>

#include "scenario/convert.hpp"

// The steps of the ASGI plane, and the target's application.

namespace relapse {

Call convert_call(const Node& node) {
  Call call;
  call.scope = text(node, "scope", call.scope);
  if (const Node* set = node.find("set")) {
    for (const Member& one : set->members) {
      call.edits.push_back({ScopeEdit::Kind::set, one.key, Value(to_json(one.value)), {}});
    }
  }
  if (const Node* remove = node.find("remove")) {
    for (const Node& one : remove->items) {
      call.edits.push_back({ScopeEdit::Kind::remove, one.text, {}, {}});
    }
  }
  if (const Node* retype = node.find("retype")) {
    for (const Member& one : retype->members) {
      call.edits.push_back({ScopeEdit::Kind::retype, one.key, {}, one.value.text});
    }
  }
  return call;
}

namespace {

Disconnect convert_disconnect(const Node& node) {
  Disconnect disconnect;
  if (node.find("code") != nullptr) {
    disconnect.code = small_number(node, "code", 0);
  }
  disconnect.reason = text(node, "reason");
  return disconnect;
}

FailSend convert_fail_send(const Node& node) {
  FailSend fail;
  fail.nth = small_number(node, "nth", fail.nth);
  fail.raises = text(node, "raises", fail.raises);
  fail.message = text(node, "message");
  return fail;
}

}  // namespace

std::optional<Action> convert_asgi_action(const StepView& view) {
  const Node& body = *view.body;
  if (view.action == "call") {
    return convert_call(body);
  }
  if (view.action == "receive") {
    return Receive{Value(to_json(body))};
  }
  if (view.action == "fail_send") {
    return convert_fail_send(body);
  }
  if (view.action == "hold_send") {
    return HoldSend{small_number(body, "nth", 1)};
  }
  if (view.action == "release_send") {
    return ReleaseSend{};
  }
  if (view.action == "disconnect") {
    return convert_disconnect(body);
  }
  if (view.action == "cancel") {
    return Cancel{};
  }
  return std::nullopt;
}

AsgiApp convert_asgi_app(const Node& node, const Conversion& conversion) {
  AsgiApp app;
  app.app = text(node, "app");
  app.factory = flag(node, "factory", app.factory);
  app.folder = absolute_path(text(node, "folder"), conversion);
  if (node.find("python") != nullptr) {
    app.python = texts(node, "python");
    // A bare name is looked for in PATH.
    if (app.python.front().find('/') != std::string::npos) {
      app.python.front() = absolute_path(app.python.front(), conversion);
    }
  }
  app.env = environment(node, "env");
  app.files = file_contents(node, "files");
  app.by_keyword = flag(node, "by_keyword", app.by_keyword);
  if (const Node* lifespan = node.find("lifespan"); lifespan != nullptr) {
    app.lifespan = lifespan->is(Node::Kind::string) ? AsgiApp::Lifespan::either
                   : lifespan->boolean              ? AsgiApp::Lifespan::on
                                                    : AsgiApp::Lifespan::off;
  }
  if (const Node* ready = node.find("ready")) {
    app.ready_within = time_of(*ready, "within").value_or(app.ready_within);
  }
  return app;
}

}  // namespace relapse
