#include "model/scenario.hpp"

#include <algorithm>

namespace relapse {

std::string claim_name(const Scenario& scenario, std::size_t step_index) {
  if (step_index < scenario.steps.size()) {
    const Step& step = scenario.steps[step_index];
    if (!step.name.empty())
      return step.name;
    if (!step.label.empty())
      return step.label;
  }
  return "step " + std::to_string(step_index + 1);
}

bool starts_itself(const Scenario& scenario) {
  return std::ranges::any_of(
      scenario.steps, [](const Step& step) { return std::holds_alternative<Start>(step.action); });
}

bool ends_process(const Scenario& scenario) {
  return std::ranges::any_of(scenario.steps, [](const Step& step) {
    const auto* expect = std::get_if<Expect>(&step.action);
    return std::holds_alternative<Signal>(step.action) ||
           std::holds_alternative<Stop>(step.action) ||
           (expect != nullptr && expect->selector.kind == SelectorKind::exit);
  });
}

bool needs_launch(const Scenario& scenario) {
  const auto launches = [](const Step& step) {
    if (const auto* expect = std::get_if<Expect>(&step.action))
      return expect->selector.kind == SelectorKind::exit;
    return std::holds_alternative<Start>(step.action) ||
           std::holds_alternative<Signal>(step.action) || std::holds_alternative<Stop>(step.action);
  };
  const auto reads_exit = [](const Claim& claim) {
    return claim.selector.kind == SelectorKind::exit;
  };
  return std::ranges::any_of(scenario.steps, launches) ||
         std::ranges::any_of(scenario.claims, reads_exit);
}

bool needs_log(const Scenario& scenario) {
  const auto waits_for_log = [](const Step& step) {
    const auto* expect = std::get_if<Expect>(&step.action);
    return expect != nullptr && expect->selector.kind == SelectorKind::log;
  };
  const auto reads_log = [](const Claim& claim) {
    return claim.selector.kind == SelectorKind::log && !claim.if_observed;
  };
  return std::ranges::any_of(scenario.steps, waits_for_log) ||
         std::ranges::any_of(scenario.claims, reads_log);
}

}  // namespace relapse
