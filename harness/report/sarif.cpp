#include "report/sarif.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace relapse {

namespace {

constexpr std::size_t most_of_texts = std::size_t{8} << 20;
constexpr std::size_t most_of_story = std::size_t{8} << 10;

std::string safe(std::string_view octets, std::size_t most = 400) {
  return safe_text(octets, most).str();
}

/// A path as a URI reference (RFC 3986): everything that is not unreserved or "/" is encoded.
std::string uri_path(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  std::string out;
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[octet >> 4];
      out += digits[octet & 15];
    }
  }
  return out;
}

class Writer {
 public:
  Writer(const Run& run, const Comparison& comparison, const formats::SourceRoot& root)
      : run_(run), since_(comparison), root_(root) {}

  Json document(std::size_t most_results) {
    std::vector<Json> results;
    std::size_t more = 0;
    for (const formats::Case& one : formats::worst_first(run_)) {
      if (one.group == view::Group::holds || one.group == view::Group::skipped)
        continue;
      if (results.size() < most_results)
        results.push_back(result(one));
      else
        ++more;
    }
    Json driver{{"name", "relapse"},
                {"fullName", "relapse: replays recorded failures against a running server"}};
    if (!run_.harness_version.empty())
      driver["version"] = safe(run_.harness_version);
    driver["rules"] = std::move(rules_);
    Json run{{"tool", {{"driver", std::move(driver)}}},
             {"columnKind", "utf16CodeUnits"},
             {"automationDetails", {{"id", "relapse/" + safe(run_.id)}}},
             {"invocations", Json::array({invocation(more)})},
             {"results", std::move(results)}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
  }

 private:
  /// The rule of a scenario, made at its first result; results refer to it by its place.
  std::size_t rule_of(const ScenarioResult& result) {
    const auto [entry, is_new] = rule_index_.emplace(result.scenario, rules_.size());
    if (!is_new)
      return entry->second;
    const Incident& incident = result.incident;
    std::string full = safe(incident.story, 2000);
    if (!incident.evidence.empty())
      full += (full.empty() ? "Seen: " : " Seen: ") + safe(incident.evidence, 1000);
    if (!incident.fix.empty())
      full += " Fixed by: " + safe(incident.fix) + ".";
    if (full.empty())
      full = safe(result.scenario);
    const std::string title = safe(result.title.empty() ? result.scenario : result.title);
    std::string help = title + ".";
    if (!incident.ref.empty())
      help += " Incident: " + safe(incident.ref) + ".";
    if (!incident.spec.empty())
      help += " " + safe(incident.spec) + ".";
    Json rule{{"id", safe(result.scenario)},
              {"shortDescription", {{"text", title}}},
              {"fullDescription", {{"text", full}}},
              {"help", {{"text", help}}},
              {"defaultConfiguration", {{"level", "error"}}}};
    Json tags = Json::array();
    for (const std::string& tag : result.tags)
      tags.push_back(safe(tag, 80));
    rule["properties"] = {{"tags", std::move(tags)}};
    rules_.push_back(std::move(rule));
    return entry->second;
  }

  Json result(const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    const bool open = one.group == view::Group::inconclusive;
    std::string message = one.name + ": " + view::summary(result);
    if (const std::string since = since_.text(result); !since.empty())
      message += " (" + since + ")";
    Json json{{"ruleId", safe(result.scenario)},
              {"ruleIndex", rule_of(result)},
              {"kind", open ? "open" : "fail"},
              {"level", open                              ? "none"
                        : one.group == view::Group::flaky ? "warning"
                        : one.group == view::Group::known ? "note"
                                                          : "error"},
              {"message", {{"text", message}}},
              {"partialFingerprints",
               {{"primaryLocationLineHash", formats::identity(result) + ":1"},
                {"relapseSignature/v1", formats::hash_hex(formats::signature(result))}}}};
    json["locations"] = Json::array({location(formats::place(result))});
    if (one.group == view::Group::known)
      json["suppressions"] = Json::array({{{"kind", "external"},
                                           {"status", "accepted"},
                                           {"justification", formats::known_text(result)}}});
    Json properties{{"target", safe(result.target)},
                    {"verdict", formats::verdict_word(one.group)},
                    {"signature", formats::signature(result)},
                    {"again", safe(rerun_command(result))}};
    if (one.group == view::Group::relapsed)
      properties["story"] =
          budget_.spend([&] { return formats::story(run_, result, most_of_story); },
                        "Left out, or this file would be too large.\n");
    json["properties"] = std::move(properties);
    return json;
  }

  Json location(const SourceRef& at) const {
    const std::string path = formats::from_root(at.file, root_);
    Json artifact = Json::object();
    if (path.starts_with('/')) {
      artifact["uri"] = "file://" + uri_path(path);
    } else {
      artifact["uri"] = uri_path(path);
      artifact["uriBaseId"] = "%SRCROOT%";
    }
    Json region{{"startLine", std::max(at.line, 1)}};
    if (at.column > 0)
      region["startColumn"] = at.column;
    return {{"physicalLocation", {{"artifactLocation", std::move(artifact)}, {"region", region}}}};
  }

  static Json notification(const char* level, const std::string& text) {
    return {{"level", level}, {"message", {{"text", text}}}};
  }

  Json invocation(std::size_t more) const {
    const Totals t = totals(run_);
    const int code = exit_code(run_);
    Json json{{"executionSuccessful", code == 0 || code == 1}, {"exitCode", code}};
    if (const auto start = formats::epoch_ns(run_.started)) {
      json["startTimeUtc"] = run_.started;
      json["endTimeUtc"] = formats::utc_micros(*start + run_.duration.count());
    }
    Json notes =
        Json::array({notification("note", headline(run_) + ": " + view::counts_text(run_))});
    if (t.inconclusive > 0)
      notes.push_back(notification("error", std::to_string(t.inconclusive) +
                                                " could not be judged; nothing is known of them"));
    if (more > 0)
      notes.push_back(notification(
          "warning", std::to_string(more) + " more results are left out; this file has the worst"));
    json["toolExecutionNotifications"] = std::move(notes);
    return json;
  }

  const Run& run_;
  formats::Since since_;
  const formats::SourceRoot& root_;
  std::vector<Json> rules_;
  std::map<std::string, std::size_t> rule_index_;
  formats::Budget budget_{most_of_texts};
};

}  // namespace

std::string sarif_json(const Run& run, const Comparison& comparison,
                       const formats::SourceRoot& root, std::size_t most_results) {
  return formats::dump(Writer(run, comparison, root).document(most_results));
}

}  // namespace relapse
