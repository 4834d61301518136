#include "history/trends.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

namespace relapse {
namespace {

bool failed(Outcome outcome) {
  return outcome == Outcome::relapsed;
}

Duration duration_of(const ScenarioResult& result) {
  Duration sum{};
  for (const Attempt& attempt : result.attempts)
    sum += attempt.duration;
  return sum;
}

/// One result of one night, of this run too.
struct Seen {
  std::size_t night = 0;
  const std::string& scenario;
  Outcome outcome{};
  bool ran = false;
  Duration duration{};
};

/// Calls visit with every result, of the nights before and, as the night after the last, of this
/// run.
template <class Visit>
void for_each_seen(const Run& run, const Past& past, const Visit& visit) {
  for (const auto& [key, nights] : past.results) {
    for (const PastResult& one : nights)
      visit(Seen{one.night, key.scenario, one.outcome, one.ran, one.duration});
  }
  for (const ScenarioResult& result : run.results) {
    visit(Seen{past.nights.size(), result.scenario, result.outcome, !result.attempts.empty(),
               duration_of(result)});
  }
}

const std::string& started_of(const Run& run, const Past& past, std::size_t night) {
  return night < past.nights.size() ? past.nights[night].started : run.started;
}

/// The nights of the weeks: those before, and this run when it is complete.
std::size_t complete_nights(const Run& run, const Past& past) {
  return past.nights.size() + (run.whole && !run.interrupted ? 1 : 0);
}

void count(Outcome outcome, int& holds, int& failing, int& flaky) {
  holds += outcome == Outcome::holds ? 1 : 0;
  failing += failed(outcome) ? 1 : 0;
  flaky += outcome == Outcome::flaky ? 1 : 0;
}

/// What one night says of all that guards an incident.
struct IncidentNight {
  int judged = 0, failing = 0, unsure = 0;
  bool held() const { return judged > 0 && failing == 0 && unsure == 0; }
};

void tell(IncidentHistory& told, const std::vector<IncidentNight>& nights, const Run& run,
          const Past& past) {
  int row = 0;
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const IncidentNight& night = nights[i];
    if (night.judged + night.unsure == 0)
      continue;
    const std::string date = started_of(run, past, i).substr(0, 10);
    ++told.nights_run;
    if (night.held()) {
      ++told.nights_held;
      if (told.first_guarded.empty())
        told.first_guarded = date;
    }
    if (night.failing > 0) {
      ++row;
      told.last_break = row == 1 ? date : told.last_break;
      told.last_break_nights = row;
    } else if (night.judged > 0) {
      row = 0;
    }
  }
  told.broken_now = row > 0;
}

/// The ids of the scenarios that there are now. A run of a selection does not tell; then those of
/// the last night count too.
std::set<std::string> library_now(const Run& run, const Past& past) {
  std::set<std::string> ids;
  for (const ScenarioResult& result : run.results)
    ids.insert(result.scenario);
  if (run.whole)
    return ids;
  for (const auto& [key, nights] : past.results) {
    if (!nights.empty() && nights.back().night + 1 == past.nights.size())
      ids.insert(key.scenario);
  }
  return ids;
}

}  // namespace

Duration percentile(std::vector<Duration> values, int percent) {
  if (values.empty())
    return {};
  std::sort(values.begin(), values.end());
  const std::size_t rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return values[std::max<std::size_t>(rank, 1) - 1];
}

std::string monday_of(const std::string& utc) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(utc.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3)
    return {};
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok())
    return {};
  const std::chrono::sys_days there{date};
  const std::chrono::weekday weekday{there};
  const std::chrono::year_month_day monday{there - (weekday - std::chrono::Monday)};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(monday.year()),
                static_cast<unsigned>(monday.month()), static_cast<unsigned>(monday.day()));
  return text;
}

std::vector<FamilyNight> family_nights(const Run& run, const Past& past) {
  struct Part {
    FamilyNight told{};
    std::vector<Duration> durations{};
  };
  std::map<std::pair<std::size_t, std::string>, Part> parts;
  for_each_seen(run, past, [&](const Seen& seen) {
    if (seen.night + nights_shown < past.nights.size())
      return;
    Part& part = parts[{seen.night, family_of(seen.scenario)}];
    count(seen.outcome, part.told.holds, part.told.failing, part.told.flaky);
    if (seen.ran) {
      ++part.told.ran;
      part.durations.push_back(seen.duration);
    }
  });
  std::vector<FamilyNight> list;
  for (auto& [place, part] : parts) {
    const auto& [night, family] = place;
    part.told.run = night < past.nights.size() ? past.nights[night].id : run.id;
    part.told.family = family;
    part.told.p50 = percentile(part.durations, 50);
    part.told.p95 = percentile(std::move(part.durations), 95);
    list.push_back(std::move(part.told));
  }
  return list;
}

