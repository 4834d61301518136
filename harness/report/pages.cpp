#include "report/pages.hpp"

#include <algorithm>

#include "report/view.hpp"

namespace relapse {

namespace {

/// How many results that hold get a page because of one kind of change: a first night makes
/// everything new.
constexpr std::size_t most_holding = 40;
constexpr std::size_t exemplars = 3;

bool is_worth_a_page(ChangeKind kind) {
  return kind != ChangeKind::lost && kind != ChangeKind::target_changed;
}

bool needs_a_page(const ScenarioResult& result) {
  const view::Group group = view::group_of(result);
  return (group != view::Group::skipped && group != view::Group::holds) ||
         !result.disturbed_by.empty();
}

}  // namespace

Pages::Pages(const Run& run, const Comparison& comparison, ReportOptions options)
    : run_(run), comparison_(comparison), options_(std::move(options)) {
  all_ = view::worst_first(run);
  for (const ScenarioResult* result : all_)
    by_key_.try_emplace(key_of(*result), result);
  for (const Change& change : comparison.changes)
    changes_[change.key].push_back(&change);
  choose();
}

void Pages::choose() {
  std::map<std::string, std::size_t> alike;
  std::map<ChangeKind, std::size_t> holding;
  std::vector<const ScenarioResult*> first;
  std::vector<const ScenarioResult*> further;
  for (const ScenarioResult* result : all_) {
    if (needs_a_page(*result)) {
      auto& list = ++alike[view::signature(*result)] <= exemplars ? first : further;
      list.push_back(result);
      continue;
    }
    for (const Change* change : changes(*result)) {
      if (is_worth_a_page(change->kind) && ++holding[change->kind] <= most_holding) {
        first.push_back(result);
        break;
      }
    }
  }
  const std::size_t room = most - std::min(most, first.size());
  first.resize(std::min(most, first.size()));
  first.insert(first.end(), further.begin(),
               further.begin() + static_cast<std::ptrdiff_t>(std::min(room, further.size())));
  for (const ScenarioResult* result : first)
    has_page_[key_of(*result)] = true;
  for (const ScenarioResult* result : all_) {
    if (has_page(*result))
      paged_.push_back(result);
  }
}

bool Pages::has_page(const ScenarioResult& result) const {
  return has_page_.contains(key_of(result));
}

const ScenarioResult* Pages::find(const ResultKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

std::vector<const Change*> Pages::changes(const ScenarioResult& result) const {
  const auto found = changes_.find(key_of(result));
  return found == changes_.end() ? std::vector<const Change*>{} : found->second;
}

bool Pages::changed(const ScenarioResult& result) const {
  const auto all = changes(result);
  return std::ranges::any_of(
      all, [](const Change* change) { return change->kind != ChangeKind::still_failing; });
}

ScenarioResult Pages::load(const ScenarioResult& result) const {
  ScenarioResult loaded = result;
  for (Attempt& attempt : loaded.attempts) {
    if (!attempt.elsewhere || !options_.timelines)
      continue;
    auto timeline = options_.timelines(*attempt.elsewhere);
    if (!timeline)
      continue;
    attempt.timeline = *std::move(timeline);
    attempt.elsewhere.reset();
  }
  return loaded;
}

std::vector<const ScenarioResult*> results_with_page(const Run& run, const Comparison& comparison) {
  return Pages(run, comparison).paged();
}

}  // namespace relapse
