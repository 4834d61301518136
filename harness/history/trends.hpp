#pragma once
#include "history/past.hpp"

/// What a comparison says of families, weeks, the library and incidents. Each is a function of the
/// run and its past alone.
namespace relapse {

/// The nights that a report looks back on.
inline constexpr std::size_t nights_shown = 30;
inline constexpr std::size_t weeks_shown = 26;

/// The nearest-rank percentile; 0 when there is nothing.
Duration percentile(std::vector<Duration> values, int percent);

std::vector<FamilyNight> family_nights(const Run& run, const Past& past);
std::vector<FamilyWeek> family_weeks(const Run& run, const Past& past);
std::vector<std::pair<std::string, int>> library_sizes(const Run& run, const Past& past);
std::vector<IncidentHistory> incident_histories(const Run& run, const Past& past);
std::vector<RetiredScenario> retired_scenarios(const Run& run, const Past& past);

/// The Monday of the week of a UTC time, "2026-11-23"; "" when it is no date.
std::string monday_of(const std::string& utc);

}  // namespace relapse
