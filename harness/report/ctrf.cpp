#include "report/ctrf.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

constexpr std::size_t most_of_texts = std::size_t{16} << 20;
constexpr std::size_t most_of_story = std::size_t{16} << 10;

std::string safe(std::string_view octets, std::size_t most = 400) {
  return safe_text(octets, most).str();
}

std::int64_t milliseconds(Duration duration) {
  return duration.count() / 1'000'000;
}

void put(Json& object, const char* key, const std::string& value) {
  if (!value.empty())
    object[key] = value;
}

const char* status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
    case Outcome::flaky:
      return "passed";
    case Outcome::relapsed:
      return "failed";
    case Outcome::inconclusive:
      return "other";
    case Outcome::skipped:
      break;
  }
  return "skipped";
}

/// A known relapse is in this format what it is in JUnit: skipped, with the reason.
const char* status_of(const formats::Case& one) {
  return one.group == view::Group::known ? "skipped" : status_of(one.result->outcome);
}

/// Repetitions and points of a sweep are no retries.
bool was_retried(const ScenarioResult& result) {
  return result.attempts.size() > 1 && result.repeat.times <= 1 && !result.attempts.front().swept;
}

Json attempts_json(const ScenarioResult& result) {
  Json list = Json::array();
  for (const Attempt& attempt : result.attempts) {
    Json entry{{"attempt", list.size() + 1},
               {"status", status_of(attempt.verdict.outcome)},
               {"duration", milliseconds(attempt.duration)}};
    if (attempt.verdict.outcome != Outcome::holds)
      put(entry, "message", formats::attempt_message(attempt.verdict));
    list.push_back(std::move(entry));
  }
  return list;
}

/// The steps as far as the deciding attempt came.
Json steps_json(const ScenarioResult& result, const Attempt& attempt) {
  std::vector<const char*> status(result.step_texts.size(), "skipped");
  for (const Event& event : attempt.timeline.events) {
    const auto step = static_cast<std::size_t>(event.step);
    if (event.step < 0 || step >= status.size())
      continue;
    if (std::holds_alternative<StepStarted>(event.payload))
      status[step] = "other";  // begun, and not ended
    if (const auto* ended = std::get_if<StepEnded>(&event.payload))
      status[step] = ended->satisfied ? "passed" : "failed";
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < status.size(); ++i)
    list.push_back({{"name", safe(result.step_label(static_cast<int>(i)), 80) + ": " +
                                 safe(result.step_texts[i])},
                    {"status", status[i]}});
  return list;
}

Json incident_json(const Incident& incident) {
  Json json = Json::object();
  put(json, "ref", safe(incident.ref));
  put(json, "seen", safe(incident.seen));
  put(json, "story", safe(incident.story, 2000));
  put(json, "evidence", safe(incident.evidence, 2000));
  put(json, "fix", safe(incident.fix));
  put(json, "spec", safe(incident.spec));
  return json;
}

class Writer {
 public:
  Writer(const Run& run, const Comparison& comparison) : run_(run), since_(comparison) {}

  Json document() {
    std::vector<Json> tests;  // not Json::push_back: it visits what is there already
    Json counts{{"passed", 0}, {"failed", 0}, {"skipped", 0}, {"pending", 0}, {"other", 0}};
    for (const formats::Case& one : formats::cases(run_)) {
      counts[status_of(one)] = counts[status_of(one)].get<int>() + 1;
      tests.push_back(test(one));
    }
    const std::int64_t start = formats::epoch_ns(run_.started).value_or(0) / 1'000'000;
    counts["tests"] = tests.size();
    counts["flaky"] = totals(run_).flaky;
    counts["suites"] = formats::targets(run_).size();
    counts["start"] = start;
    counts["stop"] = start + milliseconds(run_.duration);
    counts["duration"] = milliseconds(run_.duration);
    Json json{{"reportFormat", "CTRF"}, {"specVersion", "0.0.0"}, {"generatedBy", "relapse"}};
    if (formats::epoch_ns(run_.started))
      json["timestamp"] = run_.started;
    Json tool{{"name", "relapse"}};
    put(tool, "version", safe(run_.harness_version));
    json["results"] = {{"tool", std::move(tool)},
                       {"summary", std::move(counts)},
                       {"tests", std::move(tests)},
                       {"environment", environment()}};
    return json;
  }

 private:
  Json environment() const {
    Json targets = Json::array();
    for (const TargetInfo& target : run_.targets) {
      Json entry{{"id", safe(target.id)}};
      put(entry, "title", safe(target.title));
      put(entry, "address", safe(target.address));
      put(entry, "version", safe(target.version));
      put(entry, "fault", safe(target.fault));
      put(entry, "tls", target.tls_unverified ? tls_unverified_text : "");
      targets.push_back(std::move(entry));
    }
    return {{"reportName", headline(run_)},
            {"healthy", exit_code(run_) == 0},
            {"extra", {{"run", safe(run_.id)}, {"targets", std::move(targets)}}}};
  }

  Json test(const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    Json json{{"name", one.name},
              {"status", status_of(one)},
              {"rawStatus", formats::verdict_word(one.group)},
              {"duration", milliseconds(view::total_duration(result))},
              {"suite", {safe(result.target), view::family(result.scenario)}}};
    const SourceRef at = formats::place(result);
    put(json, "filePath", safe(at.file));
    if (at.line > 0)
      json["line"] = at.line;
    for (const std::string& tag : result.tags)
      json["tags"].push_back(safe(tag, 80));
    if (was_retried(result)) {
      json["retries"] = result.attempts.size() - 1;
      json["retryAttempts"] = attempts_json(result);
    }
    if (one.group == view::Group::flaky)
      json["flaky"] = true;
    if (one.group != view::Group::holds)
      add_failure(json, one);
    Json extra{{"scenario", safe(result.scenario)}, {"target", safe(result.target)}};
    put(extra, "title", safe(result.title));
    put(extra, "plane", result.plane == Plane::asgi ? "asgi" : "");
    put(extra, "fault", safe(result.fault));
    extra["incident"] = incident_json(result.incident);
    put(extra, "since", since_.text(result));
    if (one.group != view::Group::holds && one.group != view::Group::skipped) {
      put(extra, "signature", formats::signature(result));
      put(extra, "again", safe(rerun_command(result)));
    }
    json["extra"] = std::move(extra);
    return json;
  }

  void add_failure(Json& json, const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    std::string message = view::summary(result);
    if (one.group == view::Group::known)
      message = formats::known_text(result) + (message.empty() ? "" : "; " + message);
    put(json, "message", message);
    if (one.group == view::Group::skipped || one.group == view::Group::known)
      return;
    put(json, "trace",
        budget_.spend([&] { return formats::story(run_, result, most_of_story); },
                      "Left out, or this file would be too large.\n"));
    if (const Attempt* attempt = result.deciding(); attempt && !result.step_texts.empty())
      json["steps"] = steps_json(result, *attempt);
  }

  const Run& run_;
  formats::Since since_;
  formats::Budget budget_{most_of_texts};
};

}  // namespace

std::string ctrf_json(const Run& run, const Comparison& comparison) {
  return formats::dump(Writer(run, comparison).document());
}

}  // namespace relapse
