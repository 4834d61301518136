#include <algorithm>
#include <map>
#include <set>

#include "report/html_parts.hpp"
#include "report/view_calls.hpp"

namespace relapse::html {

namespace {

constexpr std::size_t most_lines_of_entry = 60;
constexpr std::size_t preview = 160;

struct DirectionOf {
  std::string operator()(const HttpMessage& p) const { return word(p.direction); }
  std::string operator()(const WsFrame& p) const { return word(p.direction); }
  std::string operator()(const RawBytes& p) const { return word(p.direction); }
  std::string operator()(const Ended& p) const { return word(p.direction); }
  std::string operator()(const AsgiCalled&) const { return "sent"; }
  std::string operator()(const AsgiFed&) const { return "sent"; }
  std::string operator()(const AsgiSent&) const { return "received"; }
  std::string operator()(const AsgiReturned&) const { return "received"; }
  std::string operator()(const AsgiRaised&) const { return "received"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
  static std::string word(Direction direction) {
    return direction == Direction::sent ? "sent" : "received";
  }
};

/// On the ASGI plane, where "websocket.send" comes from the application.
std::string direction_text(const Event& event, Plane plane) {
  const std::string word = std::visit(DirectionOf{}, event.payload);
  if (plane == Plane::wire || word.empty())
    return word;
  return word == "sent" ? "to application" : "from application";
}

/// What the claims say of each event: "✗ expected CLOSE 1000 (step 6)", "✓ step 3".
std::map<std::uint32_t, std::string> notes(const Attempt& attempt) {
  std::map<std::uint32_t, std::string> all;
  for (const Finding& finding : attempt.verdict.findings) {
    std::string note;
    if (finding.outcome == Outcome::relapsed)
      note = "✗ expected " + finding.expected + " (" + finding.claim + ")";
    else if (finding.outcome == Outcome::holds && finding.kind == ClaimKind::expectation)
      note = "✓ " + finding.claim;
    else if (finding.outcome == Outcome::inconclusive)
      note = "? " + finding.claim;
    if (note.empty())
      continue;
    std::vector<std::uint32_t> seqs = finding.evidence;
    if (const auto first = view::divergence(attempt.timeline, &finding))
      seqs.front() = *first;
    for (const std::uint32_t seq : seqs) {
      std::string& text = all[seq];
      text += (text.empty() ? "" : "; ") + note;
    }
  }
  return all;
}

/// `first` is false for a step that others have interrupted: it stands further up already.
void fill_step(Fields row, const ScenarioResult& result, int step, bool first) {
  const auto index = static_cast<std::size_t>(step);
  Fields heading = row.section("STEP");
  if (first)
    heading.section("FIRST").number("NUMBER", step + 1);
  std::string name = result.step_label(step);
  name.front() = 'S';
  heading.text("NAME", name);
  heading.text("TEXT", index < result.step_texts.size() ? result.step_texts[index] : "");
  if (index < result.step_lines.size() && result.step_lines[index] > 0)
    heading.section("FILE_LINE").number("LINE", result.step_lines[index]);
}

/// COUNT and a PART for each line.
void fill_lines(Fields whole, const std::vector<std::string>& parts) {
  whole.number("COUNT", static_cast<long>(parts.size()));
  for (std::size_t i = 0; i < std::min(parts.size(), most_lines_of_entry); ++i)
    whole.section("PART").text("TEXT", parts[i]);
  if (parts.size() > most_lines_of_entry)
    whole.section("PART").text(
        "TEXT", "⋯ " + std::to_string(parts.size() - most_lines_of_entry) + " more lines");
}

void fill_events(Fields& page, const ScenarioResult& result, const Attempt& attempt,
                 const Limits& limits) {
  const auto rows =
      view::fold(view::exchange(attempt.timeline, view::decisive(result)), limits.events);
  if (rows.empty())
    return;
  const auto note_of = notes(attempt);
  Fields section = page.section("EVENTS");
  section.text("LEFT", view::sides(result.plane).left);
  section.text("RIGHT", view::sides(result.plane).right);
  int step = -1;
  std::set<int> headed;
  std::int64_t last = 0;
  for (const view::Row& row : rows) {
    Fields line = section.section("EVENT_ROW");
    if (row.event == nullptr) {
      line.section("FOLDED").text("TEXT", view::folded_text(row));
      continue;
    }
    const Event& event = *row.event;
    if (event.step >= 0 && event.step != step) {
      step = event.step;
      fill_step(line, result, step, headed.insert(step).second);
    }
    Fields cells = line.section("EVENT");
    cells.number("SEQ", static_cast<long>(event.seq));
    cells.text("CLASS", row.evidence ? "evidence" : "event");
    cells.text("TIME", view::seconds(event.at_ns));
    cells.text("AFTER", "+" + view::seconds(event.at_ns - last));
    last = event.at_ns;
    cells.text("DIRECTION", direction_text(event, result.plane));
    std::string text = describe(event, preview);
    if (!event.lane.empty() && event.lane != "main")
      text = "[" + event.lane + "] " + text;
    cells.text("TEXT", text, limits.preview);
    if (const auto trace = view::traceback_of(event); !trace.empty())
      fill_lines(cells.section("TRACE"), split(trim(trace), '\n'));
    const auto note = note_of.find(event.seq);
    cells.text("NOTE", note == note_of.end() ? "" : note->second, 400);
  }
}

void fill_claims(Fields& page, const Attempt& attempt) {
  if (attempt.verdict.findings.empty())
    return;
  Fields section = page.section("CLAIMS");
  for (const Finding& finding : attempt.verdict.findings) {
    Fields claim = section.section("CLAIM");
    claim.text("TONE", tone(finding.outcome));
    claim.text("STATUS", badge(finding.outcome));
    claim.text("NAME", finding.claim);
    claim.text("EXPECTED", finding.expected, 400);
    claim.text("OBSERVED", finding.observed, 400);
    claim.text("PLACE", to_string(finding.at), 200);
  }
}

void fill_closes(Fields& page, const Attempt& attempt) {
  const auto all = view::close_facts(attempt.timeline);
  if (all.empty())
    return;
  Fields section = page.section("CLOSES");
  for (const view::CloseFacts& facts : all) {
    Fields row = section.section("CLOSE");
    row.text("LANE", facts.lane);
    row.text("FIRST", facts.first);
    row.text("SENT", facts.sent);
    row.text("RECEIVED", facts.received);
    row.text("CLEAN", facts.clean ? "yes" : "no");
    row.text("TCP", facts.tcp);
    row.text("WAITS", facts.waits);
    row.text("ENDED", facts.ended_at < 0
                          ? std::string("–")
                          : view::seconds(static_cast<std::int64_t>(facts.ended_at * 1e9)) + " s");
  }
}

void fill_log_entry(Fields line, const ScenarioResult& result, const view::LogRow& row) {
  const auto* entry = std::get_if<LogLine>(&row.event->payload);
  line.number("SEQ", static_cast<long>(row.event->seq));
  line.text("CLASS", row.evidence ? "evidence" : "entry-line");
  line.text("TIME", view::seconds(row.event->at_ns));
  line.text("STEP", row.event->step < 0 ? "" : result.step_label(row.event->step));
  line.text("OWNER", row.owner);
  line.text("TEXT", row.text);
  if (row.evidence)
    line.section("MARKED");
  if (entry == nullptr || entry->text.find('\n') == std::string::npos)
    return;
  fill_lines(line.section("WHOLE"), split(entry->text, '\n'));
}

void fill_log(Fields& page, const ScenarioResult& result, const Attempt& attempt,
              const Limits& limits) {
  std::string state = view::log_state(attempt.timeline);
  state.front() = static_cast<char>(state.front() - 'a' + 'A');
  page.text("LOG_STATE", state);
  const auto rows = view::log_rows(attempt.timeline, view::decisive(result));
  const auto shown = view::log_excerpt(rows, limits.log_rows);
  if (shown.size() < rows.size()) {
    Fields clipped = page.section("LOG_CLIPPED");
    clipped.number("COUNT", static_cast<long>(shown.size()));
    clipped.number("TOTAL", static_cast<long>(rows.size()));
  }
  if (shown.empty())
    return;
  Fields section = page.section("LOG");
  for (const view::LogRow& row : shown)
    fill_log_entry(section.section("LINE"), result, row);
}

}  // namespace

void fill_tables(Fields& page, const ScenarioResult& result, const Attempt& attempt,
                 const Limits& limits) {
  fill_events(page, result, attempt, limits);
  fill_claims(page, attempt);
  fill_calls(page, attempt);
  fill_closes(page, attempt);
  fill_log(page, result, attempt, limits);
}

}  // namespace relapse::html
