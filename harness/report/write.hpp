#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "report/pages.hpp"

namespace relapse {

/// Writes the pages of a run with everything that they link to: index.html, results/, s/, run.html,
/// history.html, style.css, app.js, evidence/ (only what a page had no room for), data/report.json,
/// junit.xml and summary.md. Each file appears whole or not at all; index.html comes last, so that
/// it never links to a page that is not there yet. Pages of an earlier report in the same directory
/// are removed. Memory does not grow with the timelines when they are left elsewhere.
Result<void> write_report(const Run& run, const Comparison& comparison,
                          const ReportOptions& options, const std::filesystem::path& directory);
Result<void> write_report(const Run& run, const std::filesystem::path& directory);

/// The same as one file that can be mailed: the morning page and what does not hold.
Result<void> write_single_file(const Run& run, const Comparison& comparison,
                               const ReportOptions& options, const std::filesystem::path& file);

/// Makes the page of one result when it is asked for (`relapse show --html`), below `directory`,
/// with its stylesheet. Returns the page.
Result<std::filesystem::path> write_result_page(const Run& run, const Comparison& comparison,
                                                const ReportOptions& options,
                                                const ScenarioResult& result,
                                                const std::filesystem::path& directory);

}  // namespace relapse
