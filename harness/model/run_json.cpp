#include "model/run_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "model/fields.hpp"
#include "model/verdict_fields.hpp"

namespace relapse {

namespace {

Json incident_json(const Incident& incident) {
  Json json = Json::object();
  put_text(json, "ref", incident.ref);
  put_text(json, "seen", incident.seen);
  put_text(json, "story", incident.story);
  put_text(json, "evidence", incident.evidence);
  put_text(json, "fix", incident.fix);
  put_text(json, "spec", incident.spec);
  return json;
}

Incident read_incident(FieldReader& in) {
  return Incident{.ref = in.text("ref"),
                  .seen = in.text("seen"),
                  .story = in.text("story"),
                  .evidence = in.text("evidence"),
                  .fix = in.text("fix"),
                  .spec = in.text("spec")};
}

Json attempt_json(const Attempt& attempt) {
  Json json = Json::object();
  json["verdict"] = to_json(attempt.verdict);
  json["duration_ns"] = attempt.duration.count();
  if (attempt.alone)
    json["alone"] = true;
  if (attempt.swept)
    json["swept_ns"] = attempt.swept->count();
  return json;
}

/// Where it stands, or the timeline itself.
void read_timeline(const Json& json, const std::string& where, std::optional<Error>& error,
                   Attempt& attempt) {
  if (json.is_object() && json.contains("at") && !json.contains("format")) {
    FieldReader place(json, where + ": timeline", error);
    attempt.elsewhere = StoredTimeline{place.size("at"), place.size("size")};
    return;
  }
  auto timeline = timeline_from_json(json);
  if (timeline)
    attempt.timeline = *std::move(timeline);
  else if (!error)
    error = Error{timeline.error().kind, where + ": " + timeline.error().message};
}

Attempt read_attempt(const Json& json, const std::string& where, std::optional<Error>& error) {
  FieldReader in(json, where, error);
  Attempt attempt;
  attempt.duration = in.nanoseconds("duration_ns");
  attempt.alone = in.boolean("alone", false);
  if (in.has("swept_ns"))
    attempt.swept = in.nanoseconds("swept_ns");
  if (!in.has("verdict") || !in.has("timeline")) {
    in.fail(in.has("verdict") ? "timeline" : "verdict", "is missing");
    return attempt;
  }
  FieldReader verdict(json["verdict"], where + ": verdict", error);
  attempt.verdict = read_verdict(verdict);
  read_timeline(json["timeline"], where, error, attempt);
  return attempt;
}

void put_description(Json& json, const ScenarioResult& result) {
  put_text(json, "title", result.title);
  json["incident"] = incident_json(result.incident);
  put_texts(json, "tags", result.tags);
  put_texts(json, "aliases", result.aliases);
  put_source(json, "at", result.at);
  put_text(json, "digest", result.digest);
  put_texts(json, "step_texts", result.step_texts);
  if (!result.step_lines.empty())
    json["step_lines"] = result.step_lines;
  put_texts(json, "step_labels", result.step_labels);
}

void read_description(FieldReader& in, const Json& json, ScenarioResult& result) {
  result.title = in.text("title");
  if (in.has("incident")) {
    FieldReader incident(json["incident"], in.where() + ": incident", in.error());
    result.incident = read_incident(incident);
  }
  result.tags = in.texts("tags");
  result.aliases = in.texts("aliases");
  result.at = in.source("at");
  result.digest = in.text("digest");
  result.step_texts = in.texts("step_texts");
  result.step_labels = in.texts("step_labels");
  for (const Json* line : in.list("step_lines")) {
    if (line->is_number_integer() && line->get<std::int64_t>() >= 0 &&
        line->get<std::int64_t>() <= std::numeric_limits<int>::max())
      result.step_lines.push_back(line->get<int>());
    else
      in.fail("step_lines", "must hold line numbers");
  }
}

void put_outcome(Json& json, const ScenarioResult& result) {
  json["outcome"] = std::string(to_string(result.outcome));
  put_text(json, "reason", result.reason);
  if (result.known)
    json["known"] = true;
  put_text(json, "known_reason", result.known_reason);
  put_text(json, "known_owner", result.known_owner);
  put_text(json, "known_until", result.known_until);
  put_text(json, "fault", result.fault);
  if (result.plane == Plane::asgi)
    json["plane"] = "asgi";
  put_text(json, "disturbed_by", result.disturbed_by);
  put_text(json, "late_fault", result.late_fault);
  if (result.repeat.times > 1) {
    json["repeat"] = {{"times", result.repeat.times}, {"at_least", result.repeat.at_least}};
  }
}

void read_outcome_of(FieldReader& in, const Json& json, ScenarioResult& result) {
  result.outcome = read_outcome(in, "outcome");
  result.reason = in.text("reason");
  result.known = in.boolean("known", false);
  result.known_reason = in.text("known_reason");
  result.known_owner = in.text("known_owner");
  result.known_until = in.text("known_until");
  result.fault = in.text("fault");
  result.plane =
      in.has("plane") ? static_cast<Plane>(in.one_of("plane", {"wire", "asgi"})) : Plane::wire;
  result.disturbed_by = in.text("disturbed_by");
  result.late_fault = in.text("late_fault");
  if (in.has("repeat")) {
    FieldReader repeat(json["repeat"], in.where() + ": repeat", in.error());
    result.repeat = {repeat.small("times", 1), repeat.small("at_least", 1)};
  }
}

void read_attempts(FieldReader& in, ScenarioResult& result) {
  for (const Json* item : in.list("attempts")) {
    const std::string name = in.where() + ": attempt " + std::to_string(result.attempts.size() + 1);
    result.attempts.push_back(read_attempt(*item, name, in.error()));
  }
}

Json names_json(const ScenarioResult& result) {
  Json json = Json::object();
  put_text(json, "scenario", result.scenario);
  put_text(json, "target", result.target);
  return json;
}

/// Version 1: everything, with the timelines.
Json whole_result_json(const ScenarioResult& result) {
  Json json = names_json(result);
  put_description(json, result);
  put_outcome(json, result);
  std::vector<Json> attempts;  // not push_back on Json: see to_json(const Timeline&)
  for (const Attempt& attempt : result.attempts) {
    attempts.push_back(attempt_json(attempt));
    attempts.back()["timeline"] = to_json(attempt.timeline);
  }
  json["attempts"] = std::move(attempts);
  return json;
}

Json target_json(const TargetInfo& target) {
  Json entry = Json::object();
  put_text(entry, "id", target.id);
  put_text(entry, "title", target.title);
  put_text(entry, "address", target.address);
  put_text(entry, "version", target.version);
  put_text(entry, "fault", target.fault);
  if (target.tls_unverified)
    entry["tls_unverified"] = true;
  return entry;
}

TargetInfo read_target_info(FieldReader& fields) {
  return {.id = fields.text("id"),
          .title = fields.text("title"),
          .address = fields.text("address"),
          .version = fields.text("version"),
          .fault = fields.text("fault"),
          .tls_unverified = fields.boolean("tls_unverified", false)};
}

std::map<std::string, long> read_redactions(const Json& json, std::optional<Error>& error) {
  std::map<std::string, long> counts;
  FieldReader in(json, "redactions", error);
  for (const auto& [rule, count] : json.items())
    counts[rule] = in.integer(rule, 0, 0, std::numeric_limits<long>::max());
  return counts;
}

}  // namespace

Json head_json(const Run& run, int version) {
  Json json{{"format", "relapse-run"}, {"version", version}};
  put_text(json, "id", run.id);
  put_text(json, "started", run.started);
  json["duration_ns"] = run.duration.count();
  put_text(json, "harness_version", run.harness_version);
  put_texts(json, "command", run.command);
  if (run.interrupted)
    json["interrupted"] = true;
  if (run.whole)
    json["whole"] = true;
  put_text(json, "suite", run.suite);
  if (!run.redactions.empty())
    json["redactions"] = run.redactions;
  json["targets"] = Json::array();
  for (const TargetInfo& target : run.targets)
    json["targets"].push_back(target_json(target));
  return json;
}

Json description_json(const ScenarioResult& result) {
  Json json = Json::object();
  put_text(json, "id", result.scenario);
  put_description(json, result);
  return json;
}

Json stored_result_json(const ScenarioResult& result, const std::vector<StoredTimeline>& places) {
  Json json = names_json(result);
  put_outcome(json, result);
  std::vector<Json> attempts;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    attempts.push_back(attempt_json(result.attempts[i]));
    attempts.back()["timeline"] = {{"at", places[i].at}, {"size", places[i].size}};
  }
  json["attempts"] = std::move(attempts);
  return json;
}

