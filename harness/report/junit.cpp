#include "report/junit.hpp"

#include <map>

#include "base/text.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

constexpr std::size_t most_of_story = std::size_t{16} << 10;
constexpr std::size_t most_of_exchange = std::size_t{32} << 10;

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

struct Counts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  Duration time{};

  void add(const formats::Case& one) {
    ++tests;
    failures += one.group == view::Group::relapsed ? 1 : 0;
    errors += one.group == view::Group::inconclusive ? 1 : 0;
    skipped += one.group == view::Group::skipped || one.group == view::Group::known ? 1 : 0;
    time += view::total_duration(*one.result);
  }
  std::string attributes() const {
    return attribute("tests", std::to_string(tests)) +
           attribute("failures", std::to_string(failures)) +
           attribute("errors", std::to_string(errors)) + attribute("time", time_of(time));
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

class Writer {
 public:
  Writer(const Run& run, const Comparison& comparison, JunitDialect dialect,
         std::size_t most_of_texts)
      : run_(run),
        since_(comparison),
        gitlab_(dialect == JunitDialect::gitlab),
        budget_(most_of_texts) {}

  std::string document() {
    std::map<std::string, std::vector<formats::Case>> by_target;
    Counts all;
    for (formats::Case& one : formats::cases(run_)) {
      all.add(one);
      by_target[one.result->target].push_back(std::move(one));
    }
    std::string suites;
    for (const std::string& target : formats::targets(run_))
      suites += suite(target, by_target[target]);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
           attribute("name", "relapse") + all.attributes() + ">\n" + suites + "</testsuites>\n";
  }

 private:
  std::string suite(const std::string& target, const std::vector<formats::Case>& cases) {
    Counts counts;
    std::string inside;
    for (const formats::Case& one : cases) {
      counts.add(one);
      inside += test_case(one);
    }
    return "  <testsuite" + attribute("name", target) + counts.attributes() +
           attribute("skipped", std::to_string(counts.skipped)) +
           // Jenkins wants local ISO 8601 without a zone: "2026-11-22T03:12:07".
           attribute("timestamp", run_.started.substr(0, 19)) + ">\n" + properties(target) +
           inside + "  </testsuite>\n";
  }

  std::string properties(const std::string& target) const {
    const TargetInfo* info = view::find_target(run_, target);
    std::vector<std::pair<std::string, std::string>> all{
        {"run", run_.id}, {"relapse", run_.harness_version}, {"plane", planes(run_, target)}};
    if (info != nullptr) {
      all.emplace_back("address", info->address);
      all.emplace_back("version", info->version);
      all.emplace_back("fault", info->fault);
      all.emplace_back("tls", info->tls_unverified ? tls_unverified_text : "");
    }
    std::string out = "    <properties>\n";
    for (const auto& [name, value] : all) {
      if (!value.empty())
        out += "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
    }
    return out + "    </properties>\n";
  }

  std::string test_case(const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    const std::string family = view::family(result.scenario);
    std::string out =
        "    <testcase" +
        attribute("classname", gitlab_ ? safe_text(result.target).str() + ": " + family : family) +
        attribute("name", one.name) + attribute("time", time_of(view::total_duration(result)));
    if (gitlab_ && !result.at.file.empty()) {
      const SourceRef at = formats::place(result);
      out += attribute("file", at.file);
      if (at.line > 0)
        out += attribute("line", std::to_string(at.line));
    }
    const std::string inside = elements(one);
    return inside.empty() ? out + "/>\n" : out + ">\n" + inside + "    </testcase>\n";
  }

  std::string elements(const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    const std::string message = view::summary(result);
    switch (one.group) {
      case view::Group::relapsed:
        return failure("failure", result, message) +
               other_attempts(result, "rerunFailure", /*skip_deciding=*/true) + system_out(result);
      case view::Group::inconclusive:
        return failure("error", result, message) + system_out(result);
      case view::Group::known:
        return skipped(formats::known_text(result) + (message.empty() ? "" : "; " + message));
      case view::Group::skipped:
        return skipped(message);
      case view::Group::flaky:
        return other_attempts(result, "flakyFailure", /*skip_deciding=*/false) + system_out(result);
      case view::Group::holds:
        break;
    }
    return {};
  }

  /// GitLab shows no message of an element that has text, and all of a message that has none as a
  /// data structure.
  std::string skipped(const std::string& message) const {
    const std::string head = "      <skipped" + attribute("message", message);
    return gitlab_ ? head + ">" + xml_escape(safe_text(message).str()) + "</skipped>\n"
                   : head + "/>\n";
  }

  std::string failure(const char* element, const ScenarioResult& result,
                      const std::string& message) {
    std::string text = gitlab_ ? message + "\n" : "";
    if (const std::string since = since_.text(result); !since.empty())
      text += since + "\n";
    text = xml_escape(text) +
           budget_.spend([&] { return xml_escape(formats::story(run_, result, most_of_story)); },
                         left_out(result));
    return std::string("      <") + element + attribute("message", message) +
           attribute("type", formats::signature(result)) + ">" + text + "</" + element + ">\n";
  }

  std::string system_out(const ScenarioResult& result) {
    if (result.deciding() == nullptr)
      return {};
    return "      <system-out>" +
           budget_.spend(
               [&] { return xml_escape(formats::exchange_text(result, most_of_exchange)); },
               left_out(result)) +
           "</system-out>\n";
  }

  /// flakyFailure and rerunFailure: what Surefire writes for the attempts that did not decide.
  std::string other_attempts(const ScenarioResult& result, const char* element,
                             bool skip_deciding) const {
    std::string out;
    for (const Attempt& attempt : result.attempts) {
      if (attempt.verdict.outcome != Outcome::relapsed ||
          (skip_deciding && &attempt == result.deciding()))
        continue;
      const std::string message = formats::attempt_message(attempt.verdict);
      out += std::string("      <") + element + attribute("message", message) +
             attribute("type", failure_type(attempt.verdict)) + "><stackTrace>" +
             xml_escape(message) + "</stackTrace></" + element + ">\n";
    }
    return out;
  }

  /// Never empty, and names the way to what is missing.
  std::string left_out(const ScenarioResult& result) const {
    return xml_escape("Left out, or this file would be too large. It is all in run " +
                      safe_text(run_.id, 60).str() + ": relapse show " +
                      safe_text(run_.id, 60).str() + " " + safe_text(result.scenario).str() + "@" +
                      safe_text(result.target).str() + "\n");
  }

  const Run& run_;
  formats::Since since_;
  bool gitlab_;
  formats::Budget budget_;
};

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

std::string junit_xml(const Run& run, const Comparison& comparison, JunitDialect dialect,
                      std::size_t most_of_texts) {
  return Writer(run, comparison, dialect, most_of_texts).document();
}

}  // namespace relapse
