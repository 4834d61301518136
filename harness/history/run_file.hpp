#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "model/run.hpp"

/// Stored runs: `<runs>/<id>/run.json` with all that is known of a run but the timelines, and
/// `timelines.jsonl` beside it, one timeline a line. Written once and never changed; everything
/// else (index, pages) can be made from them again. A run.json that was copied without its
/// timelines is as good, apart from the evidence.
namespace relapse {

enum class Timelines {
  none,  ///< left where they are: Attempt::elsewhere says where
  all,   ///< fetched; those that are not there stay elsewhere
};

/// Reads a run.json of version 2 or 1 (which holds its timelines, so that they are always
/// fetched). A file that is damaged is an error that names it.
Result<Run> read_run(const std::filesystem::path& run_json, Timelines timelines);

/// The same with each result given away as soon as it is read, so that memory does not grow with
/// the run. Returns the run without its results. When the callback returns an error, it is that
/// one.
Result<Run> visit_run(const std::filesystem::path& run_json,
                      const std::function<Result<void>(ScenarioResult&&)>& on_result);

/// The timelines beside a stored run. `folder` is that of its run.json.
TimelineSource timelines_in(const std::filesystem::path& folder);

/// Fetches the timeline of one attempt; nothing happens when it has it.
Result<void> load_timeline(const TimelineSource& source, Attempt& attempt);

/// Writes the run as `<runs>/<id>/`, whole or not at all, in memory that does not grow with it.
/// Returns the folder.
Result<std::filesystem::path> write_run(const Run& run, const std::filesystem::path& runs);

/// Removes what writers left that were killed, when it is older than a day.
void remove_leftovers(const std::filesystem::path& runs);

}  // namespace relapse
