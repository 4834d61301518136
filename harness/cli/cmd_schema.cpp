#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "scenario/reader.hpp"
#include "scenario/settings_file.hpp"

namespace relapse {

void add_schema(CLI::App& app, CommandContext& /*context*/, int& exit_code) {
  auto kind = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("schema", "Print a JSON Schema: scenario, fragment, target or config");
  command->add_option("KIND", *kind, "scenario, fragment, target or config")
      ->required()
      ->check(CLI::IsMember({"scenario", "fragment", "target", "config"}));
  command->callback([kind, &exit_code] {
    const std::string text = *kind == "target"     ? target_schema()
                             : *kind == "config"   ? settings_schema()
                             : *kind == "fragment" ? fragment_schema()
                                                   : scenario_schema();
    exit_code = std::fputs(text.c_str(), stdout) < 0 ? 3 : 0;
  });
}

}  // namespace relapse
