#include <algorithm>

#include "model/conclude.hpp"
#include "report/html_parts.hpp"

namespace relapse::html {

namespace {

constexpr std::size_t most_exchanges = 10;
constexpr std::size_t most_rows = 40;

/// All of them, or those that did not hold first.
std::vector<const Attempt*> attempts_to_list(const ScenarioResult& result, std::size_t most) {
  std::vector<const Attempt*> listed;
  for (const Attempt& attempt : result.attempts)
    listed.push_back(&attempt);
  if (listed.size() > most) {
    std::ranges::stable_partition(
        listed, [](const Attempt* attempt) { return attempt->verdict.outcome != Outcome::holds; });
    listed.resize(most);
  }
  return listed;
}

void fill_exchange(Fields item, const Attempt& attempt) {
  const auto rows =
      view::fold(view::exchange(attempt.timeline, attempt.verdict.decisive()), most_rows);
  if (rows.empty())
    return;
  Fields section = item.section("EXCHANGE");
  for (const view::Row& row : rows) {
    const std::string text = row.event == nullptr
                                 ? "      ⋯ " + view::folded_text(row)
                                 : std::string(row.diverges ? "✗ " : "  ") + trace_line(*row.event);
    section.section("LINE").text("TEXT", text, 300);
  }
}

}  // namespace

void fill_attempts(Fields& page, const ScenarioResult& result, const Limits& limits) {
  if (result.attempts.size() < 2)
    return;
  Fields section = page.section("ATTEMPTS");
  const auto listed = attempts_to_list(result, limits.attempts);
  std::size_t exchanges = 0;
  for (const Attempt* one : listed) {
    const Attempt& attempt = *one;
    Fields item = section.section("ATTEMPT");
    item.number("NUMBER", one - result.attempts.data() + 1);
    const bool counted = counts(attempt, !result.disturbed_by.empty());
    item.text("TONE", counted ? tone(attempt.verdict.outcome) : "muted");
    item.text("STATUS", view::attempt_status(result, attempt));
    if (attempt.swept)
      item.section("POINT").text("TEXT", point_text(*attempt.swept));
    item.text("DURATION", human_duration(attempt.duration));
    const bool shown = &attempt == result.deciding();
    if (shown)
      item.section("SHOWN");
    const Finding* finding = attempt.verdict.decisive();
    item.optional("WHY",
                  finding == nullptr
                      ? attempt.verdict.reason
                      : "expected " + finding->expected + ", observed " + finding->observed,
                  limits.preview);
    if (!shown && exchanges < most_exchanges) {
      ++exchanges;
      fill_exchange(item, attempt);
    }
  }
  if (listed.size() < result.attempts.size())
    section.section("MORE").number("COUNT",
                                   static_cast<long>(result.attempts.size() - listed.size()));
}

}  // namespace relapse::html
