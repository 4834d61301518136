#include "judge/asgi_story.hpp"

#include <nlohmann/json.hpp>

namespace relapse::testing {

Value parsed(const std::string& text) {
  return Value(Json::parse(text));
}

Value scope_with(const char* type, const char* key, const char* value) {
  Json scope = base_scope(type).json();
  scope[key] = Json::parse(value);
  return Value(scope);
}

std::string first_violation(const Scenario& scenario, Story story) {
  const auto found = protocol_violations(scenario, story.done());
  return found.empty() ? "" : found.front().text + " (" + found.front().section + ")";
}

}  // namespace relapse::testing
