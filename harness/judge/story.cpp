#include "judge/story.hpp"

#include <nlohmann/json.hpp>

namespace relapse::testing {

Step expects(SelectorKind kind, const char* pattern) {
  Step step;
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(Json::parse(pattern));
  step.action = expect;
  return step;
}

Claim never_log(const char* text) {
  Claim claim;
  claim.name = "never 1";
  claim.selector.kind = SelectorKind::log;
  claim.selector.pattern.json = Value(Json{{"contains", text}});
  return claim;
}

Scenario session() {
  Scenario scenario;
  scenario.steps = {send_upgrade(), expects(SelectorKind::upgrade, "{\"status\":101}"),
                    expects(SelectorKind::close, "{\"code\":1000}")};
  return scenario;
}

}  // namespace relapse::testing
