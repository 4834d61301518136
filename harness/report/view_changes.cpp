#include "report/view_changes.hpp"

#include <algorithm>
#include <set>

#include "report/view.hpp"

namespace relapse::view {

namespace {

struct KindWords {
  ChangeKind kind;
  std::string_view heading;
  bool trouble;
};
constexpr KindWords words[] = {{ChangeKind::relapsed, "Relapsed", true},
                               {ChangeKind::fails_differently, "Fails differently", true},
                               {ChangeKind::new_and_failing, "New and failing", true},
                               {ChangeKind::lost, "Lost", false},
                               {ChangeKind::inconclusive, "Inconclusive", true},
                               {ChangeKind::flaky, "Flaky tonight", true},
                               {ChangeKind::slower, "Slower", false},
                               {ChangeKind::recovered, "Recovered", false},
                               {ChangeKind::new_and_holding, "New and holding", false},
                               {ChangeKind::target_changed, "Target changed", false},
                               {ChangeKind::still_failing, "Still failing", true}};

const KindWords& words_of(ChangeKind kind) {
  return *std::ranges::find(words, kind, &KindWords::kind);
}

/// For a result that does not hold and that the comparison does not speak of.
std::vector<Change> untold(const Pages& pages) {
  std::vector<Change> changes;
  for (const ScenarioResult* result : pages.all()) {
    const Group group = group_of(*result);
    if (group == Group::holds || group == Group::skipped)
      continue;
    const auto told = pages.changes(*result);
    if (std::ranges::any_of(told, [](const Change* c) { return is_trouble(c->kind); }))
      continue;
    Change change{.key = key_of(*result), .title = result->title, .signature = signature(*result)};
    change.kind = group == Group::known      ? ChangeKind::still_failing
                  : group == Group::relapsed ? ChangeKind::relapsed
                  : group == Group::flaky    ? ChangeKind::flaky
                                             : ChangeKind::inconclusive;
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string nights_text(int nights) {
  return std::to_string(nights) + (nights == 1 ? " night" : " nights");
}

std::string at(const std::string& word, const std::string& when, const std::string& version) {
  if (when.empty())
    return {};
  return word + " " + day(when) + (version.empty() ? "" : " on " + safe_text(version, 80).str());
}

}  // namespace

std::size_t ChangeGroup::count() const {
  std::size_t total = 0;
  for (const Entry& entry : entries)
    total += entry.items.size();
  return total;
}

std::string_view heading(ChangeKind kind) {
  return words_of(kind).heading;
}

bool is_trouble(ChangeKind kind) {
  return words_of(kind).trouble;
}

std::vector<ChangeGroup> change_groups(const Pages& pages) {
  std::vector<Change> all = pages.comparison().changes;
  for (Change& change : all) {
    const ScenarioResult* result = pages.find(change.key);
    if (change.signature.empty() && result != nullptr)
      change.signature = signature(*result);
  }
  const auto rest = untold(pages);
  all.insert(all.end(), rest.begin(), rest.end());
  std::vector<ChangeGroup> groups;
  for (const KindWords& word : words) {
    ChangeGroup group{.kind = word.kind};
    for (const Change& change : all) {
      if (change.kind != word.kind)
        continue;
      const auto same = std::ranges::find(group.entries, change.signature, &Entry::signature);
      if (word.trouble && !change.signature.empty() && same != group.entries.end())
        same->items.push_back(change);
      else
        group.entries.push_back({word.trouble ? change.signature : std::string(), {change}});
    }
    std::ranges::stable_sort(group.entries, std::greater<>(),
                             [](const Entry& entry) { return entry.items.size(); });
    if (!group.entries.empty())
      groups.push_back(std::move(group));
  }
  return groups;
}

std::string day(const std::string& iso) {
  return safe_text(iso.substr(0, 10), 10).str();
}

std::string dates_text(const Change& change) {
  std::vector<std::string> parts;
  for (const std::string& part : {at("last good", change.last_good_at, change.last_good_version),
                                  at("first bad", change.first_bad_at, change.first_bad_version)}) {
    if (!part.empty())
      parts.push_back(part);
  }
  return join(parts, " · ");
}

std::string since_text(const Change& change) {
  std::vector<std::string> parts;
  if (change.held_nights > 0)
    parts.push_back("held " + nights_text(change.held_nights));
  if (change.failing_nights > 1)
    parts.push_back("failing for " + nights_text(change.failing_nights));
  if (const std::string dates = dates_text(change); !dates.empty())
    parts.push_back(dates);
  return join(parts, " · ");
}

std::string badge_text(const Change& change) {
  std::string text(heading(change.kind));
  if (change.kind == ChangeKind::relapsed && change.held_nights > 0)
    text += ": held " + nights_text(change.held_nights);
  if (change.kind == ChangeKind::still_failing && change.failing_nights > 0)
    text += ": for " + nights_text(change.failing_nights);
  return text;
}

std::string redactions_text(const Run& run) {
  if (run.redactions.empty())
    return "Nothing was redacted.";
  long total = 0;
  std::vector<std::string> rules;
  for (const auto& [rule, count] : run.redactions) {
    total += count;
    rules.push_back(safe_text(rule, 60).str() + " " + std::to_string(count));
  }
  constexpr std::size_t most = 12;
  const std::size_t more = rules.size() > most ? rules.size() - most : 0;
  rules.resize(rules.size() - more);
  return "Redacted when captured, " + std::to_string(total) + (total == 1 ? " time" : " times") +
         ", by rule: " + join(rules, ", ") +
         (more > 0 ? " and " + std::to_string(more) + " more rules." : ".");
}

}  // namespace relapse::view
