#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/flow.hpp"
#include "scenario/flow_names.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {
namespace {

class TargetFlow {
 public:
  TargetFlow(const Node& root, const CheckResult& tree, const std::filesystem::path& file)
      : root_(root), file_(file), uses_(tree.variables) {}

  Diagnostics run() {
    tokens();
    keys();
    probes();
    check_variables({}, uses_, file_, out_);  // outside the probes nothing is captured
    launch_needed();
    tls();
    logs();
    return std::move(out_);
  }

 private:
  void error(const Span& span, std::string message, std::string label = {}, std::string note = {}) {
    out_.push_back(make_error(file_, span, std::move(message), std::move(label), std::move(note)));
  }

  /// A target file names its own recipes; a scenario's are compared when it is planned.
  void tokens() {
    std::vector<std::string_view> names;
    if (const Node* recipes = root_.find("tokens")) {
      for (const Member& recipe : recipes->members) {
        names.push_back(recipe.key);
      }
    }
    for (const VariableUse& use : uses_) {
      const std::string_view name = use.name;
      if (name.starts_with("token:") &&
          std::find(names.begin(), names.end(), name.substr(6)) == names.end()) {
        error(use.span, "no token recipe is called " + quote(name.substr(6)),
              suggestion(name.substr(6), names));
      }
    }
  }

  /// Who signs with a key must name one that there is.
  void keys() {
    std::vector<std::string_view> names;
    if (const Node* keys = root_.find("keys")) {
      for (const Member& key : keys->members) {
        names.push_back(key.key);
      }
    }
    const auto known = [&](std::string_view name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (const Node* recipes = root_.find("tokens")) {
      for (const Member& recipe : recipes->members) {
        const Node* algorithm = recipe.value.find("algorithm");
        const Node* key = recipe.value.find("key");
        const bool signs =
            algorithm != nullptr && (algorithm->text == "RS256" || algorithm->text == "ES256");
        if (signs && key == nullptr) {
          error(algorithm->span, quote(algorithm->text) + " needs a \"key\"", {},
                "declare one under \"keys\": {\"service\": {\"type\": \"RSA\"}}");
        } else if (!signs && key != nullptr) {
          error(key->span, "\"key\" is for RS256 and ES256; this recipe uses \"secret\"");
        } else if (key != nullptr && !known(key->text)) {
          error(key->span, "no key is called " + quote(key->text), suggestion(key->text, names));
        }
      }
    }
    for (const VariableUse& use : uses_) {
      const std::string_view name = use.name;
      if (name.starts_with("public_key:") && !known(name.substr(11))) {
        error(use.span, "no key is called " + quote(name.substr(11)),
              suggestion(name.substr(11), names));
      }
    }
  }

  void probes() {
    const Node* probes = root_.find("probes");
    if (probes == nullptr) {
      return;
    }
    for (const Member& probe : probes->members) {
      const std::vector<StepView> steps = view_steps(&probe.value);
      const Span& span = probe.value.span;
      const auto inside = [&](const VariableUse& use) {
        return use.span.offset >= span.offset && use.span.offset < span.offset + span.length;
      };
      std::vector<VariableUse> uses;
      std::copy_if(uses_.begin(), uses_.end(), std::back_inserter(uses), inside);
      std::erase_if(uses_, inside);
      check_variables(steps, uses, file_, out_);
      check_captures(steps, file_, out_);
      check_order(steps, true, file_, out_);
      for (const StepView& step : steps) {
        if (is_sweep(step)) {
          error(step.action_span, "a sweep means nothing in a probe", "write a duration");
        }
      }
      const bool expects = std::any_of(steps.begin(), steps.end(), [](const StepView& step) {
        return step.action == "expect" || step.action.empty();
      });
      if (!expects && !steps.empty()) {
        error(probe.key_span, "the probe " + quote(probe.key) + " expects nothing: it cannot fail");
      }
    }
  }

  void launch_needed() {
    if (root_.find("launch") != nullptr) {
      return;
    }
    const Node* address = root_.find("address");
    if (address != nullptr && address->text.find("${port}") != std::string::npos) {
      error(address->span, "${port} is known only to a target that is launched", {},
            "add \"launch\", or write the port");
    }
    faults();
    if (const Node* logs = root_.find("logs")) {
      for (const Node& log : logs->items) {
        if (log.find("process") != nullptr && root_.find("asgi") == nullptr) {
          error(log.span, "no process prints a log: there is no \"launch\"");
        }
      }
    }
  }

  /// Without a launch only the environment of an application can be changed.
  void faults() {
    const Node* faults = root_.find("faults");
    const bool asgi = root_.find("asgi") != nullptr;
    for (std::size_t i = 0; faults != nullptr && i < faults->members.size(); ++i) {
      const Member& fault = faults->members[i];
      if (!asgi) {
        error(fault.key_span,
              "the fault " + quote(fault.key) + " cannot be switched on: there is no \"launch\"");
        continue;
      }
      for (const Member& change : fault.value.members) {
        if (change.key == "args" || change.key == "command" || change.key == "revision") {
          error(change.key_span,
                quote(change.key) + " of the fault " + quote(fault.key) +
                    " changes nothing: there is no \"launch\"",
                {}, "an application that is called gets the \"env\" of a fault");
        }
      }
    }
  }

  /// Certificates for a target that is spoken to in the clear are a mistake in one of the two.
  void tls() {
    const Node* address = root_.find("address");
    const bool clear = address != nullptr &&
                       (address->text.starts_with("ws://") || address->text.starts_with("http://"));
    if (const Node* tls = root_.find("tls"); tls != nullptr && clear) {
      error(tls->span, "\"tls\" means nothing to " + quote(address->text), {},
            "write wss:// or https://");
    }
  }

  void logs() {
    const Node* logs = root_.find("logs");
    const bool some = logs != nullptr && !logs->items.empty();
    for (const Member& member : root_.members) {
      // What an application that is called says is read without a source.
      const bool signatures = member.key == "fault_signatures" && root_.find("asgi") == nullptr;
      if (!some && (member.key == "log_mark" || member.key == "log_settle" || signatures)) {
        error(member.key_span, quote(member.key) + " without \"logs\" means nothing");
      }
    }
    for (std::size_t i = 0; some && i < logs->items.size(); ++i) {
      const Node* process = logs->items[i].find("process");
      if (process != nullptr && process->is(Node::Kind::boolean) && !process->boolean) {
        error(process->span, "\"process\": false names no log source", "remove the entry");
      }
    }
  }

  const Node& root_;
  const std::filesystem::path& file_;
  std::vector<VariableUse> uses_;
  Diagnostics out_;
};

}  // namespace

std::vector<Diagnostic> check_target_flow(const Node& root, const CheckResult& tree,
                                          const std::filesystem::path& file) {
  return TargetFlow(root, tree, file).run();
}

}  // namespace relapse
