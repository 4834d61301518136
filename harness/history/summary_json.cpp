#include "history/summary_json.hpp"

#include <nlohmann/json.hpp>

#include "model/fields.hpp"

namespace relapse {
namespace {

struct Count {
  const char* name;
  int Totals::*field;
};
constexpr Count counts[] = {
    {"planned", &Totals::planned},
    {"ran", &Totals::ran},
    {"holds", &Totals::holds},
    {"relapsed", &Totals::relapsed},
    {"known", &Totals::known},
    {"inconclusive", &Totals::inconclusive},
    {"skipped", &Totals::skipped},
    {"flaky", &Totals::flaky},
    {"late_faults", &Totals::late_faults},
};

}  // namespace

Json to_json(const RunSummary& summary) {
  Json json = Json::object();
  put_text(json, "id", summary.id);
  put_text(json, "started", summary.started);
  json["duration_ns"] = summary.duration.count();
  put_text(json, "harness_version", summary.harness_version);
  json["complete"] = summary.complete;
  json["exit_code"] = summary.code;
  put_text(json, "headline", summary.headline);
  Json& totals = json["totals"] = Json::object();
  for (const Count& count : counts)
    totals[count.name] = summary.totals.*count.field;
  put_pairs(json, "versions", {summary.versions.begin(), summary.versions.end()});
  return json;
}

RunSummary summary_from_text(const std::string& text) {
  RunSummary summary;
  Value value;
  if (!parse_json(text, value))
    return summary;
  std::optional<Error> error;
  FieldReader in(value.json(), "summary", error);
  summary.id = in.text("id");
  summary.started = in.text("started");
  summary.duration = in.nanoseconds("duration_ns");
  summary.harness_version = in.text("harness_version");
  summary.complete = in.boolean("complete", false);
  summary.code = in.small("exit_code");
  summary.headline = in.text("headline");
  if (in.has("totals")) {
    FieldReader totals(value.json()["totals"], "totals", error);
    for (const Count& count : counts)
      summary.totals.*count.field = totals.small(count.name);
  }
  for (auto& [target, version] : in.pairs("versions"))
    summary.versions.emplace(std::move(target), std::move(version));
  return summary;
}

Json to_json(const Change& change) {
  Json json{{"kind", std::string(to_string(change.kind))}};
  put_text(json, "scenario", change.key.scenario);
  put_text(json, "target", change.key.target);
  if (change.key.plane == Plane::asgi)
    json["plane"] = "asgi";
  put_text(json, "title", change.title);
  put_text(json, "signature", change.signature);
  put_text(json, "text", change.text);
  const auto run = [&](const char* name, const std::string& id, const std::string& at,
                       const std::string& version) {
    if (id.empty())
      return;
    Json& one = json[name] = Json::object();
    put_text(one, "run", id);
    put_text(one, "at", at);
    put_text(one, "version", version);
  };
  run("last_good", change.last_good_run, change.last_good_at, change.last_good_version);
  run("first_bad", change.first_bad_run, change.first_bad_at, change.first_bad_version);
  json["held_nights"] = change.held_nights;
  json["failing_nights"] = change.failing_nights;
  return json;
}

Json past_scenario_json(const PastScenario& scenario) {
  Json json = Json::object();
  put_text(json, "title", scenario.title);
  put_text(json, "ref", scenario.incident.ref);
  put_text(json, "seen", scenario.incident.seen);
  put_text(json, "story", scenario.incident.story);
  put_text(json, "evidence", scenario.incident.evidence);
  put_text(json, "fix", scenario.incident.fix);
  put_text(json, "spec", scenario.incident.spec);
  return json;
}

PastScenario past_scenario_from_text(const std::string& text) {
  Value value;
  if (!parse_json(text, value))
    return {};
  std::optional<Error> error;
  FieldReader in(value.json(), "scenario", error);
  return {in.text("title"),
          {.ref = in.text("ref"),
           .seen = in.text("seen"),
           .story = in.text("story"),
           .evidence = in.text("evidence"),
           .fix = in.text("fix"),
           .spec = in.text("spec")}};
}

}  // namespace relapse