std::vector<FamilyWeek> family_weeks(const Run& run, const Past& past) {
  const std::size_t nights = complete_nights(run, past);
  std::vector<std::string> mondays;
  std::set<std::string> weeks;
  for (std::size_t i = 0; i < nights; ++i) {
    mondays.push_back(monday_of(started_of(run, past, i)));
    weeks.insert(mondays.back());
  }
  while (weeks.size() > weeks_shown)
    weeks.erase(weeks.begin());
  std::map<std::pair<std::string, std::string>, FamilyWeek> parts;
  std::map<std::pair<std::string, std::string>, std::set<std::size_t>> counted;
  for_each_seen(run, past, [&](const Seen& seen) {
    if (seen.night >= nights || !weeks.contains(mondays[seen.night]))
      return;
    const std::pair place{mondays[seen.night], family_of(seen.scenario)};
    FamilyWeek& week = parts[place];
    int flaky = 0;
    count(seen.outcome, week.holds, week.failing, flaky);
    counted[place].insert(seen.night);
  });
  std::vector<FamilyWeek> list;
  for (auto& [place, week] : parts) {
    week.week = place.first;
    week.family = place.second;
    week.nights = static_cast<int>(counted[place].size());
    list.push_back(std::move(week));
  }
  return list;
}

std::vector<std::pair<std::string, int>> library_sizes(const Run& run, const Past& past) {
  const std::size_t nights = complete_nights(run, past);
  std::vector<int> sizes(nights, 0);
  std::vector<const std::string*> last(nights, nullptr);
  // Keys are in the order of their scenarios, so the targets of one stand side by side.
  for (const auto& [key, seen] : past.results) {
    for (const PastResult& one : seen) {
      if (last[one.night] == nullptr || *last[one.night] != key.scenario)
        ++sizes[one.night];
      last[one.night] = &key.scenario;
    }
  }
  if (nights > past.nights.size()) {
    std::set<std::string> ids;
    for (const ScenarioResult& result : run.results)
      ids.insert(result.scenario);
    sizes.back() = static_cast<int>(ids.size());
  }
  std::map<std::string, int> weeks;  // the newest night of a week tells
  for (std::size_t i = 0; i < nights; ++i)
    weeks[monday_of(started_of(run, past, i))] = sizes[i];
  std::vector<std::pair<std::string, int>> list(weeks.begin(), weeks.end());
  if (list.size() > weeks_shown)
    list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(weeks_shown));
  return list;
}

std::vector<IncidentHistory> incident_histories(const Run& run, const Past& past) {
  std::map<std::string, Incident> incident_of;  // by scenario
  for (const auto& [id, scenario] : past.scenarios)
    incident_of[id] = scenario.incident;
  for (const ScenarioResult& result : run.results)
    incident_of[result.scenario] = result.incident;
  const std::set<std::string> now = library_now(run, past);
  std::map<std::string, IncidentHistory> told;
  for (const auto& [id, incident] : incident_of) {
    IncidentHistory& one = told[incident.ref];
    const bool here = now.contains(id);
    if (one.ref.empty() || (here && one.scenarios.empty()))
      one.incident = incident;
    one.ref = incident.ref;
    if (here)
      one.scenarios.push_back(id);
  }
  std::map<std::string, std::vector<IncidentNight>> nights;
  for_each_seen(run, past, [&](const Seen& seen) {
    const auto incident = incident_of.find(seen.scenario);
    if (incident == incident_of.end())
      return;
    auto& list = nights[incident->second.ref];
    list.resize(past.nights.size() + 1);
    IncidentNight& night = list[seen.night];
    night.judged +=
        seen.outcome == Outcome::holds || seen.outcome == Outcome::flaky || failed(seen.outcome)
            ? 1
            : 0;
    night.failing += failed(seen.outcome) ? 1 : 0;
    night.unsure += seen.outcome == Outcome::inconclusive ? 1 : 0;
  });
  std::vector<IncidentHistory> list;
  for (auto& [ref, one] : told) {
    tell(one, nights[ref], run, past);
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<RetiredScenario> retired_scenarios(const Run& run, const Past& past) {
  std::vector<RetiredScenario> list;
  if (!run.whole)
    return list;
  const std::set<std::string> now = library_now(run, past);
  for (const auto& [id, night] : past.last_seen) {
    if (now.contains(id))
      continue;
    const auto renamed = past.renamed.find(id);
    list.push_back({.scenario = id,
                    .last_run = past.nights.at(night).started.substr(0, 10),
                    .reason = renamed == past.renamed.end() ? "its file is gone"
                                                            : "renamed to " + renamed->second});
  }
  return list;
}

}  // namespace relapse
