#pragma once
#include <string>

#include "report/fields_html.hpp"
#include "report/view.hpp"

namespace relapse::html {

/// Class name of a status: "holds", "relapsed", "known", ...
std::string tone(const ScenarioResult& result);
std::string tone(Outcome outcome);
/// "Title" or, when a scenario has none, its id.
std::string title(const ScenarioResult& result);
/// PAIR, REASON, KNOWN and ALSO: what both pages say first about a result.
void fill_verdict(Fields& fields, const ScenarioResult& result);
/// The section DIAGRAM, or NO_EXCHANGE.
void fill_diagram(Fields& page, const ScenarioResult& result, const Attempt& attempt);
/// The section CURVE, when the scenario has a sweep.
void fill_curve(Fields& page, const ScenarioResult& result);
/// The section MATRIX.
void fill_matrix(Fields& page, const Run& run);
/// SCOPE for every call of the ASGI plane, and CALLS: how each ended.
void fill_calls(Fields& page, const Attempt& attempt);
/// EVENTS, CLAIMS, CLOSES and the log's sections.
void fill_tables(Fields& page, const ScenarioResult& result, const Attempt& attempt);

}  // namespace relapse::html
