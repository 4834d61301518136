#include "scenario/flow_names.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 5> built_in{"nonce", "port", "dir", "host", "bin"};
constexpr std::array<std::string_view, 4> prefixes{"env:", "secret:", "token:", "public_key:"};

/// The step in which the name is used; the end when it stands behind the steps.
std::vector<StepView>::const_iterator step_around(const std::vector<StepView>& steps,
                                                  const VariableUse& use) {
  if (use.step < 0) {
    return std::find_if(steps.begin(), steps.end(),
                        [&](const StepView& step) { return inside(use.span, step.node->span); });
  }
  const auto index = static_cast<std::size_t>(use.step);
  return std::lower_bound(steps.begin(), steps.end(), index,
                          [](const StepView& step, std::size_t i) { return step.index < i; });
}

bool same_place(const Span& a, const Span& b) {
  const auto file = [](const Span& span) {
    return span.origin != nullptr ? span.origin->file : std::filesystem::path{};
  };
  return a.offset == b.offset && file(a) == file(b);
}

/// The capture in another branch of the user's group; what it stores may come too late.
const Declared* captured_beside(const StepView& user,
                                const std::vector<const Declared*>& captures) {
  for (const Declared* one : captures) {
    if (user.group >= 0 && one->group == user.group && one->branch != user.branch) {
      return one;
    }
  }
  return nullptr;
}

std::string declared_note(const std::vector<Declared>& declared) {
  std::string text;
  for (const Declared& one : declared) {
    const std::string known = "${" + one.name + "} from " + one.label + ", ";
    text += text.find(known) == std::string::npos ? known : "";
  }
  return "known here: " + text +
         "${nonce}, ${port}, ${dir}, ${host}, ${bin}, ${env:NAME}, ${secret:NAME}, "
         "${token:NAME} and ${public_key:NAME}";
}

void undeclared(const VariableUse& use, const std::vector<Declared>& known,
                const std::filesystem::path& file, Diagnostics& out) {
  std::vector<std::string_view> names(built_in.begin(), built_in.end());
  for (const Declared& one : known) {
    names.push_back(one.name);
  }
  for (const std::string_view prefix : prefixes) {
    names.push_back(prefix);
  }
  const std::size_t colon = use.name.find(':');
  const std::string word = use.name.substr(0, colon == std::string::npos ? colon : colon + 1);
  out.push_back(make_error(file, use.span,
                           quote("${" + use.name + "}") + " in " + use.where + " is not declared",
                           suggestion(word, names), declared_note(known)));
}

/// What has happened on one connection so far.
struct Lane {
  bool opened = false;
  bool speaks_websocket = false;  ///< an upgrade, or octets that may hold one, were sent
  bool offers_deflate = false;    ///< and it offers permessage-deflate, or the octets may
  bool sending_ended = false;
  const StepView* ended = nullptr;
};

class OrderCheck {
 public:
  OrderCheck(bool probe, const std::filesystem::path& file, Diagnostics& out)
      : probe_(probe), file_(file), out_(out) {}

  void step(const StepView& step) {
    if (probe_ && is_composition(step)) {
      error(step.action_span, "a probe has plain steps only, no " + quote(step.action));
    } else if (step.action == "start" || step.action == "stop" || step.action == "signal") {
      process(step);
    } else if (step.action == "pause" || is_off_wire(step)) {
      off_wire(step);
    } else if (!is_asgi(step)) {
      wire(step);
    } else if (probe_) {
      error(step.action_span,
            "a probe uses a connection, and " + quote(step.action) +
                " belongs to a call of the application",
            {}, "on the ASGI plane a probe's steps are turned into a call");
    }
  }

 private:
  void error(const Span& span, std::string message, std::string label = {}, std::string note = {}) {
    out_.push_back(make_error(file_, span, std::move(message), std::move(label), std::move(note)));
  }

  const std::string& named(const StepView& step) const { return step.label; }

