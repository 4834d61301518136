#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "report/pages.hpp"

/// Every page is a pure function of the run, its comparison and the options: the same give the same
/// bytes. An empty string means that the template engine refused the template.
namespace relapse {

namespace html {
/// What no page exceeds, however large the run: what is too much is clipped, and the page says so.
inline constexpr std::size_t most_index = std::size_t{150} * 1024;
inline constexpr std::size_t most_list = std::size_t{200} * 1024;
inline constexpr std::size_t most_result = std::size_t{200} * 1024;
inline constexpr std::size_t most_single = std::size_t{2} * 1024 * 1024;
}  // namespace html

/// The page that on-call opens: the verdict, what has changed since the last night by the way in
/// which it failed, what still fails, families by target, trends, how to run it again.
std::string index_html(const Pages& pages);
std::string index_html(const Run& run, const Comparison& comparison = {});

/// One page of a list: its name below results/, and what stands in it.
struct ListPage {
  std::string name{};  ///< "01", "matrix-01"
  std::string html{};
};
/// results/NN.html: every result, worst first, at most 500 a page; and results/matrix-NN.html:
/// every scenario by target. `number` counts from 1.
std::size_t result_list_count(const Pages& pages);
ListPage result_list(const Pages& pages, std::size_t number);
std::size_t matrix_count(const Pages& pages);
ListPage matrix_page(const Pages& pages, std::size_t number);

/// The page of one result: verdict, incident, sequence diagram, events, difference, claims, close
/// behaviour, bytes, server log, attempts, nights. `result` may be a copy of the run's with its
/// timelines.
std::string result_html(const Pages& pages, const ScenarioResult& result);
std::string result_html(const Run& run, const ScenarioResult& result,
                        const Comparison& comparison = {});
/// All octets of its messages as text, when the page shows only a part of them; empty otherwise.
std::string evidence_text(const ScenarioResult& result);

/// How the run went: command, targets, when what ran, what was slow, repeated, not run, redacted.
std::string run_html(const Pages& pages);
/// For whoever answers for the fixes: incidents, weeks, the library.
std::string history_html(const Pages& pages);

/// Everything that does not hold in one file, to be mailed.
std::string single_file_html(const Pages& pages);

}  // namespace relapse
