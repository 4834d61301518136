#include "report/prometheus.hpp"

#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

using Labels = std::vector<std::pair<const char*, std::string>>;

/// Seconds since 1970, or a length of time, exact to the millisecond.
std::string seconds(std::int64_t ns) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%lld.%03lld", static_cast<long long>(ns / 1'000'000'000),
                static_cast<long long>(ns / 1'000'000 % 1000));
  return text.data();
}

std::string family(const char* name, const char* help) {
  return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " gauge\n";
}

std::string sample(const char* name, const Labels& labels, const std::string& value) {
  std::string out = name;
  for (std::size_t i = 0; i < labels.size(); ++i)
    out += std::string(i == 0 ? "{" : ",") + labels[i].first + "=\"" +
           prometheus_label(labels[i].second) + "\"";
  return out + (labels.empty() ? " " : "} ") + value + "\n";
}

std::string counts(const Run& run, const std::vector<formats::Case>& cases) {
  std::map<std::string, std::map<view::Group, int>> by_target;
  std::map<std::string, Duration> took;
  for (const formats::Case& one : cases) {
    ++by_target[one.result->target][one.group];
    took[one.result->target] += view::total_duration(*one.result);
  }
  std::string out = family("relapse_results", "Results of the last run, by target and verdict.");
  using Group = view::Group;
  for (const std::string& target : formats::targets(run)) {
    for (const Group group : {Group::holds, Group::relapsed, Group::known, Group::flaky,
                              Group::inconclusive, Group::skipped})
      out +=
          sample("relapse_results", {{"target", target}, {"verdict", formats::verdict_word(group)}},
                 std::to_string(by_target[target][group]));
  }
  out += family("relapse_target_duration_seconds", "Time of all replays on a target, summed up.");
  for (const std::string& target : formats::targets(run))
    out += sample("relapse_target_duration_seconds", {{"target", target}},
                  seconds(took[target].count()));
  out += family("relapse_target_info", "Version and fault of a target; always 1.");
  for (const TargetInfo& target : run.targets)
    out +=
        sample("relapse_target_info",
               {{"target", target.id}, {"version", target.version}, {"fault", target.fault}}, "1");
  return out;
}

/// When the last run that held ended, this one among them; 0: none is known.
std::int64_t last_success(const Run& run, const Comparison& comparison) {
  const auto start = formats::epoch_ns(run.started);
  if (exit_code(run) == 0 && start)
    return *start + run.duration.count();
  for (auto night = comparison.nights.rbegin(); night != comparison.nights.rend(); ++night) {
    const auto started = formats::epoch_ns(night->started);
    if (night->code == 0 && started)
      return *started + night->duration.count();
  }
  return 0;
}

std::string single_results(const std::vector<formats::Case>& cases, std::size_t most_series) {
  std::string out = family("relapse_scenario_not_holding",
                           "1 for every scenario that does not hold, with its verdict; bounded.");
  std::size_t shown = 0, more = 0;
  for (const formats::Case& one : cases) {
    if (one.group == view::Group::holds || one.group == view::Group::skipped)
      continue;
    if (shown == most_series) {
      ++more;
      continue;
    }
    ++shown;
    // The case's name makes the labels unique, which the format demands.
    out += sample("relapse_scenario_not_holding",
                  {{"scenario", one.result->scenario},
                   {"target", one.result->target},
                   {"case", one.name},
                   {"verdict", formats::verdict_word(one.group)}},
                  "1");
  }
  return out +
         family("relapse_scenario_series_left_out",
                "Scenarios that do not hold and have no series of their own, to bound them.") +
         sample("relapse_scenario_series_left_out", {}, std::to_string(more));
}

}  // namespace

std::string prometheus_label(std::string_view text) {
  const std::string safe = safe_text(text, 200).str();
  std::string out;
  for (const char c : safe) {
    if (c == '\\' || c == '"')
      out += '\\';
    out += c;
  }
  return out;
}

std::string prometheus_text(const Run& run, const Comparison& comparison, std::size_t most_series) {
  const auto cases = formats::worst_first(run);
  std::string out =
      family("relapse_run_info", "The last run; always 1.") +
      sample("relapse_run_info", {{"run", run.id}, {"version", run.harness_version}}, "1");
  const auto start = formats::epoch_ns(run.started);
  const std::pair<std::array<const char*, 2>, std::string> singles[] = {
      {{"relapse_last_run_timestamp_seconds", "When the last run ended, in seconds since 1970."},
       seconds(start ? *start + run.duration.count() : 0)},
      {{"relapse_last_run_duration_seconds", "How long the last run took."},
       seconds(run.duration.count())},
      {{"relapse_last_run_exit_code",
        "0 all hold, 1 a fix does not hold, 3 inconclusive, 4 nothing ran, 130 interrupted."},
       std::to_string(exit_code(run))},
      {{"relapse_last_success_timestamp_seconds",
        "When the last run that held ended; 0 when none is known."},
       seconds(last_success(run, comparison))}};
  for (const auto& [names, value] : singles)
    out += family(names[0], names[1]) + sample(names[0], {}, value);
  return out + counts(run, cases) + single_results(cases, most_series);
}

}  // namespace relapse