  void off_wire(const StepView& step) {
    for (const Member& member : step.node->members) {
      if (member.key == "on") {
        const std::string what = is_off_wire(step) ? step.what : step.action;
        error(member.key_span, "\"on\" means nothing in " + named(step) + ": " + quote(what) +
                                   " is not about a connection or a call");
      }
    }
    if (probe_ && is_off_wire(step)) {
      error(step.action_span, "a probe looks at a connection only, not at " + quote(step.what));
    }
  }

  void process(const StepView& step) {
    off_wire(step);
    if (probe_) {
      error(step.action_span, "a probe does not " + step.action + " the target");
      return;
    }
    if (step.action == "start") {
      started_ = true;
    } else if (!started_) {
      error(step.action_span,
            named(step) + " would " + step.action + " a target that this scenario did not start",
            "no \"start\" before it",
            "a shared target must not be ended; begin with {\"start\": {}}");
    }
  }

  void wire(const StepView& step) {
    Lane& lane = lanes_[step.lane];
    const std::string on = " on \"" + step.lane + "\"";
    if (lane.ended != nullptr) {
      error(step.action_span,
            named(step) + " is never reached: " + named(*lane.ended) + " has ended the connection" +
                on,
            {}, "another connection is named with \"on\"");
      return;
    }
    if (!lane.opened && step.action != "send") {
      error(step.action_span,
            named(step) +
                (step.action == "end" ? " ends a connection that no step has opened"
                                      : " waits before anything was sent") +
                on,
            {},
            "the first send on a connection opens it; {\"send\": {\"bytes\": \"\"}} only opens");
      lane.opened = true;  // said once
      return;
    }
    if (step.action == "send") {
      send(step, lane, on);
    } else if (step.action == "end") {
      end(step, lane);
    }
  }

  void send(const StepView& step, Lane& lane, const std::string& on) {
    constexpr std::array<std::string_view, 6> messages{"text", "json", "binary",
                                                       "ping", "pong", "close"};
    if (lane.sending_ended) {
      error(step.action_span,
            named(step) + " sends after the half close" + on + ", where sending is over");
    }
    const bool message = std::find(messages.begin(), messages.end(), step.what) != messages.end();
    if (message && !lane.speaks_websocket) {
      error(step.action_span,
            named(step) + " sends a WebSocket " + step.what + on + ", where no upgrade was sent",
            {}, "send an upgrade first; a \"frame\" or \"bytes\" may be sent without one");
    }
    lane.offers_deflate = lane.offers_deflate || step.what == "bytes" || offers_deflate(step);
    compress(step, lane, on);
    lane.opened = true;
    lane.speaks_websocket =
        lane.speaks_websocket || message || step.what == "upgrade" || step.what == "bytes";
  }

  /// By "deflate", or by a header of its own.
  static bool offers_deflate(const StepView& step) {
    const Node* upgrade = step.body->find("upgrade");
    const Node* deflate = upgrade != nullptr ? upgrade->find("deflate") : nullptr;
    const Node* headers = upgrade != nullptr ? upgrade->find("headers") : nullptr;
    const bool by_key = deflate != nullptr && (deflate->is(Node::Kind::object) || deflate->boolean);
    return by_key ||
           (headers != nullptr &&
            std::any_of(headers->members.begin(), headers->members.end(), [](const Member& header) {
              return iequals(header.key, "Sec-WebSocket-Extensions");
            }));
  }

  void compress(const StepView& step, const Lane& lane, const std::string& on) {
    const Node* compress = step.body->find("compress");
    if (compress == nullptr || !compress->is(Node::Kind::boolean) || !compress->boolean) {
      return;
    }
    if (step.what != "text" && step.what != "json" && step.what != "binary") {
      error(compress->span, named(step) + " cannot compress " + quote(step.what), {},
            "only text, json and binary are compressed; a \"frame\" takes rsv 4 and any payload");
    } else if (!lane.offers_deflate) {
      error(compress->span,
            named(step) + " compresses" + on + ", where no upgrade offered permessage-deflate",
            "add \"deflate\": true to the upgrade",
            "without an offer no target accepts it; to send RSV1 all the same, send a \"frame\"");
    }
  }

