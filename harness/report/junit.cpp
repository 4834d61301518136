#include "report/junit.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "report/console.hpp"
#include "report/view.hpp"
#include "report/view_calls.hpp"

namespace relapse {

namespace {

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + xml_escape(safe_text(value).str()) + "\"";
}

/// Surefire's schema, which Jenkins validates against, takes three decimals and no more.
std::string time_of(Duration duration) {
  return view::seconds(duration.count());
}

/// The claim that failed: a name under which the same failure of another night is found again.
std::string failure_type(const Verdict& verdict) {
  const Finding* finding = verdict.decisive();
  return finding == nullptr ? std::string(to_string(verdict.outcome)) : finding->claim;
}

std::string attempt_message(const Verdict& verdict) {
  const Finding* finding = verdict.decisive();
  if (finding == nullptr)
    return verdict.reason;
  return "expected " + finding->expected + ", observed " + finding->observed;
}

std::string block_text(const Run& run, const ScenarioResult& result) {
  ConsoleOptions options;
  options.columns = 160;
  return xml_escape(result_block(run, Comparison{}, result, options));
}

/// flakyFailure and rerunFailure: what Surefire writes for the attempts that did not decide.
std::string other_attempts(const ScenarioResult& result, const char* element, bool skip_deciding) {
  std::string out;
  for (const Attempt& attempt : result.attempts) {
    if (attempt.verdict.outcome != Outcome::relapsed ||
        (skip_deciding && &attempt == result.deciding()))
      continue;
    const std::string message = attempt_message(attempt.verdict);
    out += std::string("      <") + element + attribute("message", message) +
           attribute("type", failure_type(attempt.verdict)) + "><stackTrace>" +
           xml_escape(safe_text(message).str()) + "</stackTrace></" + element + ">\n";
  }
  return out;
}

std::string outcome_elements(const Run& run, const ScenarioResult& result) {
  const std::string message = view::summary(result);
  const Attempt* attempt = result.deciding();
  const std::string type =
      attempt == nullptr ? std::string(to_string(result.outcome)) : failure_type(attempt->verdict);
  switch (view::group_of(result)) {
    case view::Group::relapsed:
      return "      <failure" + attribute("message", message) + attribute("type", type) + ">" +
             block_text(run, result) + "</failure>\n" +
             other_attempts(result, "rerunFailure", /*skip_deciding=*/true);
    case view::Group::inconclusive:
      return "      <error" + attribute("message", message) + attribute("type", type) + ">" +
             block_text(run, result) + "</error>\n";
    case view::Group::known:
      return "      <skipped" +
             attribute("message", "known relapse: " + result.known_reason + "; " + message) +
             "/>\n";
    case view::Group::skipped:
      return "      <skipped" + attribute("message", message) + "/>\n";
    case view::Group::flaky:
      return other_attempts(result, "flakyFailure", /*skip_deciding=*/false);
    case view::Group::holds:
      break;
  }
  return {};
}

std::string test_case(const Run& run, const ScenarioResult& result, const std::string& name) {
  const std::string head = "    <testcase" + attribute("classname", view::family(result.scenario)) +
                           attribute("name", name) +
                           attribute("time", time_of(view::total_duration(result)));
  const std::string inside = outcome_elements(run, result);
  return inside.empty() ? head + "/>\n" : head + ">\n" + inside + "    </testcase>\n";
}

struct Counts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  Duration time{};

  void add(const ScenarioResult& result) {
    const view::Group group = view::group_of(result);
    ++tests;
    failures += group == view::Group::relapsed ? 1 : 0;
    errors += group == view::Group::inconclusive ? 1 : 0;
    skipped += group == view::Group::skipped || group == view::Group::known ? 1 : 0;
    time += view::total_duration(result);
  }
  std::string attributes() const {
    return attribute("tests", std::to_string(tests)) +
           attribute("failures", std::to_string(failures)) +
           attribute("errors", std::to_string(errors)) +
           attribute("skipped", std::to_string(skipped)) + attribute("time", time_of(time));
  }
};

/// "asgi", or "wire, asgi" for a target that was reached both ways; "" for the wire alone.
std::string planes(const Run& run, const std::string& target) {
  bool wire = false;
  bool asgi = false;
  for (const ScenarioResult& result : run.results) {
    const bool here = result.target == target;
    wire = wire || (here && result.plane == Plane::wire);
    asgi = asgi || (here && result.plane == Plane::asgi);
  }
  return !asgi ? "" : wire ? "wire, asgi" : "asgi";
}

std::string suite_properties(const Run& run, const std::string& target) {
  const TargetInfo* info = view::find_target(run, target);
  std::vector<std::pair<std::string, std::string>> properties{{"run", run.id},
                                                              {"relapse", run.harness_version}};
  properties.emplace_back("plane", planes(run, target));
  if (info != nullptr) {
    properties.emplace_back("address", info->address);
    properties.emplace_back("version", info->version);
    properties.emplace_back("fault", info->fault);
    properties.emplace_back("tls", info->tls_unverified ? tls_unverified_text : "");
  }
  std::string out = "    <properties>\n";
  for (const auto& [name, value] : properties) {
    if (!value.empty())
      out += "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  }
  return out + "    </properties>\n";
}

/// Jenkins wants local ISO 8601 without a zone: "2026-11-22T03:12:07".
std::string timestamp(const Run& run) {
  return run.started.substr(0, 19);
}

}  // namespace

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto octet = static_cast<unsigned char>(c);
    // U+FFFE and U+FFFF, the only Chars above the controls that XML 1.0 leaves out of UTF-8 text.
    if (text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF") {
      i += 2;
      continue;
    }
    if (octet < 0x20 && c != '\n' && c != '\t' && c != '\r')
      continue;
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':  // "]]>" must not stand in character data
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string junit_xml(const Run& run) {
  std::vector<std::string> targets;
  for (const ScenarioResult& result : run.results) {
    if (std::find(targets.begin(), targets.end(), result.target) == targets.end())
      targets.push_back(result.target);
  }
  Counts all;
  std::string suites;
  for (const std::string& target : targets) {
    Counts counts;
    std::string cases;
    std::map<std::string, int> seen;
    for (const ScenarioResult& result : run.results) {
      if (result.target != target)
        continue;
      counts.add(result);
      all.add(result);
      // GitLab ignores the suite and keeps only the first of several cases with one name.
      std::string name = safe_text(result.scenario).str() + view::plane_mark(result);
      if (targets.size() > 1)
        name += " on " + safe_text(target).str();
      if (const int times = ++seen[name]; times > 1)
        name += " (" + std::to_string(times) + ")";
      cases += test_case(run, result, name);
    }
    suites += "  <testsuite" + attribute("name", target) + counts.attributes() +
              attribute("timestamp", timestamp(run)) + ">\n" + suite_properties(run, target) +
              cases + "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "relapse") +
         all.attributes() + ">\n" + suites + "</testsuites>\n";
}

}  // namespace relapse
