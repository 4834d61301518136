#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_outputs.hpp"
#include "cli/run_store.hpp"
#include "report/write.hpp"

namespace relapse {
namespace {

struct ReportArguments {
  std::string run = "last";
  std::string folder;
  std::string baseline;
  std::string now;
  bool single_file = false;
  OutputFiles outputs;
};

int report_command(const CommandContext& context, const ReportArguments& arguments) {
  auto loaded = load_run(context, arguments.run);
  if (!loaded) {
    print_error(loaded.error());
    return exit_code_for(loaded.error());
  }
  auto remembered = remember(context, arguments.baseline);
  if (!remembered) {
    print_error(remembered.error());
    return exit_code_for(remembered.error());
  }
  const Comparison comparison = compare_stored(*remembered, loaded->run);
  const auto folder = arguments.folder.empty() ? context.reports_dir / "latest"
                                               : std::filesystem::path(arguments.folder);
  ReportOptions options = report_options(context, loaded->timelines);
  options.now = arguments.now;
  const auto page = folder / (arguments.single_file ? "relapse.html" : "index.html");
  const auto written = arguments.single_file
                           ? write_single_file(loaded->run, comparison, options, page)
                           : write_report(loaded->run, comparison, options, folder);
  if (!written) {
    print_error(written.error());
    return 3;
  }
  if (auto stored = write_stored_outputs(*loaded, comparison, arguments.outputs); !stored) {
    print_error(stored.error());
    return 3;
  }
  std::fprintf(arguments.outputs.take_stdout() ? stderr : stdout, "%s\n", page.c_str());
  return 0;
}

}  // namespace

void add_report(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("report", "Write the pages of a stored run again");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("run", arguments->run, "Run id, a run.json, or \"last\"");
  command->add_option("-o,--output", arguments->folder, "Folder for the pages (reports/latest)");
  command->add_option("--baseline", arguments->baseline,
                      "Compare with this run (the last complete one before it)");
  command->add_flag("--single-file", arguments->single_file,
                    "One page to be mailed, relapse.html: what does not hold, and nothing else");
  command->add_option("--now", arguments->now,
                      "Also say how long ago the run was at this time, 2026-11-22T10:00:00Z");
  add_output_options(*command, arguments->outputs);
  add_history_option(*command, context);
  command->callback(
      [&context, &exit_code, arguments] { exit_code = report_command(context, *arguments); });
}

}  // namespace relapse
