#include "scenario/flow.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "base/text.hpp"
#include "model/claim_names.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/flow_names.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 3> claim_lists{"never", "always", "count"};

struct GuardName {
  std::string_view key;
  std::string_view claim;
  bool asgi_only() const { return key == "exception" || key == "protocol"; }
};
constexpr std::array<GuardName, 5> guard_names{{{"server_error", "guard:server-error"},
                                                {"log", "guard:log"},
                                                {"liveness", "guard:liveness"},
                                                {"exception", "guard:exception"},
                                                {"protocol", "guard:protocol"}}};

/// Something a finding can be named after.
struct Named {
  std::string name;
  Span span{};
  std::string written{};  ///< the name without what an expansion put behind it
  bool own = false;       ///< named in the file, not by default
  std::string silent{};   ///< why it can never be false, when it cannot
};

bool is_off(const Node& root, std::string_view guard) {
  const Node* guards = root.find("guards");
  const Node* value = guards != nullptr ? guards->find(guard) : nullptr;
  return value != nullptr && value->is(Node::Kind::boolean) && !value->boolean;
}

/// Why a step makes no claim; empty when it makes one.
std::string makes_no_claim(const StepView& step) {
  if (step.action == "expect" || step.action == "stop" || step.action.empty()) {
    return {};
  }
  if (step.action == "start") {
    const Node* ready = step.body->find("ready");
    const bool judged = ready == nullptr || (ready->is(Node::Kind::boolean) && ready->boolean);
    return judged ? "" : "it does not wait for the target to be ready";
  }
  return "it is " + std::string(step.action == "end" ? "an " : "a ") + step.action;
}

/// "step 3", "step 3.2", "never 1", "guard:log": what findings are called that the file gives no
/// name; and what an expansion puts behind a name.
bool looks_given(std::string_view name) {
  if (base_claim(name) != name) {
    return true;
  }
  for (const std::string_view word : {"step ", "never ", "always ", "count "}) {
    if (name.starts_with(word) && name.size() > word.size() &&
        name.find_first_not_of("0123456789.", word.size()) == std::string_view::npos) {
      return true;
    }
  }
  return name.starts_with("guard:");
}

class ScenarioFlow {
 public:
  ScenarioFlow(const Node& root, const CheckResult& tree, const std::filesystem::path& file,
               const std::vector<StepMeta>& metas)
      : root_(root), tree_(tree), file_(file), steps_(view_steps(root.find("steps"), metas)) {
    asgi_ = std::any_of(steps_.begin(), steps_.end(), is_asgi);
  }

  Diagnostics run() {
    check_variables(steps_, tree_.variables, file_, out_);
    check_captures(steps_, file_, out_);
    if (check_planes(root_, steps_, file_, out_)) {
      check_order(steps_, false, file_, out_);
      check_call_order(steps_, file_, out_);
    }
    check_branches(steps_, file_, out_);
    names();
    claim_lanes();
    proof();
    something_to_judge();
    sweep();
    repeat();
    budget();
    return std::move(out_);
  }

 private:
  void error(const Span& span, std::string message, std::string label = {}, std::string note = {}) {
    out_.push_back(make_error(file_, span, std::move(message), std::move(label), std::move(note)));
  }

  static Named named(const Node& node, const std::string& fallback) {
    const Node* own = node.find("name");
    if (own != nullptr && own->is(Node::Kind::string)) {
      return {own->text, own->span, own->text, true};
    }
    return {fallback, node.span, fallback, false};
  }

  /// Names of findings: those of the file must differ from each other and from the default ones.
  void names() {
    for (const StepView& step : steps_) {
      Named one = named(*step.node, step.label);
      one.written = one.name;
      one.name = step.name;
      one.silent = makes_no_claim(step);
      named_.push_back(std::move(one));
    }
    for (const std::string_view list : claim_lists) {
      const Node* claims = root_.find(list);
      for (std::size_t i = 0; claims != nullptr && i < claims->items.size(); ++i) {
        named_.push_back(named(claims->items[i], std::string(list) + " " + std::to_string(i + 1)));
      }
    }
    std::map<std::string, const Named*> seen;
    for (const bool own : {false, true}) {
      for (const Named& one : named_) {
        if (one.own != own) {
          continue;
        }
        const auto [earlier, added] = seen.emplace(one.name, &one);
        if (!added) {
          error(one.span, "the name " + quote(one.name) + " is taken", {},
                earlier->second->own
                    ? "the other one is on line " + std::to_string(earlier->second->span.line)
                    : "it is the default name of the one on line " +
                          std::to_string(earlier->second->span.line));
        } else if (own && looks_given(one.written)) {
          error(one.span, "the name " + quote(one.written) + " looks like one that relapse gives",
                {}, "names like \"step 3\", \"never 1\" and \"guard:log\" are taken");
        }
      }
    }
  }

