#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "report/write.hpp"

namespace relapse {

void add_report(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("report", "Write the pages of a stored run again");
  auto name = std::make_shared<std::string>("last");
  auto folder = std::make_shared<std::string>();
  command->add_option("run", *name, "Run id, a run.json, or \"last\"");
  command->add_option("-o,--output", *folder, "Folder for the pages (reports/latest)");
  command->callback([&context, &exit_code, name, folder] {
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
    std::printf("%s\n", ci_safe((target / "index.html").string()).str().c_str());
    exit_code = 0;
  });
}

}  // namespace relapse
