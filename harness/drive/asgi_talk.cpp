#include "drive/asgi_talk.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace relapse::testing {

Send upgrade(const char* path, std::vector<Header> headers) {
  SendUpgrade send;
  send.request.path = path;
  send.request.headers = std::move(headers);
  return Send{send};
}

Send request(const char* path, const char* method, std::vector<Header> headers) {
  SendRequest send;
  send.request.path = path;
  send.request.method = method;
  send.request.headers = std::move(headers);
  return Send{send};
}

Talk& Talk::take() {
  for (Payload& payload : server.take_wire()) {
    events.push_back(Event{.lane = "main", .payload = std::move(payload)});
  }
  for (auto& command : server.take_commands()) {
    commands.push_back(std::move(command));
  }
  return *this;
}

Talk& Talk::client(const Send& send) {
  server.send(send);
  return take();
}

Talk& Talk::ends(EndKind kind) {
  server.end(kind);
  return take();
}

Talk& Talk::finishes() {
  server.finish();
  return take();
}

Talk& Talk::app(const char* event) {
  server.sent(Json::parse(event));
  return take();
}

Talk& Talk::returns() {
  server.returned();
  return take();
}

Talk& Talk::raises() {
  server.raised();
  return take();
}

bool Talk::sees(SelectorKind kind, const char* pattern) {
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(Json::parse(pattern));
  const Progress progress = advance(expect, events, from, events.size(), {}, false);
  if (progress.why) {
    UNSCOPED_INFO("at " << progress.why->pointer << ": expected " << progress.why->expected
                        << ", got " << progress.why->actual);
  }
  from = progress.index + 1;
  return progress.state == Progress::State::matched;
}

bool Talk::sees_nothing() const {
  Expect expect;
  expect.selector.kind = SelectorKind::silence;
  expect.selector.lane = "main";
  return advance(expect, events, from, events.size(), {}, false).state == Progress::State::waiting;
}

std::string Talk::told(std::size_t first) const {
  std::string list;
  for (std::size_t i = first; i < commands.size(); ++i) {
    const auto& command = commands[i];
    const Json& value = command.value.json();
    list += list.empty() ? "" : ", ";
    if (command.kind == AsgiServer::Command::Kind::call) {
      list += "call " + value["type"].get<std::string>() + " " + value["path"].get<std::string>();
    } else if (command.kind == AsgiServer::Command::Kind::feed) {
      list += value.dump();
    } else {
      list += "disconnect" + (command.code ? " " + std::to_string(*command.code) : "");
      list += command.reason.empty() ? "" : " " + command.reason;
    }
  }
  return list;
}

}  // namespace relapse::testing