  /// A claim about a connection that no step uses could never be false.
  void claim_lanes() {
    std::vector<std::string_view> lanes;
    for (const StepView& step : steps_) {
      lanes.push_back(step.lane);
    }
    for (const std::string_view list : claim_lists) {
      const Node* claims = root_.find(list);
      for (std::size_t i = 0; claims != nullptr && i < claims->items.size(); ++i) {
        const Node* on = claims->items[i].find("on");
        if (on == nullptr || !on->is(Node::Kind::string)) {
          continue;
        }
        const std::string claim = std::string(list) + " " + std::to_string(i + 1);
        const Node* of = claims->items[i].find("of");
        const Node& selector = of != nullptr ? *of : claims->items[i];
        const auto aside =
            std::find_if(selector.members.begin(), selector.members.end(),
                         [](const Member& member) { return is_off_wire_selector(member.key); });
        if (aside != selector.members.end()) {
          error(on->span, "\"on\" means nothing in " + claim + ": " + quote(aside->key) +
                              " belongs to no connection or call");
        } else if (std::find(lanes.begin(), lanes.end(), on->text) == lanes.end()) {
          error(on->span, "no step uses the connection " + quote(on->text) + " of " + claim,
                suggestion(on->text, lanes));
        }
      }
    }
  }

  void proof() {
    const Node* proof = root_.find("proof");
    const Node* entries = proof != nullptr ? proof->find("relapses_on") : nullptr;
    if (entries == nullptr || root_.find("steps") == nullptr) {
      return;  // without steps nothing could be named
    }
    std::set<std::string> faults;
    for (const Node& entry : entries->items) {
      const std::string fault(entry.is(Node::Kind::string) ? std::string_view(entry.text)
                                                           : text_of(entry, "fault"));
      if (!fault.empty() && !faults.insert(fault).second) {
        error(entry.span, "the fault " + quote(fault) + " stands here twice");
      }
      const Node* claim = entry.find("claim");
      if (claim != nullptr && claim->is(Node::Kind::string)) {
        proof_claim(*claim);
      }
    }
  }

  void proof_claim(const Node& claim) {
    std::vector<std::string_view> candidates;  // each once, in the order of the file
    const auto known = [&](std::string_view name) {
      return std::find(candidates.begin(), candidates.end(), name) != candidates.end();
    };
    const Named* silent = nullptr;
    for (const Named& one : named_) {
      const bool meant = names_claim(claim.text, one.name);
      if (one.silent.empty() && meant) {
        return;
      }
      if (one.silent.empty() && !known(base_claim(one.name))) {
        candidates.push_back(base_claim(one.name));
      } else if (meant) {
        silent = &one;
      }
    }
    if (silent != nullptr) {
      error(claim.span, quote(claim.text) + " makes no claim: " + silent->silent);
      return;
    }
    for (const GuardName& guard : guard_names) {
      if (guard.claim == claim.text && is_off(root_, guard.key)) {
        error(claim.span, quote(claim.text) + " is switched off under \"guards\"");
        return;
      }
      if (!is_off(root_, guard.key)) {
        candidates.push_back(guard.claim);
      }
    }
    if (!known(claim.text)) {
      std::string names;
      for (const std::string_view candidate : candidates) {
        names += (names.empty() ? "" : ", ") + safe_text(candidate, 60).str();
      }
      error(claim.span, "no claim is called " + quote(claim.text),
            suggestion(claim.text, candidates), "the claims are: " + names);
    }
  }

