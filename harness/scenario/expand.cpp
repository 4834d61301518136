#include "scenario/expand.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "scenario/check.hpp"
#include "scenario/put_in.hpp"

// Writes out use, repeat and together before anything is checked, so that a step that comes out of
// them is checked like one that was written:
//
//   step 1  send             step 1
//   step 2  use a fragment   step 2.1, step 2.2
//   step 3  repeat twice     step 3.1 (1 of 2), step 3.1 (2 of 2)
//   step 4  together         step 4.1.1, step 4.1.2 beside step 4.2.1

namespace relapse {
namespace {

/// What a list of steps inherits from where it stands.
struct Around {
  std::string label{};                ///< "step 3.", before the number; "step " at the top
  std::string use{};                  ///< label of the innermost use; empty outside of fragments
  std::string fragment{};             ///< name of that fragment
  std::string lane{};                 ///< of steps that name none; empty: none
  std::vector<std::string> rounds{};  ///< "2 of 5"
  std::vector<std::string> chain{};   ///< fragments being used, the outermost first
  Scope scope{};                      ///< what may not be declared again here
  std::string site{};                 ///< "scenarios/x.json:12:5": where a use here is written
  std::size_t use_offset = 0;
  int group = -1;
  int branch = 0;
};

std::string in_brackets(const std::vector<std::string>& parts) {
  return parts.empty() ? std::string{} : " (" + join(parts, ", ") + ")";
}

/// A step about a connection or a call; what it names is for the checks to say.
bool is_about_connection(const Node& step) {
  const auto about = [](const Member& member) {
    const std::vector<Member>& what = member.value.members;
    const bool off_wire =
        member.key == "expect" && std::any_of(what.begin(), what.end(), [](const Member& one) {
          return is_off_wire_selector(one.key);
        });
    return member.key == "send" || member.key == "end" || is_asgi_action(member.key) ||
           (member.key == "expect" && !off_wire);
  };
  return std::any_of(step.members.begin(), step.members.end(), about);
}

class Expander {
 public:
  Expander(const std::filesystem::path& file, FragmentFolder& fragments)
      : file_(file), fragments_(fragments) {}

  Expansion run(const Node& root, const Node& list, Around around) {
    out_.root = without_elements(root, "steps");
    steps(list, around);
    suffixes();
    counters_against_captures();
    for (Member& member : out_.root.members) {
      if (member.key == "steps" && member.value.is(Node::Kind::array)) {
        member.value.items = std::move(flat_);
      }
    }
    return std::move(out_);
  }

 private:
  /// What is needed to know whether a name occurs more than once.
  struct Source {
    std::string fragment;
    std::string use;
    std::vector<std::string> rounds;
  };

  void error(const Span& span, std::string message, std::string label = {}, std::string note = {}) {
    out_.diagnostics.push_back(
        make_error(file_, span, std::move(message), std::move(label), std::move(note)));
  }

  std::string place(const Span& span) const {
    const auto& file = span.origin != nullptr ? span.origin->file : file_;
    return to_string(SourceRef{file.generic_string(), span.line, span.column});
  }

  void steps(const Node& list, const Around& around) {
    for (std::size_t i = 0; i < list.items.size() && !full_; ++i) {
      const Node& step = list.items[i];
      const std::string label = around.label + std::to_string(i + 1);
      const bool composed = step.is(Node::Kind::object) && is_composed(step);
      if (!composed) {
        plain(step, label, around);
      } else if (shallow(step, label)) {
        compose(step, label, around);
      }
    }
  }

  static bool is_composed(const Node& step) {
    return step.find("use") != nullptr || step.find("repeat") != nullptr ||
           step.find("together") != nullptr;
  }

  void plain(Node step, const std::string& label, const Around& around) {
    if (flat_.size() == max_steps) {
      full_ = true;
      error(step.span, "the scenario has more than 20,000 steps once all are written out", {},
            "repeat fewer times, or split the scenario");
      return;
    }
    captures(step, around);
    const bool inherits = !around.lane.empty() && step.is(Node::Kind::object) &&
                          step.find("on") == nullptr && is_about_connection(step);
    if (inherits) {
      Member on{"on", "\"on\"", step.span, {}};
      on.value.kind = Node::Kind::string;
      on.value.text = around.lane;
      on.value.span = step.span;
      on.value.broken = around.lane.starts_with("${");  // a parameter of which nothing is known
      step.members.push_back(std::move(on));
    }
    settle_counters(step);
    StepMeta meta;
    meta.label = label;
    meta.rounds = in_brackets(around.rounds);
    meta.group = around.group;
    meta.branch = around.branch;
    out_.metas.push_back(std::move(meta));
    sources_.push_back({around.fragment, around.use, around.rounds});
    flat_.push_back(std::move(step));
  }

  /// ${name} would be the parameter and never what was captured.
  void captures(const Node& step, const Around& around) {
    const Node* expect = step.find("expect");
    const Node* capture = expect != nullptr ? expect->find("capture") : nullptr;
    for (std::size_t i = 0; capture != nullptr && i < capture->members.size(); ++i) {
      const Member& member = capture->members[i];
      if (around.scope.contains(member.key)) {
        error(member.key_span,
              quote(member.key) + " cannot be captured: it is a parameter or a " + "counter here");
      }
    }
  }

