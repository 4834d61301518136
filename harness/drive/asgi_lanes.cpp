#include "drive/asgi_lanes.hpp"

#include <nlohmann/json.hpp>

namespace relapse {
namespace {

std::int64_t now_ns() {
  return Clock::now().time_since_epoch().count();
}

/// What a server writes to its log when an exception leaves the application. Nothing when that is
/// its own, from a send() to a client that has gone (ASGI message format 2.5, Disconnected Client -
/// send exception), or the cancellation that it asked for.
std::optional<LogLine> server_log(const AsgiRaised& raised, const std::string& send_raised) {
  const bool own = !send_raised.empty() && !raised.chain.empty() &&
                   raised.chain.front().type == "OSError" &&
                   raised.chain.front().message == send_raised;
  if (raised.cancelled || own) {
    return std::nullopt;
  }
  LogLine line;
  line.source = "server";
  line.text = "ERROR: Exception in ASGI application";
  if (!raised.traceback.empty()) {
    line.text += "\n" + raised.traceback;
  }
  return line;
}

}  // namespace

void AsgiLanes::on_step(std::int64_t at_ns, int index) {
  last_ns_ = at_ns;
  if (step_ >= 0) {
    recorder_.add_at(at_ns, step_, "", StepEnded{true});
  }
  step_ = index;
  recorder_.set_step(index);
  recorder_.add_at(at_ns, index, "", StepStarted{});
}

void AsgiLanes::on_event(std::int64_t at_ns, int step, std::string name, Payload payload) {
  if (step < 0 && step_ >= 0) {  // the script has come to its end
    recorder_.add_at(at_ns, step_, "", StepEnded{true});
    step_ = -1;
    recorder_.set_step(-1);
  }
  last_ns_ = at_ns;
  Lane* lane = name.empty() ? nullptr : &lanes_[name];
  if (const auto* clock = std::get_if<AsgiClock>(&payload)) {
    ahead_ += Duration(clock->ahead_ns);
  }
  AsgiServer* server = lane != nullptr && lane->server ? &*lane->server : nullptr;
  if (lane != nullptr && std::holds_alternative<AsgiCalled>(payload)) {
    lane->outcomes.clear();
    lane->called = true;
    lane->ended = false;
    lane->send_raised.clear();
  }
  if (const auto* fate = std::get_if<AsgiSendFate>(&payload);
      fate != nullptr && lane != nullptr && fate->kind == AsgiSendFate::Kind::raised) {
    lane->send_raised = fate->message;
  }
  bool outcome = false;
  std::optional<LogLine> logged;
  if (const auto* sent = std::get_if<AsgiSent>(&payload)) {
    outcome = true;
    if (server != nullptr) {
      server->sent(sent->event.json());
    }
  } else if (std::holds_alternative<AsgiReturned>(payload) ||
             std::holds_alternative<AsgiRaised>(payload)) {
    outcome = true;
    if (lane != nullptr) {
      lane->ended = true;
    }
    if (server != nullptr && std::holds_alternative<AsgiReturned>(payload)) {
      server->returned();
    } else if (server != nullptr) {
      server->raised();
      logged = server_log(std::get<AsgiRaised>(payload), lane->send_raised);
    }
  }
  const std::size_t before = recorder_.events().size();
  recorder_.add_at(at_ns, step, name, std::move(payload));
  if (lane != nullptr && outcome && recorder_.events().size() > before) {
    lane->outcomes.push_back(recorder_.events().size() - 1);
  }
  if (logged) {
    recorder_.add_at(at_ns, step, "", std::move(*logged));
  }
  if (lane != nullptr) {
    wire_events(at_ns, step, name, *lane);
  }
}

void AsgiLanes::on_stopped(std::int64_t at_ns, int step, bool unmet, Duration waited) {
  stopped_ = true;
  if (unmet) {
    recorder_.add_at(at_ns, step, "", DeadlineHit{waited, true});
  }
  recorder_.add_at(at_ns, step, "", StepEnded{false});
  step_ = -1;
}

void AsgiLanes::end_step(bool satisfied) {
  if (step_ >= 0) {
    recorder_.add_at(std::max(last_ns_, now_ns()), step_, "", StepEnded{satisfied});
    step_ = -1;
  }
}

AsgiServer& AsgiLanes::server(const std::string& name) {
  Lane& lane = lanes_[name];
  if (!lane.server) {
    lane.server.emplace(defaults_);
    if (refusal_) {
      lane.server->refuse(*refusal_);
    }
  }
  return *lane.server;
}

void AsgiLanes::wire_events(std::int64_t at_ns, int step, const std::string& name, Lane& lane) {
  if (lane.server) {
    for (Payload& payload : lane.server->take_wire()) {
      recorder_.add_at(at_ns, step, name, std::move(payload));
    }
  }
}

void AsgiLanes::commands(const std::string& name, Lane& lane, AsgiScript& script) {
  using Kind = AsgiServer::Command::Kind;
  for (const AsgiServer::Command& command : lane.server->take_commands()) {
    if (command.kind == Kind::call) {
      script.call(name, command.value.json(), false);
    } else if (command.kind == Kind::feed) {
      script.feed(name, command.value.json());
    } else {
      if (command.sends_fail) {
        constexpr int every = 0;
        script.fail_send(name, every, "OSError", "the client has gone");
      }
      script.disconnect(name, command.code, command.reason);
    }
  }
}

void AsgiLanes::send(int step, const std::string& name, const Send& send, AsgiScript& script) {
  server(name).send(send);
  Lane& lane = lanes_[name];
  wire_events(now_ns(), step, name, lane);
  commands(name, lane, script);
}

void AsgiLanes::end(int step, const std::string& name, EndKind kind, AsgiScript& script) {
  Lane& lane = lanes_[name];
  if (lane.server && !lane.server->ended()) {
    lane.server->end(kind);
    wire_events(now_ns(), step, name, lane);
    commands(name, lane, script);
  }
}

bool AsgiLanes::add_due(AsgiScript& script) {
  const bool none = script.empty();
  for (auto& [name, lane] : lanes_) {
    if (lane.server) {
      commands(name, lane, script);
    }
  }
  return none && !script.empty();
}

void AsgiLanes::finish(AsgiScript& script) {
  for (auto& [name, lane] : lanes_) {
    if (lane.server && !lane.server->ended()) {
      lane.server->finish();
      wire_events(now_ns(), -1, name, lane);
      commands(name, lane, script);
    }
  }
}

bool AsgiLanes::ended(const std::string& name) const {
  const auto found = lanes_.find(name);
  if (found != lanes_.end() && found->second.server) {
    return found->second.server->ended();
  }
  return found == lanes_.end() || !found->second.called || found->second.ended;
}

bool AsgiLanes::acted(const std::string& name) const {
  const auto found = lanes_.find(name);
  return found != lanes_.end() && (found->second.server ? found->second.server->answered()
                                                        : !found->second.outcomes.empty());
}

std::optional<std::size_t> AsgiLanes::place_of(const std::string& name, int n) const {
  const auto found = lanes_.find(name);
  if (found == lanes_.end() || n < 1 ||
      static_cast<std::size_t>(n) > found->second.outcomes.size()) {
    return std::nullopt;
  }
  return found->second.outcomes[static_cast<std::size_t>(n) - 1];
}

int AsgiLanes::outcomes_until(const std::string& name, std::size_t index) const {
  const auto found = lanes_.find(name);
  int count = 0;
  if (found != lanes_.end()) {
    for (const std::size_t place : found->second.outcomes) {
      count += place <= index ? 1 : 0;
    }
  }
  return count;
}

}  // namespace relapse
