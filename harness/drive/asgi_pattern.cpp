#include "drive/asgi_pattern.hpp"

#include <nlohmann/json.hpp>

#include "match/selector.hpp"

namespace relapse {
namespace {

/// A number may equal one of another type, and null an absent key: the bridge knows neither.
bool is_plain(const Json& value) {
  return value.is_boolean() ||
         (value.is_string() && value.get_ref<const std::string&>().find("${") == std::string::npos);
}

std::optional<SimpleExpectation> simple_sent(const Json& pattern) {
  if (pattern.is_string() && is_plain(pattern)) {
    return SimpleExpectation{AsgiScript::Outcome::sent, Value(Json{{"type", pattern}})};
  }
  if (!pattern.is_object() || is_operators(pattern)) {
    return std::nullopt;
  }
  for (const auto& [key, value] : pattern.items()) {
    if (key.starts_with('$') || !is_plain(value)) {
      return std::nullopt;
    }
  }
  return SimpleExpectation{AsgiScript::Outcome::sent, Value(pattern)};
}

}  // namespace

std::optional<SimpleExpectation> simple_expectation(const Expect& expect) {
  if (expect.skip || !expect.captures.empty()) {
    return std::nullopt;
  }
  switch (expect.selector.kind) {
    case SelectorKind::sent:
      return simple_sent(expect.selector.pattern.json.json());
    case SelectorKind::returned:
      return SimpleExpectation{AsgiScript::Outcome::returned, {}};
    case SelectorKind::raised:
      return SimpleExpectation{AsgiScript::Outcome::raised, {}};
    default:
      return std::nullopt;
  }
}

}  // namespace relapse