  /// Checks the step itself, without the steps inside it.
  bool shallow(const Node& step, const std::string& label) {
    Node copy = step;
    for (Member& member : copy.members) {
      hollow(member.value);
      for (Node& branch : member.value.items) {
        hollow(branch);
        const bool list = branch.is(Node::Kind::array) && !branch.items.empty();
        branch.broken = branch.broken || list;
      }
    }
    CheckResult result;
    check_step(copy, label, 0, file_, result);
    for (const std::string_view key : {"name", "within"}) {
      for (const Member& member : step.members) {
        if (member.key == key && result.diagnostics.empty()) {
          result.diagnostics.push_back(
              make_error(file_, member.key_span,
                         quote(key) + " means nothing in " + label + ", which is several steps", {},
                         "give it to one of them"));
        }
      }
    }
    if (step.find("together") != nullptr && step.find("on") != nullptr) {
      error(step.span, "\"on\" means nothing in " + label + ": each branch has its own", {},
            "a branch with a connection is {\"on\": \"a\", \"steps\": [...]}");
      return false;
    }
    out_.diagnostics.insert(out_.diagnostics.end(), result.diagnostics.begin(),
                            result.diagnostics.end());
    return !has_errors(result.diagnostics);
  }

  static void hollow(Node& node) {
    for (Member& member : node.members) {
      if (member.key == "steps" && member.value.is(Node::Kind::array)) {
        member.value.broken = !member.value.items.empty();
      }
    }
  }

  void compose(const Node& step, const std::string& label, const Around& around) {
    Around inner = around;
    inner.label = label + ".";
    if (const Node* on = step.find("on")) {
      inner.lane = on->text;
    }
    if (const Node* name = step.find("use")) {
      use(step, *name, label, std::move(inner));
    } else if (const Node* body = step.find("repeat")) {
      repeat(*body, std::move(inner));
    } else {
      together(step, *step.find("together"), std::move(inner));
    }
  }

  void use(const Node& step, const Node& name, const std::string& label, Around inner) {
    if (name.broken) {
      return;  // a parameter of a fragment that is checked by itself
    }
    if (std::find(inner.chain.begin(), inner.chain.end(), name.text) != inner.chain.end()) {
      inner.chain.push_back(name.text);
      error(name.span, "the fragment " + quote(name.text) + " uses itself", {},
            join(inner.chain, " -> "));
      return;
    }
    const Fragment* fragment = fragments_.find(name.text);
    if (fragment == nullptr) {
      const std::vector<std::string> names = fragments_.names();
      error(name.span, "no fragment is called " + quote(name.text),
            suggestion(name.text, {names.begin(), names.end()}),
            "a fragment is a file below " + fragments_.path().generic_string());
      return;
    }
    const std::string site =
        place(step.span) + (inner.site.empty() ? std::string{} : ", used by " + inner.site);
    const std::size_t offset = inner.chain.empty() ? step.span.offset : inner.use_offset;
    const Origin& origin = *out_.origins.emplace_back(
        std::make_unique<Origin>(Origin{fragment->file, fragment->text, site, offset}));
    for (Diagnostic one : fragment->diagnostics) {
      one.text = origin.text;
      one.used_by = origin.used_by;
      one.use_offset = origin.use_offset;
      out_.diagnostics.push_back(std::move(one));
    }
    std::optional<Scope> scope;
    if (fragment->steps != nullptr) {
      scope = arguments(step, name, label, *fragment);
    }
    if (!scope) {
      return;
    }
    inner.scope = *std::move(scope);
    inner.chain.push_back(name.text);
    inner.site = site;
    inner.use_offset = offset;
    inner.use = label;
    inner.fragment = name.text;
    Node list = *fragment->steps;
    stamp(list, origin);
    put_in(list, inner.scope, file_, out_.diagnostics);
    steps(list, inner);
  }

  /// The values of one use; nothing when they are not what the fragment declares.
  std::optional<Scope> arguments(const Node& step, const Node& name, const std::string& label,
                                 const Fragment& fragment) {
    const std::size_t before = out_.diagnostics.size();
    std::vector<std::string_view> known;
    std::vector<std::string> listed;
    for (const Parameter& parameter : fragment.parameters) {
      known.push_back(parameter.name);
      listed.push_back(parameter.name);
    }
    Scope scope;
    const Node* with = step.find("with");
    for (std::size_t i = 0; with != nullptr && i < with->members.size(); ++i) {
      const Member& given = with->members[i];
      if (fragment.find(given.key) == nullptr) {
        error(given.key_span,
              "the fragment " + quote(name.text) + " has no parameter " + quote(given.key),
              suggestion(given.key, known),
              listed.empty() ? "it has none" : "it has: " + join(listed, ", "));
      }
      scope[given.key] = given.value;
    }
    for (const Parameter& parameter : fragment.parameters) {
      if (scope.contains(parameter.name)) {
        continue;
      }
      if (parameter.fallback != nullptr) {
        scope[parameter.name] = *parameter.fallback;
        stamp(scope[parameter.name], *out_.origins.back());
      } else {
        error(name.span,
              label + " does not give " + quote(parameter.name) + ", which the fragment " +
                  quote(name.text) + " needs",
              {},
              parameter.doc.empty() ? "write it under \"with\""
                                    : parameter.name + ": " + parameter.doc);
      }
    }
    return out_.diagnostics.size() == before ? std::optional(std::move(scope)) : std::nullopt;
  }

