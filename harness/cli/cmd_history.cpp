#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"
#include "history/summary_json.hpp"

namespace relapse {
namespace {

/// "90d", "12w" or "36h"; nothing for anything else.
std::optional<std::chrono::hours> parse_age(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || digits > 5 || digits + 1 != text.size()) {
    return std::nullopt;
  }
  const std::chrono::hours::rep count = std::stol(text.substr(0, digits));
  switch (text.back()) {
    case 'h':
      return std::chrono::hours(count);
    case 'd':
      return std::chrono::hours(24 * count);
    case 'w':
      return std::chrono::hours(7 * 24 * count);
    default:
      return std::nullopt;
  }
}

void print_unreadable(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::fprintf(stderr, "skipped %s\n", safe_text(file).str().c_str());
  }
}

int list_command(const CommandContext& context, bool json) {
  const auto history = History::open(history_dir(context));
  const auto runs = history->runs();
  if (json) {
    Json all{{"format", "relapse-history"}, {"version", 1}};
    all["runs"] = Json::array();
    for (const StoredRun& run : runs) {
      Json one = to_json(run.summary);
      one["file"] = run.file.string();
      all["runs"].push_back(std::move(one));
    }
    all["unreadable"] = history->unreadable();
    std::printf("%s\n", all.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return 0;
  }
  for (const StoredRun& run : runs) {
    std::printf("%s  %s  %4d ran  %s\n", safe_text(run.summary.id).str().c_str(),
                run.summary.complete ? "complete" : "partial ", run.summary.totals.ran,
                safe_text(run.summary.headline).str().c_str());
  }
  const auto bad = history->unreadable();
  std::printf("%zu %s\n", runs.size(), runs.size() == 1 ? "run" : "runs");
  print_unreadable(bad);
  return 0;
}

int rebuild_command(const CommandContext& context) {
  const auto history = History::rebuild(history_dir(context));
  const std::size_t runs = history->runs().size();
  const auto bad = history->unreadable();
  std::printf("%zu %s indexed, %zu skipped\n", runs, runs == 1 ? "run" : "runs", bad.size());
  print_unreadable(bad);
  return 0;
}

int prune_command(const CommandContext& context, const std::string& keep, bool dry_run) {
  const auto age = parse_age(keep);
  if (!age) {
    print_error({ErrorKind::usage,
                 "\"" + safe_text(keep, 40).str() + "\" is no age",
                 {},
                 "write 90d, 12w or 36h"});
    return 2;
  }
  const std::string before = utc_timestamp(std::chrono::system_clock::now() - *age);
  const auto history = History::open(history_dir(context));
  const auto old = prunable(history->runs(), before);
  for (const StoredRun& run : old) {
    if (dry_run) {
      std::printf("would remove %s\n", safe_text(run.summary.id).str().c_str());
    } else if (auto removed = remove_run(run); !removed) {
      print_error(removed.error());
      return 3;
    }
  }
  history->refresh();
  if (!dry_run) {
    std::printf("%zu %s removed, %zu kept\n", old.size(), old.size() == 1 ? "run" : "runs",
                history->runs().size());
  }
  return 0;
}

}  // namespace

void add_history(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("history", "List, index again or thin out stored runs");
  command->require_subcommand(1);
  struct Arguments {
    bool json = false;
    bool dry_run = false;
    std::string keep;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* list = command->add_subcommand("list", "Every stored run, the oldest first");
  list->add_flag("--json", arguments->json, "As JSON");
  add_history_option(*list, context);
  list->callback(
      [&context, &exit_code, arguments] { exit_code = list_command(context, arguments->json); });
  CLI::App* rebuild = command->add_subcommand("rebuild", "Make the index from the run files anew");
  add_history_option(*rebuild, context);
  rebuild->callback([&context, &exit_code] { exit_code = rebuild_command(context); });
  CLI::App* prune = command->add_subcommand(
      "prune", "Remove older runs, but never the last complete one on the same targets");
  prune->add_option("--keep", arguments->keep, "Age of what is kept: 90d, 12w, 36h")->required();
  prune->add_flag("--dry-run", arguments->dry_run, "Only say what would be removed");
  add_history_option(*prune, context);
  prune->callback([&context, &exit_code, arguments] {
    exit_code = prune_command(context, arguments->keep, arguments->dry_run);
  });
}

}  // namespace relapse