Result<Run> head_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader in(json, "run", error);
  in.expect_format("relapse-run", in.has("version") && json["version"] == 2 ? 2 : 1);
  Run run;
  run.id = in.text("id");
  run.started = in.text("started");
  run.duration = in.nanoseconds("duration_ns");
  run.harness_version = in.text("harness_version");
  run.command = in.texts("command");
  run.interrupted = in.boolean("interrupted", false);
  run.whole = in.boolean("whole", false);
  run.suite = in.text("suite");
  if (in.has("redactions"))
    run.redactions = read_redactions(json["redactions"], error);
  for (const Json* item : in.list("targets")) {
    FieldReader fields(*item, "target " + std::to_string(run.targets.size() + 1), error);
    run.targets.push_back(read_target_info(fields));
  }
  if (error)
    return *std::move(error);
  return run;
}

std::pair<std::string, std::optional<Json>> DescriptionKeys::add(const ScenarioResult& result) {
  Json json = description_json(result);
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::vector<std::string>& variants = known_[result.scenario];
  std::size_t i = 0;
  while (i < variants.size() && variants[i] != text)
    ++i;
  const std::string key = i == 0 ? result.scenario : result.scenario + "#" + std::to_string(i + 1);
  if (i < variants.size())
    return {key, std::nullopt};
  variants.push_back(std::move(text));
  if (i > 0)
    json["key"] = key;
  return {key, std::move(json)};
}

