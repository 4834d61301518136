#include "cli/run_store.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/text.hpp"
#include "history/acknowledgements.hpp"
#include "report/write.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

Error no_such_run(const CommandContext& context, History& history, const std::string& name) {
  std::vector<std::string> ids;
  for (const StoredRun& run : history.runs())
    ids.push_back(run.summary.id);
  const std::vector<std::string_view> candidates(ids.begin(), ids.end());
  const auto near = did_you_mean(name, candidates);
  return {ErrorKind::usage,
          "there is no stored run \"" + name + "\"",
          {(history_dir(context) / "runs").string(), 0, 0},
          near          ? "did you mean \"" + *near + "\"?"
          : ids.empty() ? "relapse run makes one"
                        : "relapse history list shows them"};
}

/// Those that were there when the run was made: a stored run is not told of later ones.
std::vector<Acknowledgement> made_before(const std::vector<Acknowledgement>& all, const Run& run) {
  std::vector<Acknowledgement> earlier;
  for (const Acknowledgement& one : all) {
    if (one.made <= run.started)
      earlier.push_back(one);
  }
  return earlier;
}

}  // namespace

void add_history_option(CLI::App& command, CommandContext& context) {
  command.add_option("--history", context.history, "Folder of stored runs and ack.json (reports)");
}

fs::path history_dir(const CommandContext& context) {
  return context.history.empty() ? context.reports_dir : fs::path(context.history);
}

fs::path acknowledgements_file(const CommandContext& context) {
  return history_dir(context) / "ack.json";
}

Result<Remembered> remember(const CommandContext& context, const std::string& baseline) {
  Remembered remembered;
  auto acknowledgements = read_acknowledgements(acknowledgements_file(context));
  if (!acknowledgements)
    return std::move(acknowledgements).error();
  remembered.acknowledgements = *std::move(acknowledgements);
  remembered.history = History::open(history_dir(context));
  if (baseline.empty())
    return remembered;
  auto found = find_run(context, *remembered.history, baseline);
  if (!found)
    return std::move(found).error();
  if (!found->stored) {
    return Error{ErrorKind::usage,
                 "the run to compare with is not part of the history",
                 {found->file.string(), 0, 0},
                 "copy its folder to " + (history_dir(context) / "runs").string()};
  }
  remembered.baseline = std::move(found->stored);
  return remembered;
}

Comparison compare_fresh(Remembered& remembered, Run& run) {
  acknowledge(run, remembered.acknowledgements);
  Comparison comparison = compare(run, remembered.history->past_of(run, remembered.baseline));
  tell_acknowledgements(run, remembered.acknowledgements, comparison);
  return comparison;
}

Comparison compare_stored(Remembered& remembered, const Run& run) {
  Comparison comparison = compare(run, remembered.history->past_of(run, remembered.baseline));
  tell_acknowledgements(run, made_before(remembered.acknowledgements, run), comparison);
  return comparison;
}

std::string acknowledgement_notes(const Comparison& comparison) {
  std::string notes;
  const auto name = [](const Acknowledgement& one) {
    return safe_text(one.scenario + (one.target.empty() ? "" : "@" + one.target)).str();
  };
  for (const Acknowledgement& one : comparison.expired)
    notes += "note: the acknowledgement of " + name(one) + " ended on " + one.until +
             "; it counts as failing again\n";
  for (const Acknowledgement& one : comparison.needless)
    notes += "note: " + name(one) + " holds; relapse ack --remove " + name(one) + "\n";
  return notes;
}

Result<fs::path> store_run(const CommandContext& context, const fs::path& folder, const Run& run,
                           const Comparison& comparison) {
  const fs::path runs = history_dir(context) / "runs";
  remove_leftovers(runs);
  auto kept = write_run(run, runs);
  if (!kept)
    return kept;
  const auto pages = folder.empty() ? context.reports_dir / "latest" : folder;
  if (auto written = write_pages(context, run, comparison, timelines_in(*kept), pages); !written)
    return std::move(written).error();
  return pages;
}

Result<void> write_pages(const CommandContext& context, const Run& run,
                         const Comparison& comparison, const TimelineSource& timelines,
                         const fs::path& folder) {
  return write_report(run, comparison, report_options(context, timelines), folder);
}

ReportOptions report_options(const CommandContext& context, const TimelineSource& timelines) {
  return {.history = history_dir(context).string(), .timelines = timelines};
}

Result<FoundRun> find_run(const CommandContext& context, History& history,
                          const std::string& name) {
  std::optional<StoredRun> stored = name == "last" ? history.last() : history.find(name);
  if (stored) {
    const fs::path file = stored->file;
    return FoundRun{file, std::move(stored)};
  }
  std::error_code ignored;
  if (!name.ends_with(".json") || !fs::is_regular_file(name, ignored))
    return no_such_run(context, history, name);
  for (StoredRun& run : history.runs()) {
    if (fs::equivalent(run.file, name, ignored))
      return FoundRun{run.file, std::move(run)};
  }
  return FoundRun{name, std::nullopt};
}

Result<LoadedRun> load_run(const CommandContext& context, const std::string& name) {
  const auto history = History::open(history_dir(context));
  auto found = find_run(context, *history, name);
  if (!found)
    return std::move(found).error();
  if (const std::size_t bad = history->unreadable().size(); bad > 0 && name == "last") {
    std::fprintf(stderr, "note: %zu stored %s cannot be read; relapse history list says why\n", bad,
                 bad == 1 ? "run" : "runs");
  }
  auto run = read_run(found->file, Timelines::none);
  if (!run)
    return std::move(run).error();
  return LoadedRun{*std::move(run), timelines_in(found->file.parent_path())};
}

}  // namespace relapse