  void end(const StepView& step, Lane& lane) {
    if (step.body != nullptr && step.body->text == "half_close") {
      lane.sending_ended = true;
    } else {
      lane.ended = &step;
    }
  }

  bool probe_;
  const std::filesystem::path& file_;
  Diagnostics& out_;
  std::map<std::string, Lane> lanes_;
  bool started_ = false;
};

}  // namespace

bool inside(const Span& inner, const Span& outer) {
  return inner.origin == outer.origin && inner.offset >= outer.offset &&
         inner.offset < outer.offset + outer.length;
}

bool is_outside_variable(std::string_view name) {
  return std::find(built_in.begin(), built_in.end(), name) != built_in.end() ||
         std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
           return name.starts_with(prefix) && name.size() > prefix.size();
         });
}

std::vector<Declared> captures_of(const std::vector<StepView>& steps) {
  std::vector<Declared> declared;
  for (const StepView& step : steps) {
    const Node* capture = step.body != nullptr ? step.body->find("capture") : nullptr;
    if (step.action != "expect" || capture == nullptr) {
      continue;
    }
    for (const Member& member : capture->members) {
      if (!schema::check_variable(member.key)) {
        declared.push_back(
            {member.key, step.index, member.key_span, step.label, step.group, step.branch});
      }
    }
  }
  return declared;
}

void check_variables(const std::vector<StepView>& steps, const std::vector<VariableUse>& uses,
                     const std::filesystem::path& file, Diagnostics& out) {
  const std::vector<Declared> declared = captures_of(steps);
  std::map<std::string, std::vector<const Declared*>> by_name;
  for (const Declared& one : declared) {
    by_name[one.name].push_back(&one);
  }
  for (const VariableUse& use : uses) {
    if (is_outside_variable(use.name)) {
      continue;
    }
    const auto user = step_around(steps, use);
    const auto from = by_name.find(use.name);
    if (from == by_name.end()) {
      undeclared(use, declared, file, out);
      continue;
    }
    if (user == steps.end()) {
      continue;
    }
    const Declared* beside = captured_beside(*user, from->second);
    if (beside != nullptr) {
      out.push_back(make_error(
          file, use.span, quote("${" + use.name + "}") + " in " + use.where + " is not known there",
          {}, beside->label + " captures it, in a branch that runs at the same time"));
    } else if (from->second.front()->step >= user->index) {
      out.push_back(make_error(
          file, use.span, quote("${" + use.name + "}") + " in " + use.where + " is used too early",
          {}, from->second.front()->label + " captures it"));
    }
  }
}

void check_captures(const std::vector<StepView>& steps, const std::filesystem::path& file,
                    Diagnostics& out) {
  std::map<std::string, Declared> seen;
  for (const Declared& one : captures_of(steps)) {
    const auto [found, added] = seen.emplace(one.name, one);
    const Declared& earlier = found->second;
    // The same place again, in the next round of a repeat or use of a fragment: the later counts.
    const bool beside =
        one.group >= 0 && one.group == earlier.group && one.branch != earlier.branch;
    if (!added && (beside || !same_place(one.span, earlier.span))) {
      out.push_back(make_error(
          file, one.span,
          quote(one.name) + " is captured twice, in " + earlier.label + " and in " + one.label));
    }
    found->second = one;
  }
  for (const StepView& step : steps) {
    if (step.action == "expect" && step.what == "silence" &&
        step.body->find("capture") != nullptr) {
      out.push_back(
          make_error(file, step.action_span,
                     step.label + " captures from silence, where there is nothing to capture"));
    }
  }
}

void check_order(const std::vector<StepView>& steps, bool probe, const std::filesystem::path& file,
                 Diagnostics& out) {
  if (!all_clear(steps)) {
    return;  // what is wrong with a step has been said; its meaning would be a guess
  }
  OrderCheck check(probe, file, out);
  for (const StepView& step : steps) {
    check.step(step);
  }
}

}  // namespace relapse
