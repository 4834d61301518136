#include "report/view_calls.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/asgi_scope.hpp"
#include "model/describe_words.hpp"

namespace relapse::view {

namespace {

constexpr std::size_t most_columns = 300;
constexpr std::size_t most_items = 100;

bool is_plain_dict(const Json& value) {
  return value.is_object() && (value.empty() || !value.begin().key().starts_with('$'));
}

/// The valid scope that differs least from this one.
Json nearest_base(const Json& scope) {
  Json nearest;
  std::size_t least = 0;
  for (const std::string_view type : scope_types()) {
    const Json base = base_scope(type).json();
    std::size_t differing = 0;
    for (const auto& [key, value] : scope.items())
      differing += base.contains(key) && base[key] == value ? 0U : 1U;
    for (const auto& [key, value] : base.items())
      differing += scope.contains(key) ? 0U : 1U;
    if (nearest.is_null() || differing < least) {
      nearest = base;
      least = differing;
    }
  }
  return nearest;
}

bool has_item(const Json& list, const Json& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// A list of lists, item by item; what the base has besides is said behind them.
void add_items(std::vector<ScopeLine>& lines, const std::string& key, const Json& list,
               const Json& base) {
  lines.push_back({"    " + key + ": [", false});
  std::size_t shown = 0;
  for (const Json& item : list) {
    if (++shown > most_items)
      break;
    const bool known = base.is_array() && has_item(base, item);
    lines.push_back({"        " + words::python(item, most_columns) + ",", !known});
  }
  if (list.size() > most_items)
    lines.push_back({"        # and " + std::to_string(list.size() - most_items) + " more", false});
  for (const Json& item : base.is_array() ? base : Json::array()) {
    if (!has_item(list, item))
      lines.push_back({"        # without " + words::python(item, most_columns), true});
  }
  lines.push_back({"    ],", false});
}

}  // namespace

Sides sides(Plane plane) {
  return plane == Plane::asgi ? Sides{"server (relapse)", "application"} : Sides{};
}

std::string plane_mark(const ScenarioResult& result) {
  return result.plane == Plane::asgi ? " [asgi]" : "";
}

std::vector<ScopeLine> scope_lines(const Value& scope) {
  const Json& json = scope.json();
  if (!is_plain_dict(json))
    return {{words::python(json, 2000), true}};
  const Json base = nearest_base(json);
  std::vector<ScopeLine> lines{{"{", false}};
  for (const auto& [name, value] : json.items()) {
    const std::string key = words::quoted(name, 100);
    const bool same = base.contains(name) && base[name] == value;
    const bool nested = value.is_array() && !value.empty() && value.front().is_structured();
    if (nested)
      add_items(lines, key, value, base.contains(name) ? base[name] : Json());
    else
      lines.push_back({"    " + key + ": " + words::python(value, most_columns) + ",", !same});
  }
  for (const auto& [name, value] : base.items()) {
    if (!json.contains(name))
      lines.push_back({"    # without " + words::quoted(name, 100), true});
  }
  lines.push_back({"}", false});
  return lines;
}

std::vector<CallFacts> call_facts(const Timeline& timeline) {
  std::vector<CallFacts> all;
  std::map<std::string, std::size_t> current;
  for (const Event& event : timeline.events) {
    if (event.lane == "probe")
      continue;
    if (const auto* called = std::get_if<AsgiCalled>(&event.payload)) {
      current[event.lane] = all.size();
      all.push_back({.seq = event.seq,
                     .lane = safe_text(event.lane, 40).str(),
                     .scope = scope_lines(called->scope),
                     .answer = "none",
                     .client = "stayed",
                     .end = "goes on"});
      continue;
    }
    const auto found = current.find(event.lane);
    if (found == current.end())
      continue;
    CallFacts& call = all[found->second];
    const auto* fed = std::get_if<AsgiFed>(&event.payload);
    if (fed != nullptr && call.client == "stayed" && fed->event.json().is_object() &&
        fed->event.json().contains("type")) {
      const Json& type = fed->event.json()["type"];
      if (type == "websocket.disconnect" || type == "http.disconnect")
        call.client = observed_text(event);
    }
    if (std::holds_alternative<AsgiSent>(event.payload) && ++call.sends == 1)
      call.answer = observed_text(event);
    if (std::holds_alternative<AsgiWaiting>(event.payload))
      call.end = "goes on, " + observed_text(event);
    else if (std::holds_alternative<AsgiFed>(event.payload))
      call.end = "goes on";
    if (std::holds_alternative<AsgiReturned>(event.payload) ||
        std::holds_alternative<AsgiRaised>(event.payload)) {
      call.end = observed_text(event);
      call.ended_at = static_cast<double>(event.at_ns) / 1e9;
      current.erase(found);
    }
  }
  return all;
}

std::string log_owner_text(const LogLine& line, const LogOwner& owner, bool several_lanes) {
  // The bridge's own names: what it tells stands in its place among the events of the calls.
  const bool calls = line.source == "logging" || line.source == "stdout" || line.source == "stderr";
  return calls ? safe_text(line.source, 40).str() : owner_text(owner, several_lanes);
}

std::string_view traceback_of(const Event& event) {
  if (const auto* raised = std::get_if<AsgiRaised>(&event.payload))
    return raised->traceback;
  if (const auto* complaint = std::get_if<AsgiComplaint>(&event.payload))
    return complaint->traceback;
  return {};
}

}  // namespace relapse::view
