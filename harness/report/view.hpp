#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/history.hpp"

/// What every output shows of a result, derived in one place, so that the terminal, JUnit and the
/// pages cannot tell different stories. Every string that leaves here went through safe_text.
namespace relapse::view {

/// A name for the way in which it failed: results with one name are told together.
std::string signature(const ScenarioResult& result);

/// The order in which results are listed: what needs a reader first.
enum class Group { relapsed, inconclusive, flaky, known, skipped, holds };
Group group_of(const ScenarioResult& result);
/// "Relapsed", "Known relapses", ...: the heading of a group.
std::string_view heading(Group group);
/// "✗ Relapsed", "✗ Known relapse", "✓ Holds", ...
std::string status(const ScenarioResult& result);
/// Pointers to the results, worst group first, in the run's order within a group.
std::vector<const ScenarioResult*> worst_first(const Run& run);

/// The false (or unobserved) claim that decided, in the attempt that decided; nullptr: none.
const Finding* decisive(const ScenarioResult& result);
/// Names of the other claims that were false in the deciding attempt, after the first.
std::vector<std::string> also_relapsed(const ScenarioResult& result);
/// The first line of what is to be said about a result: "expected X, observed Y", or its reason.
std::string summary(const ScenarioResult& result);
/// The entry of the log in one short line.
std::string late_fault_text(const ScenarioResult& result);
/// file:line:column of the decisive claim, of the scenario when there is none.
std::string place(const ScenarioResult& result);
/// "2 of 2 attempts relapsed"; "" for a single attempt or none.
std::string attempts_text(const ScenarioResult& result);
/// One point of a sweep, as far as it was replayed.
struct CurvePoint {
  Duration at{};
  int held = 0;
  int relapsed = 0;
  int inconclusive = 0;
  Outcome outcome{};
  int judged() const { return held + relapsed; }
};
/// The pass rate over the points, in their order; empty: the scenario has no sweep.
std::vector<CurvePoint> curve(const ScenarioResult& result);
/// "0 ms ✓✓✓✗✗✗✓ 200 ms"; a sign stands for several points, and for the worst of them, where there
/// are too many.
std::string curve_text(const std::vector<CurvePoint>& curve);
/// "8 of 11 points hold, 3 relapsed"
std::string curve_summary(const std::vector<CurvePoint>& curve);
/// "40 ms: 3 of 10, 60 ms: 0 of 10": the points at which not every replay held, the first few.
std::string curve_rates(const std::vector<CurvePoint>& curve);
/// What is to be said over all attempts; "" when the deciding attempt says it all.
std::string over_all(const ScenarioResult& result);
/// "disturbed" for an attempt that another scenario spoilt; otherwise its badge.
std::string attempt_status(const ScenarioResult& result, const Attempt& attempt);

Duration total_duration(const ScenarioResult& result);
/// Listed as known by the target file, and holds: the entry should go.
bool known_but_holds(const ScenarioResult& result);

const TargetInfo* find_target(const Run& run, const std::string& id);
/// "staging (uvicorn 0.31.0, fault double-close)"
std::string target_text(const Run& run, const std::string& id);
/// "12 planned, 11 ran: 8 hold, 2 relapsed, ...": every count that is not 0, holds always.
std::string counts_text(const Run& run);
/// Id up to the last "/", or "scenarios" when it has none.
std::string family(const std::string& scenario);
/// A name for an id of HTML: letters, digits and hyphens, and a hash, like slug().
std::string anchor(const std::string& text);
/// "protocol/bad-utf8@embedded", with " [asgi]" when there is another one of the wire.
std::string key_text(const ScenarioResult& result);
/// "2026-11-22 03:12 UTC".
std::string readable_time(const std::string& iso);
/// "7 h ago" between two times of ISO 8601 in UTC; "" when one is missing or cannot be read.
std::string age(const std::string& then, const std::string& now);
/// Seconds since 1970 of "2026-11-22T03:12:07.193Z"; nothing when it is no such time.
std::optional<double> epoch(const std::string& iso);
/// Name of the page of a result: [a-z0-9-]{1,60}, a hyphen, 6 hex digits of a hash of scenario,
/// target and plane. Differs for ids that differ only in case; is no reserved name on any system.
std::string slug(const ScenarioResult& result);

/// One row of an exchange; `event` is nullptr for a fold.
struct Row {
  const Event* event = nullptr;
  std::size_t folded = 0;  ///< events that this row stands for
  bool evidence = false;   ///< the decisive finding names it
  bool diverges = false;   ///< the first of the evidence: here the replay left the right path
  std::string text{};      ///< of a fold of messages that are alike: what they are
};
/// The event at which the finding's claim became false; nothing when it names none. Marks of steps
/// are no use to a reader, so the observation before the mark stands for it.
std::optional<std::uint32_t> divergence(const Timeline& timeline, const Finding* finding);
/// Everything that happened between replayer and target, without step marks, probes and log lines
/// (unless they are evidence).
std::vector<Row> exchange(const Timeline& timeline, const Finding* finding);
/// Six and more messages in a row that are alike become the first, a fold and the last.
std::vector<Row> join_runs(const std::vector<Row>& rows);
/// "events 40 to 180: 141 × BINARY, 16384 octets each"
std::string folded_text(const Row& row);
/// Runs joined, then at most `limit` rows (at least 8): the beginning, the surroundings of the
/// divergence, the end.
std::vector<Row> fold(const std::vector<Row>& rows, std::size_t limit);

/// One line of the target's log.
struct LogRow {
  const Event* event = nullptr;
  std::string text;       ///< one line; a longer entry shows its first and last line
  bool evidence = false;  ///< the decisive finding names it
  bool alarming = false;  ///< evidence, or reads like an error
  std::string owner{};    ///< whose it is, and by what: "peer port 51544", "by time only"
};
std::vector<LogRow> log_rows(const Timeline& timeline, const Finding* finding);
/// The `limit` lines that matter most, in their order.
std::vector<LogRow> log_excerpt(const std::vector<LogRow>& rows, std::size_t limit);
/// Whether the log was seen to be alive: "the log was seen alive", "the mark was not found in the
/// log", "no log was observed".
std::string log_state(const Timeline& timeline);

/// How one connection ended.
struct CloseFacts {
  std::string lane{};
  std::string first{};     ///< who sent Close first: "target", "replayer", "nobody"
  std::string sent{};      ///< "CLOSE 1000" or "none"
  std::string received{};  ///< likewise
  bool clean = false;      ///< Close both ways, then the target's FIN (RFC 6455 section 7.1.4)
  std::string tcp{};       ///< "FIN by target", "RST by replayer", "still open"
  std::string waits{};     ///< deadlines that were hit
  double ended_at = -1;    ///< seconds; negative: it did not end
};
std::vector<CloseFacts> close_facts(const Timeline& timeline);

std::string seconds(std::int64_t nanoseconds);

}  // namespace relapse::view
