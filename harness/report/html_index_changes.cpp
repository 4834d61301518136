#include <algorithm>

#include "report/html_parts.hpp"
#include "report/view_changes.hpp"

namespace relapse::html {

namespace {

using view::ChangeGroup;
using view::Entry;

constexpr std::size_t most_of_list = 60;
constexpr std::size_t unfolded = 4;

std::string incident_text(const Incident& incident) {
  if (incident.seen.empty())
    return incident.ref;
  return incident.ref + (incident.ref.empty() ? "seen " : ", seen ") + incident.seen;
}

std::string targets_of(const Entry& entry) {
  std::vector<std::string> targets;
  for (const Change& change : entry.items) {
    if (std::ranges::find(targets, change.key.target) == targets.end())
      targets.push_back(change.key.target);
  }
  if (targets.size() > 3)
    return std::to_string(targets.size()) + " targets";
  return join_and(targets);
}

/// "CLOSE 1006 instead of CLOSE 1007" for what several results have in common.
std::string title_of(const Entry& entry, const ScenarioResult& result) {
  const Finding* finding = view::decisive(result);
  if (entry.items.size() < 2 || finding == nullptr)
    return title(result);
  return safe_text(finding->observed, 80).str() + " instead of " +
         safe_text(finding->expected, 80).str();
}

/// What is told of results, and how much room is left for it.
class ChangeWriter {
 public:
  ChangeWriter(const Pages& pages, std::size_t full, std::size_t lines)
      : pages_(pages), full_(full), lines_(lines) {}

  void group(Fields section, const ChangeGroup& group) {
    section.text("NAME", view::heading(group.kind));
    section.number("COUNT", static_cast<long>(group.count()));
    section.text("TONE", tone_of(group.kind));
    if (!view::is_trouble(group.kind)) {
      list(section, group);
      return;
    }
    std::size_t left_out = 0;
    for (const Entry& entry : group.entries) {
      if (full_ == 0)
        left_out += entry.items.size();
      else
        full_entry(section.section("ENTRY"), group.kind, entry);
    }
    more(section, left_out);
  }

  void still(Fields section, const ChangeGroup& group) {
    section.number("COUNT", static_cast<long>(group.count()));
    std::size_t left_out = 0;
    for (const Entry& entry : group.entries) {
      if (full_ == 0)
        left_out += entry.items.size();
      else
        still_entry(section.section("ITEM"), entry);
    }
    more(section, left_out);
  }

 private:
  static std::string tone_of(ChangeKind kind) {
    switch (kind) {
      case ChangeKind::relapsed:
      case ChangeKind::fails_differently:
      case ChangeKind::new_and_failing:
        return "bad";
      case ChangeKind::recovered:
      case ChangeKind::new_and_holding:
        return "ok";
      default:
        return "warn";
    }
  }

  static void more(Fields& section, std::size_t count) {
    if (count > 0)
      section.section("MORE").number("COUNT", static_cast<long>(count));
  }

  void name(Fields fields, const Change& change, const ScenarioResult* result,
            const std::string& text) {
    Fields link = fields.either(result != nullptr && pages_.has_page(*result), "LINKED", "PLAIN");
    if (result != nullptr)
      link.text("SLUG", view::slug(*result));
    link.text("TITLE", text, 200);
    link.text("SCENARIO", change.key.scenario, 160);
  }

  /// Every result that failed in the same way.
  void same(Fields fields, const Entry& entry) {
    if (entry.items.size() < 2)
      return;
    fields.section("MANY").text(
        "TEXT", std::to_string(entry.items.size()) + " results on " + targets_of(entry), 200);
    Fields section = fields.section("SAME");
    section.number("COUNT", static_cast<long>(entry.items.size()));
    std::size_t shown = 0;
    for (const Change& change : entry.items) {
      if (lines_ == 0 || shown == most_of_list)
        break;
      --lines_;
      ++shown;
      Fields item = section.section("SAME_ITEM");
      const ScenarioResult* result = pages_.find(change.key);
      Fields link =
          item.either(result != nullptr && pages_.has_page(*result), "SAME_LINKED", "SAME_PLAIN");
      if (result != nullptr)
        link.text("SLUG", view::slug(*result));
      item.text("SCENARIO", change.key.scenario, 120);
      item.text("TARGET", change.key.target, 60);
    }
    if (shown < entry.items.size())
      section.section("REST").number("COUNT", static_cast<long>(entry.items.size() - shown));
  }

