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

bool needs_asgi(const Scenario& scenario) {
  const auto of_asgi = [](SelectorKind kind) {
    return kind == SelectorKind::sent || kind == SelectorKind::raised ||
           kind == SelectorKind::returned || kind == SelectorKind::waiting ||
           kind == SelectorKind::pending_tasks || kind == SelectorKind::complaint;
  };
  const auto step_needs = [&](const Step& step) {
    const auto* expect = std::get_if<Expect>(&step.action);
    return expect != nullptr ? of_asgi(expect->selector.kind)
                             : step.action.index() >= Action(Call{}).index();
  };
  return std::ranges::any_of(scenario.steps, step_needs) ||
         std::ranges::any_of(scenario.claims,
                             [&](const Claim& claim) { return of_asgi(claim.selector.kind); });
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
