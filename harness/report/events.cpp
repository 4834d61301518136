#include "report/events.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

constexpr std::size_t most_changes = 1000;

std::string safe(std::string_view octets, std::size_t most = 400) {
  return safe_text(octets, most).str();
}

void put(Json& object, const char* key, const std::string& value) {
  if (!value.empty())
    object[key] = value;
}

Json event(const char* name) {
  return {{"format", "relapse-events"}, {"version", 1}, {"event", name}};
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(std::chrono::floor<std::chrono::microseconds>(duration))
      .count();
}

Json totals_json(const Totals& t) {
  return {{"planned", t.planned},           {"ran", t.ran},         {"holds", t.holds},
          {"relapsed", t.relapsed},         {"known", t.known},     {"flaky", t.flaky},
          {"inconclusive", t.inconclusive}, {"skipped", t.skipped}, {"late_faults", t.late_faults}};
}

Json change_json(const Change& change) {
  std::string kind(to_string(change.kind));
  std::ranges::replace(kind, ' ', '_');
  Json json{{"kind", kind}};
  put(json, "scenario", safe(change.key.scenario));
  put(json, "target", safe(change.key.target));
  json["plane"] = change.key.plane == Plane::asgi ? "asgi" : "wire";
  put(json, "signature", safe(change.signature));
  put(json, "text", safe(change.text));
  put(json, "since", formats::since_text(change));
  return json;
}

}  // namespace

std::string event_run_started(const Run& run, std::size_t planned) {
  Json json = event("run_started");
  put(json, "run", safe(run.id));
  put(json, "started", safe(run.started));
  put(json, "relapse", safe(run.harness_version));
  json["planned"] = planned;
  std::vector<Json> targets;
  for (const TargetInfo& target : run.targets) {
    Json entry{{"id", safe(target.id)}};
    put(entry, "address", safe(target.address));
    put(entry, "version", safe(target.version));
    put(entry, "fault", safe(target.fault));
    targets.push_back(std::move(entry));
  }
  json["targets"] = std::move(targets);
  return line(json);
}

std::string event_result(const ScenarioResult& result, std::size_t done, std::size_t planned) {
  Json json = event("result");
  json["done"] = done;
  json["planned"] = planned;
  json["scenario"] = safe(result.scenario);
  json["target"] = safe(result.target);
  json["plane"] = result.plane == Plane::asgi ? "asgi" : "wire";
  put(json, "fault", safe(result.fault));
  json["outcome"] = std::string(to_string(result.outcome));
  json["known"] = result.known;
  json["attempts"] = result.attempts.size();
  json["seconds"] = seconds(view::total_duration(result));
  if (result.outcome == Outcome::holds)
    return line(json);
  put(json, "summary", view::summary(result));
  if (result.known)
    put(json, "known_text", formats::known_text(result));
  if (result.outcome != Outcome::skipped) {
    put(json, "signature", formats::signature(result));
    const SourceRef at = formats::place(result);
    put(json, "file", safe(at.file));
    json["line"] = at.line;
    put(json, "incident", safe(result.incident.ref));
    put(json, "again", safe(rerun_command(result)));
  }
  return line(json);
}

std::string event_run_finished(const Run& run, const Comparison& comparison, int exit) {
  Json json = event("run_finished");
  json["run"] = safe(run.id);
  json["headline"] = headline(run);
  json["exit"] = exit;
  json["interrupted"] = run.interrupted;
  json["seconds"] = seconds(run.duration);
  json["totals"] = totals_json(totals(run));
  if (comparison.baseline)
    json["baseline"] = {{"run", safe(comparison.baseline->id)},
                        {"started", safe(comparison.baseline->started)}};
  else
    json["baseline"] = nullptr;
  std::vector<Json> changes;
  for (const Change& change : comparison.changes) {
    if (changes.size() < most_changes)
      changes.push_back(change_json(change));
  }
  json["changes_left_out"] = comparison.changes.size() - changes.size();
  json["changes"] = std::move(changes);
  return line(json);
}

}  // namespace relapse