  /// A scenario that nothing can make relapse is what this tool exists to catch.
  void something_to_judge() {
    const bool guarded =
        std::any_of(guard_names.begin(), guard_names.end(), [&](const GuardName& guard) {
          return !is_off(root_, guard.key) && (asgi_ || !guard.asgi_only());
        });
    const bool claims = std::any_of(named_.begin(), named_.end(),
                                    [](const Named& one) { return one.silent.empty(); });
    if (!guarded && !claims && !steps_.empty()) {
      Span open = root_.span;
      open.length = 1;
      error(open, "nothing could make this scenario relapse", {},
            "it has no expectation, no claim, and every guard is switched off");
    }
  }

  /// One pause is swept; two would make a grid, of which no curve can be drawn.
  void sweep() {
    const StepView* first = nullptr;
    for (const StepView& step : steps_) {
      if (!is_sweep(step)) {
        continue;
      }
      const Node* to = step.body->find("to");
      const auto low = parse_duration(text_of(*step.body, "from"));
      const auto high = parse_duration(text_of(*step.body, "to"));
      if (low && high && *low >= *high) {
        error(to->span, "the sweep ends at " + duration_text(*high) + ", where it should be above",
              {}, "\"from\" is " + duration_text(*low));
      }
      if (first != nullptr) {
        error(step.action_span, "a second sweep", "one of the two must be a plain duration",
              "the first is in line " + std::to_string(first->action_span.line));
      }
      first = first == nullptr ? &step : first;
    }
  }

  /// How many replays the numbers make; every one is kept with all that was observed.
  void repeat() {
    constexpr int most_replays = 10'000;
    // Whole numbers of at most four digits, or the tree's check has said so.
    const auto number = [](const Node* object, std::string_view key) {
      const Node* node = object != nullptr ? object->find(key) : nullptr;
      return node != nullptr && node->is(Node::Kind::number) ? std::atoi(node->text.c_str()) : 0;
    };
    const Node* repeat = root_.find("repeat");
    const int times = number(repeat, "times");
    const int least = number(repeat, "at_least");
    if (times > 0 && least > times) {
      error(repeat->find("at_least")->span,
            "of " + std::to_string(times) + " replays " + std::to_string(least) + " cannot hold");
    }
    const auto swept = std::find_if(steps_.begin(), steps_.end(), is_sweep);
    const int points = swept != steps_.end() ? number(swept->body, "points") : 0;
    if (times <= 1000 && points <= 1000 && times * points > most_replays) {
      error(repeat->span,
            std::to_string(times) + " replays at each of " + std::to_string(points) +
                " points are too many",
            {}, "at most 10000 in all");
    }
  }

  /// Pauses alone must leave room within the budget, or the replay is always cut off.
  void budget() {
    const Node* node = root_.find("budget");
    const auto given = parse_duration(node != nullptr ? text_of(root_, "budget") : "30s");
    if (!given) {
      return;
    }
    Duration sum{};
    const auto add = [&](std::string_view text) {
      sum += parse_duration(text).value_or(Duration{});
    };
    const bool waits = text_of(root_, "clock") != "virtual";
    for (const StepView& step : steps_) {
      if (step.action == "pause" && waits) {
        add(is_sweep(step) ? text_of(*step.body, "to") : std::string_view(step.body->text));
      } else if (step.action == "expect" && step.what == "silence") {
        add(text_of(*step.body, "silence"));
      } else if (step.action == "send") {
        add(text_of(*step.body, "after"));
      }
    }
    if (sum >= *given) {
      Span open = root_.span;
      open.length = 1;
      error(node != nullptr ? node->span : open, "the budget of " + duration_text(*given) +
                                                     " is too small: the steps wait " +
                                                     duration_text(sum) + " on purpose");
    }
  }

  const Node& root_;
  const CheckResult& tree_;
  const std::filesystem::path& file_;
  std::vector<StepView> steps_;
  bool asgi_ = false;
  std::vector<Named> named_;
  Diagnostics out_;
};

}  // namespace

std::vector<Diagnostic> check_scenario_flow(const Node& root, const CheckResult& tree,
                                            const std::filesystem::path& file,
                                            const std::vector<StepMeta>& metas) {
  return ScenarioFlow(root, tree, file, metas).run();
}

}  // namespace relapse
