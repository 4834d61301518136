#pragma once
#include <string>

#include "report/fields_html.hpp"
#include "report/html.hpp"
#include "report/view.hpp"

namespace relapse::html {

/// The frame of every page: head, navigation, footer.
struct Frame {
  enum class At { index, results, run, history, scenario };
  At at = At::index;
  std::string title{};  ///< begins with the verdict
  bool below = false;   ///< the page stands in a folder of its own
  std::string here{};   ///< the last of the breadcrumbs of a page below
};
/// Empty when the body is, for then its template was refused.
std::string framed(const Pages& pages, const Frame& frame, const std::string& body);

/// How much of everything a page shows; divided until the page is small enough.
struct Limits {
  std::size_t events = 400;
  std::size_t log_rows = 200;
  std::size_t attempts = 100;
  std::size_t octets = 4096;  ///< of one message, from its start
  std::size_t messages = 60;
  std::size_t preview = 1200;
  Limits halved() const;
};

/// Class name of a status: "holds", "relapsed", "known", ...
std::string tone(const ScenarioResult& result);
std::string tone(Outcome outcome);
/// "ok", "bad" or "warn".
std::string tone_of_run(const Run& run);
/// "Title" or, when a scenario has none, its id.
std::string title(const ScenarioResult& result);
/// PAIR, REASON, KNOWN and ALSO: what both pages say first about a result.
void fill_verdict(Fields& fields, const ScenarioResult& result, std::size_t most = 2000);
/// The section DIAGRAM, or NO_EXCHANGE.
void fill_diagram(Fields& page, const ScenarioResult& result, const Attempt& attempt);
/// The section CURVE, when the scenario has a sweep.
void fill_curve(Fields& page, const ScenarioResult& result);
/// The section MATRIX of index.html: families by target; at most this many cells.
void fill_families(Fields& page, const Pages& pages, std::size_t most_cells);
/// CHANGED and STILL: at most so many are told in full, and so many lines besides.
void fill_changes(Fields& page, const Pages& pages, std::size_t most_full, std::size_t most_lines);
/// The charts and the durations of families on index.html.
void fill_trends(Fields& page, const Pages& pages, std::size_t most_families);
/// SCOPE for every call of the ASGI plane, and CALLS: how each ended.
void fill_calls(Fields& page, const Attempt& attempt);
/// EVENTS, CLAIMS, CLOSES and the log's sections.
void fill_tables(Fields& page, const ScenarioResult& result, const Attempt& attempt,
                 const Limits& limits);
/// The section DIFF, when expected and observed are worth comparing.
void fill_diff(Fields& page, const ScenarioResult& result);
/// The section BYTES.
void fill_bytes(Fields& page, const ScenarioResult& result, const Attempt& attempt,
                const Limits& limits);
/// The section ATTEMPTS, when there are several.
void fill_attempts(Fields& page, const ScenarioResult& result, const Limits& limits);
/// The strip of nights and the durations, or NO_HISTORY.
void fill_nights(Fields& page, const Pages& pages, const ScenarioResult& result);
/// The page of a result without its frame; `prefix` stands before its ids.
std::string result_body(const Pages& pages, const ScenarioResult& result, const Limits& limits,
                        const std::string& prefix);
/// index.html without its frame.
std::string index_body(const Pages& pages, bool single);

}  // namespace relapse::html
