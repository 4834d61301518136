#include "drive/asgi_script.hpp"

#include <nlohmann/json.hpp>

namespace relapse {
namespace {

/// So often may the loop turn before it is said to spin.
constexpr std::int64_t most_turns = 100'000;

}  // namespace

void AsgiScript::action(std::string_view name, std::size_t arguments) {
  ++count_;
  actions_.tuple(arguments + 1);
  actions_.text(name);
}

void AsgiScript::wait(Duration limit) {
  longest_ += limit;
  actions_.number(std::chrono::duration<double>(limit).count());
}

void AsgiScript::step(int index) {
  action("step", 1);
  actions_.integer(index);
}

void AsgiScript::call(std::string_view lane, const Json& scope, bool keep) {
  action("call", 3);
  actions_.text(lane);
  actions_.value(scope);
  actions_.boolean(keep);
}

void AsgiScript::feed(std::string_view lane, const Json& event) {
  action("feed", 2);
  actions_.text(lane);
  actions_.value(event);
}

void AsgiScript::disconnect(std::string_view lane, std::optional<int> code,
                            std::string_view reason) {
  action("disconnect", 3);
  actions_.text(lane);
  if (code) {
    actions_.integer(*code);
  } else {
    actions_.none();
  }
  actions_.text(reason);
}

void AsgiScript::fail_send(std::string_view lane, int nth, std::string_view raises,
                           std::string_view text) {
  action("fail_send", 4);
  actions_.text(lane);
  actions_.integer(nth);
  actions_.text(raises);
  actions_.text(text);
}

void AsgiScript::hold_send(std::string_view lane, int nth) {
  action("hold_send", 2);
  actions_.text(lane);
  actions_.integer(nth);
}

void AsgiScript::release_send(std::string_view lane) {
  action("release_send", 1);
  actions_.text(lane);
}

void AsgiScript::cancel(std::string_view lane) {
  action("cancel", 1);
  actions_.text(lane);
}

void AsgiScript::until(std::string_view lane, int n, Duration limit, Outcome kind,
                       const Json* literal) {
  action("until", 5);
  actions_.text(lane);
  actions_.integer(n);
  wait(limit);
  switch (kind) {
    case Outcome::any:
      actions_.none();
      break;
    case Outcome::sent:
      actions_.text("sent");
      break;
    case Outcome::returned:
      actions_.text("returned");
      break;
    case Outcome::raised:
      actions_.text("raised");
      break;
  }
  if (literal != nullptr) {
    actions_.value(*literal);
  } else {
    actions_.none();
  }
}

void AsgiScript::until_waiting(std::string_view lane, Duration limit, std::string_view what) {
  action("until_waiting", 3);
  actions_.text(lane);
  wait(limit);
  if (what.empty()) {
    actions_.none();
  } else {
    actions_.text(what);
  }
}

void AsgiScript::until_event(Duration limit) {
  action("until_event", 1);
  wait(limit);
}

void AsgiScript::idle(Duration time) {
  action("idle", 1);
  wait(time);
}

void AsgiScript::tasks() {
  action("tasks", 0);
}

void AsgiScript::collect() {
  action("collect", 0);
}

Bytes AsgiScript::request(bool first, bool last, bool virtual_clock) const {
  MarshalWriter out;
  out.dict();
  out.text("op");
  out.text(first ? "play" : "more");
  out.text("script");
  out.list(count_);
  out.written(actions_.octets());
  out.text("last");
  out.boolean(last);
  if (first) {
    out.text("clock");
    out.text(virtual_clock ? "virtual" : "real");
    out.text("turns");
    out.integer(most_turns);
  }
  out.end_dict();
  return out.take();
}

}  // namespace relapse
