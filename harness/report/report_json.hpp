#pragma once
#include <functional>
#include <string_view>

#include "report/pages.hpp"

/// data/report.json: the run, with the timelines of those results that have a page, and the
/// comparison, with the nights of those results. All that the pages show comes from it, so they can
/// be made from it again, byte for byte.
///
///   { "format": "relapse-report", "version": 1, "now": "...", "history": "...",
///     "run": { run of version 2, some timelines in their places }, "comparison": { ... } }
namespace relapse {

/// In parts, as they are made, so that memory does not grow with the run.
void write_report_json(const Pages& pages, const std::function<void(std::string_view)>& sink);

/// What was written, read again. Timelines that are not in it stay elsewhere.
struct StoredReport {
  Run run{};
  Comparison comparison{};
  ReportOptions options{};
};
Result<StoredReport> report_from_json(const Json& json);

/// The comparison alone; `shown` tells of which results the nights are kept.
Json to_json(const Comparison& comparison, const std::function<bool(const ResultKey&)>& shown);
Result<Comparison> comparison_from_json(const Json& json);

}  // namespace relapse