  void full_entry(Fields fields, ChangeKind kind, const Entry& entry) {
    --full_;
    const Change& change = entry.items.front();
    const ScenarioResult* result = pages_.find(change.key);
    if (result == nullptr) {
      fields.text("TONE", tone_of(kind));
      fields.text("STATUS", view::heading(kind));
      name(fields, change, nullptr, change.title.empty() ? change.key.scenario : change.title);
      fields.text("SCENARIO", change.key.scenario, 160);
      fields.text("TARGET", change.key.target, 80);
      return;
    }
    fields.text("TONE", tone(*result));
    fields.text("STATUS", view::status(*result));
    name(fields, change, result, title_of(entry, *result));
    fields.text("SCENARIO", result->scenario, 160);
    fields.text("TARGET", view::target_text(pages_.run(), result->target), 160);
    if (result->plane == Plane::asgi)
      fields.section("ASGI");
    fields.optional("INCIDENT", incident_text(result->incident), 160);
    fields.optional("SPEC", result->incident.spec, 120);
    fields.optional("ATTEMPTS", view::attempts_text(*result));
    fields.text("COMMAND", rerun_command(*result), 600);
    fill_verdict(fields, *result, 300);
    fields.optional("SINCE", view::since_text(change), 400);
    fields.optional("NOTE", change.text, 400);
    same(fields, entry);
  }

  void still_entry(Fields item, const Entry& entry) {
    --full_;
    const Change& change = entry.items.front();
    const ScenarioResult* result = pages_.find(change.key);
    item.text("TONE", result == nullptr ? "warn" : tone(*result));
    item.text("STATUS", result == nullptr ? "✗ Still failing" : view::status(*result));
    name(item, change, result, result == nullptr ? change.key.scenario : title_of(entry, *result));
    item.text("SCENARIO", change.key.scenario, 160);
    item.text("TARGET", change.key.target, 80);
    item.optional("SINCE", view::since_text(change), 400);
    if (result != nullptr) {
      item.optional("OWNER", result->known_owner, 80);
      item.optional("UNTIL", result->known_until, 40);
      item.optional("OPEN",
                    result->known ? "" : "nobody has acknowledged it: it counts as failing");
      item.optional("KNOWN", result->known_reason, 300);
      item.optional("SAYS", view::summary(*result), 300);
    }
    same(item, entry);
  }

  void list(Fields section, const ChangeGroup& group) {
    Fields list = section.section("LIST");
    const bool folded = group.entries.size() > unfolded;
    if (folded) {
      list.section("FOLDED");
      list.section("FOLDED_END");
    }
    std::size_t shown = 0;
    for (const Entry& entry : group.entries) {
      if (lines_ == 0 || shown == most_of_list)
        break;
      --lines_;
      ++shown;
      const Change& change = entry.items.front();
      Fields item = list.section("ITEM");
      const bool about_target = change.kind == ChangeKind::target_changed;
      const ScenarioResult* result = about_target ? nullptr : pages_.find(change.key);
      Change named = change;
      if (about_target)
        named.key.scenario = change.key.target;
      name(item, named, result, named.key.scenario);
      item.optional("ON", about_target ? "" : change.key.target, 60);
      std::string text = change.text;
      if (text.empty())
        text = view::since_text(change);
      item.optional("TEXT", text, 200);
    }
    more(section, group.entries.size() - shown);
  }

  const Pages& pages_;
  std::size_t full_;
  std::size_t lines_;
};

}  // namespace

void fill_changes(Fields& page, const Pages& pages, std::size_t most_full, std::size_t most_lines) {
  const auto groups = view::change_groups(pages);
  ChangeWriter writer(pages, most_full, most_lines);
  const auto is_still = [](const ChangeGroup& g) { return g.kind == ChangeKind::still_failing; };
  if (std::ranges::any_of(groups, std::not_fn(is_still))) {
    Fields section = page.section("CHANGED");
    const auto& baseline = pages.comparison().baseline;
    section.text("HEADING", baseline
                                ? "Changed since last night (" + view::day(baseline->started) + ")"
                                : "What does not hold");
    for (const ChangeGroup& group : groups) {
      if (!is_still(group))
        writer.group(section.section("GROUP"), group);
    }
  }
  const auto still = std::ranges::find_if(groups, is_still);
  if (still != groups.end())
    writer.still(page.section("STILL"), *still);
}

}  // namespace relapse::html
