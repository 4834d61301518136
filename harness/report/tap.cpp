#include "report/tap.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

constexpr std::size_t most_of_texts = std::size_t{16} << 20;
constexpr std::size_t most_of_story = std::size_t{16} << 10;

bool is_ok(view::Group group) {
  return group == view::Group::holds || group == view::Group::flaky ||
         group == view::Group::skipped;
}

/// A JSON string is a YAML scalar in double quotes.
std::string yaml_text(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Without empty lines, at which some readers of YAML blocks in TAP stumble.
std::string indented(const std::string& text, const std::string& by) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    if (!line.empty())
      out += by + line + "\n";
  }
  return out;
}

class Writer {
 public:
  Writer(const Run& run, const Comparison& comparison) : run_(run), since_(comparison) {}

  std::string document() {
    std::map<std::string, std::vector<formats::Case>> by_target;
    for (formats::Case& one : formats::cases(run_))
      by_target[one.result->target].push_back(std::move(one));
    const auto targets = formats::targets(run_);
    std::string out = "TAP version 14\n1.." + std::to_string(targets.size()) +
                      (targets.empty() ? " # SKIP nothing was selected\n" : "\n");
    out += "# relapse " + tap_escape(safe_text(run_.harness_version, 40).str()) + ", run " +
           tap_escape(safe_text(run_.id, 60).str()) + "\n";
    for (std::size_t i = 0; i < targets.size(); ++i)
      out += target(i + 1, targets[i], by_target[targets[i]]);
    out += "# " + tap_escape(headline(run_)) + ": " + view::counts_text(run_) + "\n";
    if (totals(run_).ran == 0 || run_.interrupted)
      out += "Bail out! " + tap_escape(headline(run_)) + "\n";
    return out;
  }

 private:
  std::string target(std::size_t number, const std::string& id,
                     const std::vector<formats::Case>& cases) {
    const std::string name = tap_escape(view::target_text(run_, id));
    std::string inside = "1.." + std::to_string(cases.size()) + "\n";
    bool ok = true;
    bool ran = false;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      inside += point(i + 1, cases[i]);
      ok = ok && (is_ok(cases[i].group) || cases[i].group == view::Group::known);
      ran = ran || cases[i].group != view::Group::skipped;
    }
    return "# Subtest: " + name + "\n" + indented(inside, "    ") + (ok ? "ok " : "not ok ") +
           std::to_string(number) + " - " + name +
           (ran ? "\n" : " # SKIP nothing applies to this target\n");
  }

  std::string point(std::size_t number, const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    std::string out = (is_ok(one.group) ? "ok " : "not ok ") + std::to_string(number) + " - " +
                      tap_escape(one.name);
    if (one.group == view::Group::known)
      out += " # TODO " + tap_escape(formats::known_text(result));
    if (one.group == view::Group::skipped)
      out += " # SKIP " + tap_escape(view::summary(result));
    out += "\n";
    if (one.group == view::Group::holds || one.group == view::Group::skipped)
      return out;
    return out + indented(diagnostics(one), "  ");
  }

  std::string diagnostics(const formats::Case& one) {
    const ScenarioResult& result = *one.result;
    std::string out = "---\n";
    const auto add = [&](const char* key, const std::string& value) {
      if (!value.empty())
        out += std::string(key) + ": " + yaml_text(value) + "\n";
    };
    add("message", view::summary(result));
    add("severity", one.group == view::Group::inconclusive ? "error" : "fail");
    add("verdict", formats::verdict_word(one.group));
    add("signature", formats::signature(result));
    add("at", view::place(result));
    add("since", since_.text(result));
    add("incident", safe_text(result.incident.ref, 200).str());
    add("attempts", view::attempts_text(result));
    out +=
        "duration_ms: " + std::to_string(view::total_duration(result).count() / 1'000'000) + "\n";
    add("again", safe_text(rerun_command(result)).str());
    if (one.group == view::Group::relapsed || one.group == view::Group::inconclusive)
      out += "story: |\n" +
             indented(budget_.spend([&] { return formats::story(run_, result, most_of_story); },
                                    "Left out, or this file would be too large.\n"),
                      "  ");
    return out + "...\n";
  }

  const Run& run_;
  formats::Since since_;
  formats::Budget budget_{most_of_texts};
};

}  // namespace

std::string tap_escape(std::string_view text) {
  const std::string safe = safe_text(text).str();
  std::string out;
  for (const char c : safe) {
    if (c == '\\' || c == '#')
      out += '\\';
    out += c;
  }
  return out;
}

std::string tap(const Run& run, const Comparison& comparison) {
  return Writer(run, comparison).document();
}

}  // namespace relapse
