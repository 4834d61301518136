#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/commands.hpp"
#include "history/run_file.hpp"
#include "history/stored_runs.hpp"
#include "model/history.hpp"
#include "report/pages.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// --history DIR: where stored runs, their index and ack.json are, instead of reports/.
void add_history_option(CLI::App& command, CommandContext& context);
std::filesystem::path history_dir(const CommandContext& context);
std::filesystem::path acknowledgements_file(const CommandContext& context);

/// What a run needs to know of the nights before, read before anything is sent.
struct Remembered {
  std::unique_ptr<History> history{};
  std::vector<Acknowledgement> acknowledgements{};
  std::optional<StoredRun> baseline{};  ///< the one that was named; none: the last complete run
};
/// `baseline` is a run as find_run takes it; empty: none is named.
Result<Remembered> remember(const CommandContext& context, const std::string& baseline = {});

/// Applies the acknowledgements to a fresh run, then says what changed.
Comparison compare_fresh(Remembered& remembered, Run& run);
/// What changed in a stored run, as of then: acknowledgements were applied when it was fresh.
Comparison compare_stored(Remembered& remembered, const Run& run);

/// A line for each acknowledgement that should go: it has expired, or all that it is for holds.
std::string acknowledgement_notes(const Comparison& comparison);

/// The run itself, which is the record that everything can be made from again, below the history's
/// folder; then its pages in `folder` (reports/latest when empty). Returns the folder of the pages.
Result<std::filesystem::path> store_run(const CommandContext& context,
                                        const std::filesystem::path& folder, const Run& run,
                                        const Comparison& comparison);

/// The pages of a run whose timelines may be elsewhere.
Result<void> write_pages(const CommandContext& context, const Run& run,
                         const Comparison& comparison, const TimelineSource& timelines,
                         const std::filesystem::path& folder);
/// Where the pages find timelines, and which history they were made with.
ReportOptions report_options(const CommandContext& context, const TimelineSource& timelines);

/// A stored run by name: "last", its id or the beginning of it, or a path to a run.json.
struct FoundRun {
  std::filesystem::path file{};
  std::optional<StoredRun> stored{};  ///< none: it lies outside the history
};
Result<FoundRun> find_run(const CommandContext& context, History& history, const std::string& name);

/// A stored run, with its timelines left where they are unless they stand in the file itself.
struct LoadedRun {
  Run run{};
  TimelineSource timelines{};
};
Result<LoadedRun> load_run(const CommandContext& context, const std::string& name);

}  // namespace relapse
