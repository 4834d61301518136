#include "report/view_nights.hpp"

#include <algorithm>
#include <map>

#include "report/view.hpp"
#include "report/view_changes.hpp"

namespace relapse::view {

namespace {

constexpr std::size_t most_dates = 6;

NightMark mark_of(const Night& night) {
  return {.run = night.run,
          .started = night.started,
          .outcome = night.outcome,
          .known = night.known,
          .duration = night.duration,
          .version = night.version};
}

}  // namespace

bool NightMark::judged() const {
  return outcome == Outcome::holds || outcome == Outcome::relapsed || outcome == Outcome::flaky;
}

std::vector<NightMark> nights(const Pages& pages, const ScenarioResult& result) {
  std::map<std::string, const Night*> told;
  const auto history = pages.comparison().history.find(key_of(result));
  if (history != pages.comparison().history.end()) {
    for (const Night& night : history->second)
      told[night.run] = &night;
  }
  std::vector<NightMark> all;
  for (const RunSummary& run : pages.comparison().nights) {
    const auto night = told.find(run.id);
    if (night == told.end()) {
      all.push_back({.run = run.id, .started = run.started});
      continue;
    }
    all.push_back(mark_of(*night->second));
  }
  if (all.empty())
    return all;
  NightMark tonight{.run = pages.run().id, .started = pages.run().started};
  tonight.outcome = result.outcome;
  tonight.known = result.known;
  tonight.duration = total_duration(result);
  const TargetInfo* target = find_target(pages.run(), result.target);
  tonight.version = target == nullptr ? "" : target->version;
  all.push_back(std::move(tonight));
  return all;
}

std::string word(const NightMark& night) {
  if (!night.outcome)
    return "not run";
  if (*night.outcome == Outcome::holds)
    return "held";
  return std::string(to_string(*night.outcome)) + (night.known ? ", known" : "");
}

std::string nights_text(const std::vector<NightMark>& nights) {
  std::vector<std::string> order{"held", "relapsed", "relapsed, known", "flaky", "inconclusive"};
  std::map<std::string, std::vector<std::string>> dates;
  for (const NightMark& night : nights) {
    const std::string said = word(night);
    if (std::ranges::find(order, said) == order.end())
      order.push_back(said);
    dates[said].push_back(day(night.started));
  }
  std::vector<std::string> parts;
  for (const std::string& said : order) {
    auto found = dates[said];
    if (found.empty())
      continue;
    std::string part = std::to_string(found.size()) + " " + said;
    if (said != "held" && said != "not run" && said != "skipped") {
      const bool more = found.size() > most_dates;
      if (more)
        found.erase(found.begin(), found.end() - most_dates);
      part += (more ? " (last " : " (") + join(found, ", ") + ")";
    }
    parts.push_back(part);
  }
  return std::to_string(nights.size()) + " nights: " + join(parts, ", ");
}

std::optional<Duration> percentile_95(const std::vector<NightMark>& nights) {
  std::vector<Duration> took;
  for (const NightMark& night : nights) {
    if (night.judged())
      took.push_back(night.duration);
  }
  if (took.size() < 2)
    return std::nullopt;
  std::ranges::sort(took);
  return took[(took.size() * 95 + 99) / 100 - 1];
}

}  // namespace relapse::view
