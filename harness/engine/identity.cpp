#include "engine/identity.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "match/selector.hpp"

namespace relapse {
namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

Error unreadable(std::string why) {
  return Error{ErrorKind::environment, std::move(why), {}, {}};
}

}  // namespace

Probe identity_probe(const Identity& identity) {
  Step asks;
  asks.action = Send{SendRequest{identity.request}, {}, {}};
  Step answers;
  Expect expect;
  expect.selector.kind = SelectorKind::response;
  expect.selector.lane = answers.lane;
  expect.selector.pattern.json = Value(Json::object());
  answers.action = std::move(expect);
  return Probe{"identity", {std::move(asks), std::move(answers)}, {}};
}

Result<std::string> read_identity(const Identity& identity, const Timeline& timeline) {
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const auto view = view_of(SelectorKind::response, timeline.events, i);
    if (!view) {
      continue;
    }
    const Json& answer = view->value.json();
    const Json::json_pointer pointer(identity.pointer);
    if (!answer.contains(pointer) || view->cut.contains(identity.pointer)) {
      return unreadable("its answer, HTTP " + answer.at("status").dump() + ", has nothing at " +
                        identity.pointer);
    }
    const Json& found = answer.at(pointer);
    std::string value = found.is_string() ? found.get<std::string>() : found.dump();
    if (identity.grows && !is_number(value)) {
      return unreadable("its answer has no number at " + identity.pointer);
    }
    return value;
  }
  return unreadable("there was no answer");
}

}  // namespace relapse