  void repeat(const Node& body, Around inner) {
    const Node& times_node = *body.find("times");
    int times = 1;  // when a fragment is checked by itself, it may be unknown
    std::from_chars(times_node.text.data(), times_node.text.data() + times_node.text.size(), times);
    const Node* as = body.find("as");
    if (as != nullptr) {
      if (inner.scope.contains(as->text)) {
        error(as->span, quote(as->text) + " is a parameter or a counter here already");
        return;
      }
      counters_.emplace(as->text, as->span);
    }
    const Node& list = *body.find("steps");
    inner.rounds.emplace_back();
    const std::size_t before = out_.diagnostics.size();
    for (int i = 1; i <= times && !full_ && out_.diagnostics.size() == before; ++i) {
      inner.rounds.back() = std::to_string(i) + " of " + std::to_string(times);
      if (as == nullptr) {
        steps(list, inner);
        continue;
      }
      Node counter;
      counter.kind = Node::Kind::number;
      counter.text = std::to_string(i);
      counter.counter = true;
      counter.span = as->span;
      inner.scope[as->text] = std::move(counter);
      Node round = list;
      put_in(round, {{as->text, inner.scope[as->text]}}, file_, out_.diagnostics);
      steps(round, inner);
    }
  }

  void together(const Node& step, const Node& branches, Around inner) {
    if (inner.group >= 0) {
      error(step.span, "a branch of \"together\" cannot hold another \"together\"", {},
            "write its branches beside this one");
      return;
    }
    const std::string label = inner.label;
    const std::string lane = inner.lane;
    inner.group = groups_++;
    for (std::size_t i = 0; i < branches.items.size(); ++i) {
      const Node& branch = branches.items[i];
      const bool named = branch.is(Node::Kind::object);
      inner.branch = static_cast<int>(i);
      inner.label = label + std::to_string(i + 1) + ".";
      inner.lane = named ? branch.find("on")->text : std::string{};
      steps(named ? *branch.find("steps") : branch, inner);
    }
  }

  /// A name in a repeat, or in a fragment that is used twice, says which one it is.
  void suffixes() {
    std::map<std::string, std::set<std::string>> uses;
    for (const Source& source : sources_) {
      uses[source.fragment].insert(source.use);
    }
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      std::vector<std::string> parts;
      if (!sources_[i].fragment.empty() && uses[sources_[i].fragment].size() > 1) {
        parts.push_back(sources_[i].use);
      }
      parts.insert(parts.end(), sources_[i].rounds.begin(), sources_[i].rounds.end());
      out_.metas[i].suffix = in_brackets(parts);
    }
  }

  void counters_against_captures() {
    for (const Node& step : flat_) {
      const Node* expect = step.find("expect");
      const Node* capture = expect != nullptr ? expect->find("capture") : nullptr;
      for (std::size_t i = 0; capture != nullptr && i < capture->members.size(); ++i) {
        const auto counter = counters_.find(capture->members[i].key);
        if (counter != counters_.end()) {
          error(counter->second, "the counter " + quote(counter->first) + " hides what line " +
                                     std::to_string(capture->members[i].key_span.line) +
                                     " captures");
          return;
        }
      }
    }
  }

  const std::filesystem::path& file_;
  FragmentFolder& fragments_;
  Expansion out_;
  std::vector<Node> flat_;
  std::vector<Source> sources_;
  std::map<std::string, Span> counters_;
  int groups_ = 0;
  bool full_ = false;
};

Around top() {
  Around around;
  around.label = "step ";
  return around;
}

}  // namespace

Expansion expand_scenario(const Node& root, const std::filesystem::path& file,
                          FragmentFolder& fragments, Scope parameters) {
  const Node* steps = root.find("steps");
  const Node none;
  Around around = top();
  around.scope = std::move(parameters);
  return Expander(file, fragments).run(root, steps != nullptr ? *steps : none, std::move(around));
}

Expansion expand_fragment(const Fragment& fragment, FragmentFolder& fragments) {
  Around around = top();
  for (const Parameter& parameter : fragment.parameters) {
    Node value = parameter.fallback != nullptr ? *parameter.fallback : Node{};
    value.broken = value.broken || parameter.fallback == nullptr;
    around.scope[parameter.name] = std::move(value);
  }
  std::vector<Diagnostic> found;
  Node list = *fragment.steps;
  put_in(list, around.scope, fragment.file, found);
  Expansion out =
      Expander(fragment.file, fragments).run(*fragment.document.root, list, std::move(around));
  out.diagnostics.insert(out.diagnostics.end(), found.begin(), found.end());
  return out;
}

}  // namespace relapse
