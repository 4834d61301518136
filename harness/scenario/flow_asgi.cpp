#include "scenario/diagnostics.hpp"
#include "scenario/flow_names.hpp"
#include "scenario/schema_table.hpp"

// One plane for each scenario, and on the ASGI plane the order of what is done to a call. A call
// ends when the application returns or raises; what its tasks do afterwards can still be seen, and
// they can be given something, but it cannot be cancelled and it ends only once.

namespace relapse {
namespace {

constexpr std::string_view call_first =
    "begin with {\"call\": {\"scope\": \"websocket\"}}; another call is named with \"on\"";

/// A step or claim that belongs to one of the planes.
struct Bound {
  std::string label{};
  Span span{};
  bool asgi = false;
  std::string what{};
};

/// The key of a claim that says what it looks at.
const Member* selector_of(const Node& claim) {
  const Node* of = claim.find("of");
  for (const Member& member : (of != nullptr ? of : &claim)->members) {
    const schema::Key* key = schema::expect_table.find(member.key);
    if (key != nullptr && !key->group.empty()) {
      return &member;
    }
  }
  return nullptr;
}

std::vector<Bound> bound_claims(const Node& root) {
  std::vector<Bound> bound;
  for (const std::string_view list : {"never", "always", "count"}) {
    const Node* claims = root.find(list);
    for (std::size_t i = 0; claims != nullptr && i < claims->items.size(); ++i) {
      const Member* selector = selector_of(claims->items[i]);
      if (selector != nullptr && selector->key != "log") {
        bound.push_back({std::string(list) + " " + std::to_string(i + 1), selector->key_span,
                         is_asgi_selector(selector->key), selector->key});
      }
    }
  }
  return bound;
}

class PlaneCheck {
 public:
  PlaneCheck(const Node& root, const std::filesystem::path& file, Diagnostics& out)
      : root_(root), file_(file), out_(out) {}

  bool run(const std::vector<StepView>& steps) {
    const std::size_t before = out_.size();
    const StepView* first = nullptr;
    bool mixed = false;
    for (const StepView& step : steps) {
      if (!is_asgi(step) && !is_wire(step)) {
        continue;
      }
      if (first != nullptr && is_asgi(step) != is_asgi(*first) && !mixed) {
        mixed = true;
        error(step.action_span, step.label + described(is_asgi(step)) + ", and " + first->label +
                                    described(is_asgi(*first)));
      }
      first = first == nullptr ? &step : first;
    }
    if (mixed || first == nullptr) {
      return !mixed;
    }
    const bool asgi = is_asgi(*first);
    if (asgi) {
      process(steps);
    } else {
      clock();
    }
    claims(*first, asgi);
    return out_.size() == before;
  }

 private:
  static std::string described(bool asgi) {
    return asgi ? " calls the application or looks at a call" : " uses a connection to a server";
  }

  void error(const Span& span, std::string message, std::string note = {}) {
    if (note.empty()) {
      note =
          "a scenario keeps to one plane: on the wire a real server stands before the application, "
          "and a call takes the server's place";
    }
    out_.push_back(make_error(file_, span, std::move(message), {}, std::move(note)));
  }

  /// The process of the ASGI plane is the harness's own bridge.
  void process(const std::vector<StepView>& steps) {
    for (const StepView& step : steps) {
      const bool exit = step.action == "expect" && step.what == "exit";
      if (step.action == "signal" || step.action == "stop" || exit) {
        error(step.action_span,
              step.label + " is about the process of a server, and here the application is called",
              "a call is ended with {\"cancel\": {}} or {\"disconnect\": {}}");
      }
    }
  }

  void clock() {
    for (const Member& member : root_.members) {
      if (member.key == "clock") {
        error(member.key_span, "\"clock\" means nothing on a connection to a server",
              "only the event loop of an application that is called has a clock of its own");
      }
    }
  }

  /// A claim about the other plane could never be false.
  void claims(const StepView& first, bool asgi) {
    for (const Bound& claim : bound_claims(root_)) {
      if (claim.asgi != asgi) {
        error(claim.span, claim.label + " is about " + quote(claim.what) +
                              ", which is never seen: " + first.label + described(asgi));
      }
    }
  }

  const Node& root_;
  const std::filesystem::path& file_;
  Diagnostics& out_;
};

/// What has happened to the call of one name so far.
struct CallState {
  const StepView* call = nullptr;
  const StepView* ended = nullptr;
};

class CallOrder {
 public:
  CallOrder(const std::filesystem::path& file, Diagnostics& out) : file_(file), out_(out) {}

  void step(const StepView& step) {
    if (!is_asgi(step) || is_off_wire(step)) {
      return;
    }
    CallState& state = calls_[step.lane];
    const std::string on = " on " + quote(step.lane);
    if (step.action == "call") {
      call(step, state, on);
    } else if (state.call == nullptr) {
      error(step, " is about a call" + on + ", and no step has called the application there",
            std::string(call_first));
      state.call = &step;  // said once
    } else if (beside(step, *state.call)) {
      error(step, " may come before the call of " + state.call->label + ", in another branch",
            "call the application before the branches");
    } else {
      during(step, state);
    }
  }

 private:
  void error(const StepView& step, const std::string& message, std::string note) {
    out_.push_back(make_error(file_, step.action_span, step.label + message, {}, std::move(note)));
  }

  /// Of two branches nobody knows which comes first.
  static bool beside(const StepView& a, const StepView& b) {
    return a.group >= 0 && a.group == b.group && a.branch != b.branch;
  }

  void call(const StepView& step, CallState& state, const std::string& on) {
    if (state.call != nullptr && (state.ended == nullptr || beside(step, *state.ended))) {
      error(step,
            " calls the application" + on + ", where the call of " + state.call->label +
                " has not ended",
            "expect its end before, {\"returned\": true} or {\"raised\": {}}, or name another call "
            "with \"on\"");
    }
    state = {&step, nullptr};
  }

  void during(const StepView& step, CallState& state) {
    const bool end = step.what == "returned" || step.what == "raised";
    if (state.ended != nullptr && !beside(step, *state.ended) &&
        (end || step.what == "waiting" || step.action == "cancel")) {
      error(step, " is never reached: " + state.ended->label + " expects the end of that call",
            "afterwards its tasks can still send and be given something; a new call begins with "
            "\"call\"");
    }
    if (end && state.ended == nullptr) {
      state.ended = &step;
    }
  }

  const std::filesystem::path& file_;
  Diagnostics& out_;
  std::map<std::string, CallState> calls_;
};

}  // namespace

bool check_planes(const Node& root, const std::vector<StepView>& steps,
                  const std::filesystem::path& file, Diagnostics& out) {
  return PlaneCheck(root, file, out).run(steps);
}

void check_call_order(const std::vector<StepView>& steps, const std::filesystem::path& file,
                      Diagnostics& out) {
  if (!all_clear(steps)) {
    return;  // what is wrong with a step has been said
  }
  CallOrder order(file, out);
  for (const StepView& step : steps) {
    order.step(step);
  }
}

}  // namespace relapse
