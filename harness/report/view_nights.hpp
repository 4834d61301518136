#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/pages.hpp"

/// A result over the nights.
namespace relapse::view {

/// One night of a result; the last one is this run.
struct NightMark {
  std::string run{};
  std::string started{};
  std::optional<Outcome> outcome{};  ///< nothing: it was not in that run
  bool known = false;
  Duration duration{};
  std::string version{};
  bool judged() const;  ///< held, relapsed or flaky
};
/// Of every run that the comparison knows, oldest first, and of this one. Empty when the
/// comparison knows no earlier run.
std::vector<NightMark> nights(const Pages& pages, const ScenarioResult& result);
/// "27 held, 2 relapsed (2026-11-03, 2026-11-04), 1 not run"
std::string nights_text(const std::vector<NightMark>& nights);
/// Of the nights on which it was judged; nothing when there are fewer than 2.
std::optional<Duration> percentile_95(const std::vector<NightMark>& nights);
std::string word(const NightMark& night);

}  // namespace relapse::view
