#include "model/run.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "model/fields.hpp"
#include "model/verdict_fields.hpp"

namespace relapse {

namespace {

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// The reason that all inconclusive results share; "" when they differ or have none.
std::string common_reason(const Run& run) {
  const std::string* common = nullptr;
  for (const ScenarioResult& result : run.results) {
    if (result.outcome != Outcome::inconclusive)
      continue;
    if (common != nullptr && *common != result.reason)
      return {};
    common = &result.reason;
  }
  return common == nullptr ? std::string{} : safe_text(*common, 120).str();
}

/// Quotes for a POSIX shell, so that a line of the report can be pasted.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

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
  json["timeline"] = to_json(attempt.timeline);
  return json;
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
  auto timeline = timeline_from_json(json["timeline"]);
  if (timeline)
    attempt.timeline = *std::move(timeline);
  else if (!error)
    error = Error{timeline.error().kind, where + ": " + timeline.error().message};
  return attempt;
}

Json result_json(const ScenarioResult& result) {
  Json json = Json::object();
  put_text(json, "scenario", result.scenario);
  put_text(json, "target", result.target);
  put_text(json, "title", result.title);
  json["incident"] = incident_json(result.incident);
  put_texts(json, "tags", result.tags);
  put_source(json, "at", result.at);
  put_text(json, "digest", result.digest);
  put_texts(json, "step_texts", result.step_texts);
  if (!result.step_lines.empty())
    json["step_lines"] = result.step_lines;
  put_texts(json, "step_labels", result.step_labels);
  json["outcome"] = std::string(to_string(result.outcome));
  put_text(json, "reason", result.reason);
  if (result.known)
    json["known"] = true;
  put_text(json, "known_reason", result.known_reason);
  put_text(json, "fault", result.fault);
  if (result.plane == Plane::asgi)
    json["plane"] = "asgi";
  put_text(json, "disturbed_by", result.disturbed_by);
  put_text(json, "late_fault", result.late_fault);
  if (result.repeat.times > 1) {
    json["repeat"] = {{"times", result.repeat.times}, {"at_least", result.repeat.at_least}};
  }
  std::vector<Json> attempts;  // not push_back on Json: see to_json(const Timeline&)
  for (const Attempt& attempt : result.attempts)
    attempts.push_back(attempt_json(attempt));
  json["attempts"] = std::move(attempts);
  return json;
}

ScenarioResult read_result(const Json& json, const std::string& where,
                           std::optional<Error>& error) {
  FieldReader in(json, where, error);
  ScenarioResult result;
  result.scenario = in.text("scenario");
  result.target = in.text("target");
  result.title = in.text("title");
  if (in.has("incident")) {
    FieldReader incident(json["incident"], where + ": incident", error);
    result.incident = read_incident(incident);
  }
  result.tags = in.texts("tags");
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
  result.outcome = read_outcome(in, "outcome");
  result.reason = in.text("reason");
  result.known = in.boolean("known", false);
  result.known_reason = in.text("known_reason");
  result.fault = in.text("fault");
  result.plane =
      in.has("plane") ? static_cast<Plane>(in.one_of("plane", {"wire", "asgi"})) : Plane::wire;
  result.disturbed_by = in.text("disturbed_by");
  result.late_fault = in.text("late_fault");
  if (in.has("repeat")) {
    FieldReader repeat(json["repeat"], where + ": repeat", error);
    result.repeat = {repeat.small("times", 1), repeat.small("at_least", 1)};
  }
  for (const Json* item : in.list("attempts")) {
    const std::string name = where + ": attempt " + std::to_string(result.attempts.size() + 1);
    result.attempts.push_back(read_attempt(*item, name, error));
  }
  return result;
}

}  // namespace

std::string ScenarioResult::step_label(int index) const {
  const auto i = static_cast<std::size_t>(index);
  return i < step_labels.size() ? step_labels[i] : "step " + std::to_string(index + 1);
}

const Attempt* ScenarioResult::deciding() const {
  // A flaky result is explained by the attempt that did not hold.
  const Outcome wanted = outcome == Outcome::flaky ? Outcome::relapsed : outcome;
  for (const Attempt& attempt : attempts) {
    if (attempt.verdict.outcome == wanted)
      return &attempt;
  }
  return attempts.empty() ? nullptr : &attempts.back();
}

