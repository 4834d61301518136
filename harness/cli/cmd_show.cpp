#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"
#include "report/console.hpp"
#include "report/har.hpp"
#include "report/write.hpp"

namespace relapse {
namespace {

struct ShowArguments {
  std::string run = "last";
  std::string result;
  bool hex = false;
  bool json = false;
  bool html = false;
  bool har = false;
};

struct Chosen {
  std::vector<ScenarioResult*> results;
};

/// Fetches what is shown; an error once when it is not stored here.
Result<void> load_shown(const std::vector<ScenarioResult*>& results,
                        const TimelineSource& timelines) {
  for (ScenarioResult* result : results) {
    for (Attempt& attempt : result->attempts) {
      if (auto loaded = load_timeline(timelines, attempt); !loaded) {
        return loaded;
      }
    }
  }
  return {};
}

/// ID or ID@TARGET; empty: everything.
Chosen choose(Run& run, const std::string& wanted) {
  const std::size_t at = wanted.rfind('@');
  const std::string id = wanted.substr(0, at);
  const std::string target = at == std::string::npos ? "" : wanted.substr(at + 1);
  Chosen chosen;
  for (ScenarioResult& result : run.results) {
    if ((wanted.empty() || result.scenario == id) && (target.empty() || result.target == target)) {
      chosen.results.push_back(&result);
    }
  }
  return chosen;
}

/// The pages of the chosen results in reports/shown, beside those of no run.
int show_pages(const CommandContext& context, LoadedRun& stored, const Chosen& chosen) {
  auto remembered = remember(context);
  if (!remembered) {
    print_error(remembered.error());
    return exit_code_for(remembered.error());
  }
  const Comparison comparison = compare_stored(*remembered, stored.run);
  const ReportOptions options = report_options(context, stored.timelines);
  for (const ScenarioResult* result : chosen.results) {
    const auto page =
        write_result_page(stored.run, comparison, options, *result, context.reports_dir / "shown");
    if (!page) {
      print_error(page.error());
      return 3;
    }
    std::printf("%s\n", page->c_str());
  }
  return 0;
}

/// Everything that was chosen as one archive, a page for each result.
int show_har(const Run& run, const Chosen& chosen) {
  std::vector<HarPage> pages;
  for (const ScenarioResult* result : chosen.results) {
    if (const Attempt* attempt = result->deciding()) {
      pages.push_back({result->scenario + " on " + result->target, &attempt->timeline});
    }
  }
  if (pages.empty()) {
    print_error({ErrorKind::usage, "nothing was exchanged: no replay of it took place", {}, ""});
    return 2;
  }
  std::fputs(har_json(pages, run.harness_version).c_str(), stdout);
  return 0;
}

int show_command(const CommandContext& context, const ShowArguments& arguments) {
  auto stored = load_run(context, arguments.run);
  if (!stored) {
    print_error(stored.error());
    return exit_code_for(stored.error());
  }
  Run* run = &stored->run;
  ConsoleOptions console;
  console.colour = context.colour;
  console.unicode = context.unicode;
  if (arguments.result.empty() && !arguments.har) {
    std::vector<ScenarioResult*> explained;
    for (ScenarioResult& result : run->results) {
      if (result.outcome != Outcome::holds) {
        explained.push_back(&result);
      }
    }
    if (auto loaded = load_shown(explained, stored->timelines); !loaded) {
      std::fprintf(stderr, "note: %s\n", loaded.error().message.c_str());
    }
    std::fputs(console_report(*run, Comparison{}, console).c_str(), stdout);
    return 0;
  }
  const Chosen chosen = choose(*run, arguments.result);
  if (chosen.results.empty()) {
    print_error({ErrorKind::usage,
                 "run " + run->id + " has no result " + arguments.result,
                 {},
                 "relapse show " + arguments.run + " lists them"});
    return 2;
  }
  if (arguments.html) {
    return show_pages(context, *stored, chosen);
  }
  if (auto loaded = load_shown(chosen.results, stored->timelines); !loaded) {
    print_error(loaded.error());
    return exit_code_for(loaded.error());
  }
  if (arguments.har) {
    return show_har(*run, chosen);
  }
  for (const ScenarioResult* result : chosen.results) {
    const Attempt* attempt = result->deciding();
    if (attempt == nullptr) {
      std::printf("%s on %s: %s\n", ci_safe(result->scenario).str().c_str(),
                  ci_safe(result->target).str().c_str(), ci_safe(result->reason).str().c_str());
    } else if (arguments.json) {
      std::printf(
          "%s\n",
          to_json(attempt->timeline).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    } else {
      std::fputs(show_attempt(*result, *attempt, console, arguments.hex).c_str(), stdout);
    }
  }
  return 0;
}

}  // namespace

void add_show(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("show", "One result of a stored run as a packet trace");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("run", arguments->run, "Run id, a run.json, or \"last\"");
  add_history_option(*command, context);
  command->add_option("result", arguments->result, "ID or ID@TARGET; all in short when absent");
  command->add_flag("--hex", arguments->hex, "With the octets of every message");
  command->add_flag("--html", arguments->html,
                    "Make the page of the result, in reports/shown, and say where it is");
  command->add_flag("--json", arguments->json, "The timeline as JSON, as `relapse judge` reads it");
  command->add_flag("--har", arguments->har, "HTTP and WebSocket messages as an HTTP Archive 1.2")
      ->excludes("--json");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = show_command(context, *arguments); });
}

}  // namespace relapse
