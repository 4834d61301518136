#pragma once
#include <string>
#include <vector>

#include "model/run.hpp"

namespace relapse {

/// The page that on-call opens: the verdict, every result that does not hold with what was expected
/// and observed, the matrix of scenarios and targets, how to run it again. Lists are clipped to
/// keep the page small, and say so. Pure: the same run gives the same bytes.
std::string index_html(const Run& run);

/// The results that have a page s/SLUG.html, worst first: those that relapsed, are inconclusive,
/// flaky or known; at most 75 of each kind.
std::vector<const ScenarioResult*> results_with_page(const Run& run);

/// The page of one result: verdict, incident, sequence diagram, events, claims, close behaviour,
/// server log, attempts.
std::string result_html(const Run& run, const ScenarioResult& result);

}  // namespace relapse