Totals totals(const Run& run) {
  Totals t;
  for (const ScenarioResult& result : run.results) {
    ++t.planned;
    t.ran += result.attempts.empty() ? 0 : 1;
    t.late_faults += result.late_fault.empty() ? 0 : 1;
    switch (result.outcome) {
      case Outcome::holds:
        ++t.holds;
        break;
      case Outcome::relapsed:
        ++(result.known ? t.known : t.relapsed);
        break;
      case Outcome::inconclusive:
        ++t.inconclusive;
        break;
      case Outcome::skipped:
        ++t.skipped;
        break;
      case Outcome::flaky:
        ++t.flaky;
        break;
    }
  }
  return t;
}

int exit_code(const Run& run) {
  const Totals t = totals(run);
  if (t.relapsed > 0)
    return 1;
  if (run.interrupted)
    return 130;
  if (t.inconclusive > 0)
    return 3;
  return t.ran == 0 ? 4 : 0;
}

std::string headline(const Run& run) {
  const Totals t = totals(run);
  if (t.relapsed > 0)
    return "RELAPSED: " + counted(t.relapsed, "fix no longer holds", "fixes no longer hold");
  if (run.interrupted)
    return "INTERRUPTED: " + std::to_string(t.ran) + " of " + std::to_string(t.planned) + " ran";
  if (t.inconclusive > 0) {
    const std::string reason = common_reason(run);
    if (!reason.empty())
      return "INCONCLUSIVE: " + reason;
    return "INCONCLUSIVE: " + std::to_string(t.inconclusive) + " of " + std::to_string(t.planned) +
           " could not be judged";
  }
  if (t.ran == 0)
    return "INCONCLUSIVE: nothing ran";
  std::vector<std::string> apart;
  if (t.flaky > 0)
    apart.push_back(std::to_string(t.flaky) + " flaky");
  if (t.known > 0)
    apart.push_back(counted(t.known, "known relapse", "known relapses"));
  if (t.late_faults > 0)
    apart.push_back(counted(t.late_faults, "late fault in a log", "late faults in logs"));
  return apart.empty() ? "HOLDS" : "HOLDS, apart from " + join(apart, " and ");
}

std::string rerun_command(const ScenarioResult& result) {
  std::string command =
      "relapse run " + shell_word(result.scenario) + " -t " + shell_word(result.target);
  if (!result.fault.empty())
    command += " --fault " + shell_word(result.fault);
  if (result.plane == Plane::asgi)
    command += " --plane asgi";
  return command + " -v";
}

Json to_json(const Run& run) {
  Json json{{"format", "relapse-run"}, {"version", 1}};
  put_text(json, "id", run.id);
  put_text(json, "started", run.started);
  json["duration_ns"] = run.duration.count();
  put_text(json, "harness_version", run.harness_version);
  put_texts(json, "command", run.command);
  if (run.interrupted)
    json["interrupted"] = true;
  if (!run.redactions.empty())
    json["redactions"] = run.redactions;
  json["targets"] = Json::array();
  for (const TargetInfo& target : run.targets) {
    Json entry = Json::object();
    put_text(entry, "id", target.id);
    put_text(entry, "title", target.title);
    put_text(entry, "address", target.address);
    put_text(entry, "version", target.version);
    put_text(entry, "fault", target.fault);
    if (target.tls_unverified)
      entry["tls_unverified"] = true;
    json["targets"].push_back(std::move(entry));
  }
  std::vector<Json> results;
  for (const ScenarioResult& result : run.results)
    results.push_back(result_json(result));
  json["results"] = std::move(results);
  return json;
}

Result<Run> run_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader in(json, "run", error);
  in.expect_format("relapse-run", 1);
  Run run;
  run.id = in.text("id");
  run.started = in.text("started");
  run.duration = in.nanoseconds("duration_ns");
  run.harness_version = in.text("harness_version");
  run.command = in.texts("command");
  run.interrupted = in.boolean("interrupted", false);
  if (in.has("redactions") && json["redactions"].is_object())
    for (const auto& [rule, times] : json["redactions"].items())
      run.redactions[rule] = times.is_number_integer() ? times.get<long>() : 0;
  for (const Json* item : in.list("targets")) {
    FieldReader fields(*item, "target " + std::to_string(run.targets.size() + 1), error);
    run.targets.push_back({.id = fields.text("id"),
                           .title = fields.text("title"),
                           .address = fields.text("address"),
                           .version = fields.text("version"),
                           .fault = fields.text("fault"),
                           .tls_unverified = fields.boolean("tls_unverified", false)});
  }
  if (!in.has("results"))
    in.fail("results", "is missing");
  for (const Json* item : in.list("results")) {
    const std::string name = "result " + std::to_string(run.results.size() + 1);
    run.results.push_back(read_result(*item, name, error));
  }
  if (error)
    return *std::move(error);
  return run;
}

}  // namespace relapse
