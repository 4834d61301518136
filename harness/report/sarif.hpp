#pragma once
#include <string>

#include "model/history.hpp"
#include "report/format_parts.hpp"

namespace relapse {

/// What does not hold, as a log in SARIF 2.1.0 for code scanning. A rule is a scenario, described
/// by its incident; a result's place is the claim in the scenario file. relapsed is an error, flaky
/// a warning, a known relapse a note that is suppressed with its reason. Inconclusive is a result
/// of kind "open": were it left out, a scanner would take the alert of the night before for fixed.
///
/// partialFingerprints: "primaryLocationLineHash" (which is what GitHub goes by) stands for the
/// scenario on its target, so that an alert stays one over the nights; "relapseSignature/v1" for
/// the way in which it failed.
///
/// At most `most_results`, the worst first; a notification says how many more there were.
std::string sarif_json(const Run& run, const Comparison& comparison = {},
                       const formats::SourceRoot& root = {}, std::size_t most_results = 5000);

}  // namespace relapse
