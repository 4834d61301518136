#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"

namespace relapse {
namespace {

struct ReportArguments {
  std::string run = "last";
  std::string folder;
  std::string baseline;
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
  if (auto written = write_pages(context, loaded->run, comparison, loaded->timelines, folder);
      !written) {
    print_error(written.error());
    return 3;
  }
  std::printf("%s\n", (folder / "index.html").c_str());
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
  add_history_option(*command, context);
  command->callback(
      [&context, &exit_code, arguments] { exit_code = report_command(context, *arguments); });
}

}  // namespace relapse