Result<void> ResultReader::add_description(const Json& json) {
  std::optional<Error> error;
  FieldReader in(json, "scenario " + std::to_string(described_.size() + 1), error);
  ScenarioResult description;
  description.scenario = in.text("id");
  read_description(in, json, description);
  const std::string key = in.has("key") ? in.text("key") : description.scenario;
  if (error)
    return *std::move(error);
  described_[key] = std::move(description);
  return {};
}

Result<ScenarioResult> ResultReader::read(const Json& json) {
  std::optional<Error> error;
  FieldReader in(json, "result " + std::to_string(++count_), error);
  const std::string scenario = in.text("scenario");
  const std::string key = in.has("described") ? in.text("described") : scenario;
  ScenarioResult result;
  if (const auto found = described_.find(key); found != described_.end())
    result = found->second;
  else
    read_description(in, json, result);
  result.scenario = scenario;
  result.target = in.text("target");
  read_outcome_of(in, json, result);
  read_attempts(in, result);
  if (error)
    return *std::move(error);
  return result;
}

Json to_json(const Run& run) {
  Json json = head_json(run, 1);
  std::vector<Json> results;
  for (const ScenarioResult& result : run.results)
    results.push_back(whole_result_json(result));
  json["results"] = std::move(results);
  return json;
}

Result<Run> run_from_json(const Json& json) {
  auto run = head_from_json(json);
  if (!run)
    return run;
  std::optional<Error> error;
  FieldReader in(json, "run", error);
  if (!in.has("results"))
    in.fail("results", "is missing");
  ResultReader reader;
  for (const Json* item : in.list("scenarios")) {
    if (auto added = reader.add_description(*item); !added)
      return std::move(added).error();
  }
  for (const Json* item : in.list("results")) {
    auto result = reader.read(*item);
    if (!result)
      return std::move(result).error();
    run->results.push_back(*std::move(result));
  }
  if (error)
    return *std::move(error);
  return run;
}

}  // namespace relapse
