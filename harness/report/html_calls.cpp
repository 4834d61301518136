#include "report/html_parts.hpp"
#include "report/view_calls.hpp"

namespace relapse::html {

namespace {

/// Of every further one the table of events tells.
constexpr std::size_t most_scopes = 5;

}  // namespace

void fill_calls(Fields& page, const Attempt& attempt) {
  const auto calls = view::call_facts(attempt.timeline);
  if (calls.empty())
    return;
  Fields section = page.section("CALLS");
  std::size_t scopes = 0;
  for (const view::CallFacts& call : calls) {
    Fields row = section.section("CALL");
    row.number("SEQ", static_cast<long>(call.seq));
    row.text("LANE", call.lane);
    row.text("ANSWER", call.answer, 200);
    row.number("SENDS", call.sends);
    row.text("CLIENT", call.client, 200);
    row.text("END", call.end, 400);
    row.text("ENDED", call.ended_at < 0
                          ? std::string("–")
                          : view::seconds(static_cast<std::int64_t>(call.ended_at * 1e9)) + " s");
    // The harness's own calls for start and stop are always the same.
    if (call.lane.starts_with("lifespan") || ++scopes > most_scopes)
      continue;
    Fields scope = section.section("SCOPE");
    scope.number("SEQ", static_cast<long>(call.seq));
    scope.text("LANE", call.lane);
    for (const view::ScopeLine& line : call.scope) {
      Fields one = scope.section("SCOPE_LINE");
      Fields text = one.section(line.changed ? "CHANGED" : "SAME");
      text.text("TEXT", line.text);
    }
  }
}

}  // namespace relapse::html
