#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_outputs.hpp"
#include "report/write.hpp"

namespace relapse {

void add_report(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("report", "Write the pages of a stored run again");
  auto name = std::make_shared<std::string>("last");
  auto folder = std::make_shared<std::string>();
  auto outputs = std::make_shared<OutputFiles>();
  command->add_option("run", *name, "Run id, a run.json, or \"last\"");
  command->add_option("-o,--output", *folder, "Folder for the pages (reports/latest)");
  add_output_options(*command, *outputs);
  command->callback([&context, &exit_code, name, folder, outputs] {
    auto run = load_run(context, *name);
    if (!run) {
      print_error(run.error());
      exit_code = exit_code_for(run.error());
      return;
    }
    const auto target =
        folder->empty() ? context.reports_dir / "latest" : std::filesystem::path(*folder);
    if (auto written = write_report(*run, target); !written) {
      print_error(written.error());
      exit_code = 3;
      return;
    }
    if (auto written = write_outputs(*run, Comparison{}, *outputs); !written) {
      print_error(written.error());
      exit_code = 3;
      return;
    }
    std::fprintf(outputs->take_stdout() ? stderr : stdout, "%s\n", (target / "index.html").c_str());
    exit_code = 0;
  });
}

}  // namespace relapse
