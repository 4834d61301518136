#pragma once
#include <string>

#include "cli/commands.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// The flags that stand before or behind every command.
struct RootOptions {
  std::string home{};
  std::string config{};
  std::string colour = "auto";
  int verbose = 0;
  int quiet = 0;
  bool no_input = false;
};

/// Registers them, and fills the context from them, the environment and the settings files once
/// the command line has been read. Wrong settings end the process with exit code 2.
void add_root_options(CLI::App& app, RootOptions& options, CommandContext& context);

/// Every command of this program.
void add_commands(CLI::App& app, CommandContext& context, int& exit_code);

/// "relapse 0.1.0" and how it was built.
std::string version_text();

}  // namespace relapse
