#include "drive/asgi_host.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "model/asgi_scope.hpp"

namespace relapse {
namespace {

constexpr Duration grace = std::chrono::seconds{2};  ///< for the answer behind its longest wait

/// What one outcome of the lifespan call was.
class LifespanListener : public AsgiListener {
 public:
  LifespanListener(std::string kind, std::vector<LogLine>* log)
      : kind_(std::move(kind)), log_(log) {}

  void on_event(std::int64_t, int, std::string lane, Payload payload) override {
    if (auto* line = std::get_if<LogLine>(&payload); line != nullptr && log_ != nullptr) {
      log_->push_back(std::move(*line));
    }
    if (lane != lifespan_lane) {
      return;
    }
    if (const auto* sent = std::get_if<AsgiSent>(&payload)) {
      on_sent(sent->event.json());
    } else if (const auto* raised = std::get_if<AsgiRaised>(&payload)) {
      ended = true;
      wrong = raised->chain.empty() ? "it raised"
                                    : raised->chain[0].type + ": " + raised->chain[0].message;
    } else if (std::holds_alternative<AsgiReturned>(payload)) {
      ended = true;
      wrong = wrong.empty() ? "it returned" : wrong;
    }
  }

  bool complete = false;  ///< lifespan.startup.complete, or shutdown's
  bool failed = false;    ///< ....failed
  bool ended = false;     ///< the call was left before either
  std::string wrong{};

 private:
  void on_sent(const Json& event) {
    const std::string type = event.is_object() ? event.value("type", Json()).dump() : "";
    complete = complete || type == "\"lifespan." + kind_ + ".complete\"";
    if (type == "\"lifespan." + kind_ + ".failed\"") {
      failed = true;
      const Json message = event.value("message", Json(""));
      wrong = "lifespan." + kind_ + ".failed" +
              (message.is_string() ? " " + message.get<std::string>() : "");
    } else if (!complete && wrong.empty()) {
      wrong = "it sent " + type;
    }
  }

  std::string kind_;
  std::vector<LogLine>* log_;
};

class MarkListener : public AsgiListener {
 public:
  void on_end(bool log_hook_alive) override { alive = log_hook_alive; }
  bool alive = false;
};

std::string last_line(const std::string& text) {
  const std::string whole(trim(text));
  const std::size_t newline = whole.rfind('\n');
  return newline == std::string::npos ? whole : whole.substr(newline + 1);
}

}  // namespace

Result<void> AsgiHost::prepare(LaunchSpec& spec) {
  auto bridge = AsgiBridge::make(executor_);
  if (!bridge) {
    return std::move(bridge).error();
  }
  bridge_ = std::move(*bridge);
  in_lifespan_ = false;
  const std::filesystem::path program = dir_ / "relapse_asgi_bridge.py";
  if (auto written = write_file(program, std::string(asgi_bridge_program())); !written) {
    return written;
  }
  spec.command = app_.python;
  spec.command.push_back(program.string());
  spec.command.push_back(std::to_string(inherited_descriptor));
  spec.command.push_back(dir_.string());
  spec.cwd = app_.folder;
  spec.inherit = bridge_->other_end();
  return {};
}

asio::awaitable<void> AsgiHost::load(Duration within, Ready& ready) {
  const Json request{{"op", "load"},
                     {"app", app_.app},
                     {"factory", app_.factory},
                     {"folder", app_.folder},
                     {"by_keyword", app_.by_keyword}};
  Bytes message = to_marshal(request);
  const AsgiBridge::Answer answer = co_await bridge_->ask(std::move(message), within);
  Json reply;
  if (answer.state == AsgiBridge::Answer::State::late) {
    ready.detail = "importing " + app_.app + " took too long";
  } else if (answer.state == AsgiBridge::Answer::State::ended) {
    ready.detail = "the process ended while it imported " + app_.app;
  } else if (!from_marshal(answer.octets, reply) || !reply.is_object()) {
    ready.detail = "the bridge's answer cannot be read";
  } else if (reply.contains("error")) {
    ready.detail = "cannot import " + app_.app + ": " + last_line(reply.value("error", ""));
  } else {
    ready.ok = true;
  }
}

asio::awaitable<void> AsgiHost::begin_lifespan(Duration within, Ready& ready,
                                               std::vector<LogLine>& log) {
  const Value scope = base_scope("lifespan");
  AsgiScript script;
  script.call(lifespan_lane, scope.json(), true);
  const Json startup{{"type", "lifespan.startup"}};
  script.feed(lifespan_lane, startup);
  script.until(lifespan_lane, 1, within, AsgiScript::Outcome::any, nullptr);
  Bytes message = script.request(true, true, false);
  const AsgiBridge::Answer answer = co_await bridge_->ask(std::move(message), within + grace);
  LifespanListener seen("startup", &log);
  read_asgi_reply(answer.octets, seen);
  in_lifespan_ = seen.complete;
  if (seen.complete) {
    co_return;
  }
  // An application that does not know lifespan is served without (lifespan specification, Scope).
  if (seen.ended && !seen.failed && app_.lifespan == AsgiApp::Lifespan::either) {
    co_return;
  }
  ready.ok = false;
  ready.detail = seen.wrong.empty() ? "no answer to lifespan.startup" : seen.wrong;
}

asio::awaitable<Ready> AsgiHost::become_ready(Duration within, std::vector<LogLine>& log) {
  const auto begin = std::chrono::steady_clock::now();
  Ready ready;
  co_await load(within, ready);
  if (ready.ok && app_.lifespan != AsgiApp::Lifespan::off) {
    co_await begin_lifespan(within, ready, log);
  }
  ready.after = std::chrono::steady_clock::now() - begin;
  co_return ready;
}

asio::awaitable<std::string> AsgiHost::shut_down(Duration within) {
  std::string wrong;
  if (in_lifespan_) {
    in_lifespan_ = false;
    AsgiScript script;
    const Json shutdown{{"type", "lifespan.shutdown"}};
    script.feed(lifespan_lane, shutdown);
    script.until(lifespan_lane, 2, within, AsgiScript::Outcome::any, nullptr);
    Bytes message = script.request(true, true, false);
    const AsgiBridge::Answer answer = co_await bridge_->ask(std::move(message), within + grace);
    LifespanListener seen("shutdown", nullptr);
    read_asgi_reply(answer.octets, seen);
    if (!seen.complete && !seen.ended) {
      wrong = seen.wrong.empty() ? "no answer to lifespan.shutdown" : seen.wrong;
    }
  }
  bridge_->close();
  co_return wrong;
}

asio::awaitable<bool> AsgiHost::log_is_alive() {
  const AsgiScript nothing;
  Bytes message = nothing.request(true, true, false);
  const AsgiBridge::Answer answer = co_await bridge_->ask(std::move(message), grace);
  MarkListener mark;
  read_asgi_reply(answer.octets, mark);
  co_return mark.alive;
}

std::string AsgiHost::blocked_at() const {
  const auto text = read_file(dir_ / "blocked.txt");
  return text ? *text : std::string();
}

}  // namespace relapse
