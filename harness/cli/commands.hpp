#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace relapse {

/// What every command needs to know of where and how it was called.
struct CommandContext {
  std::filesystem::path home;  ///< the folder that the three below stand in unless told otherwise
  std::string config_file;     ///< the relapse.json that counts; "" none
  std::filesystem::path scenarios_dir;
  std::filesystem::path targets_dir;
  std::filesystem::path reports_dir;
  std::string history{};      ///< --history; "" for reports_dir, see history_dir()
  bool colour = false;        ///< standard output takes colour
  bool error_colour = false;  ///< standard error does
  bool unicode = true;        ///< more than ASCII
  bool progress = false;      ///< standard error is a terminal that may be redrawn
  bool keyboard = false;      ///< and keys may be read
  int verbosity = 0;          ///< -q: -1, -qq: -2, -v: 1, -vv: 2
  std::vector<std::string> command_line;

  /// Commands that need no settings, and must work although those are wrong.
  static bool works_alone(const std::string& command);
};

/// Each registers one subcommand, whose callback sets the process's exit code.
void add_run(CLI::App& app, CommandContext& context, int& exit_code);
void add_explore(CLI::App& app, CommandContext& context, int& exit_code);
void add_prove(CLI::App& app, CommandContext& context, int& exit_code);
void add_show(CLI::App& app, CommandContext& context, int& exit_code);
void add_judge(CLI::App& app, CommandContext& context, int& exit_code);
void add_report(CLI::App& app, CommandContext& context, int& exit_code);
void add_diff(CLI::App& app, CommandContext& context, int& exit_code);
void add_history(CLI::App& app, CommandContext& context, int& exit_code);
void add_ack(CLI::App& app, CommandContext& context, int& exit_code);
void add_check(CLI::App& app, CommandContext& context, int& exit_code);
void add_list(CLI::App& app, CommandContext& context, int& exit_code);
void add_fmt(CLI::App& app, CommandContext& context, int& exit_code);
void add_schema(CLI::App& app, CommandContext& context, int& exit_code);
void add_doctor(CLI::App& app, CommandContext& context, int& exit_code);
/// completion, and the hidden command that completion scripts ask for words.
void add_completion(CLI::App& app, CommandContext& context, int& exit_code);
/// help and man.
void add_help(CLI::App& app, CommandContext& context, int& exit_code);

}  // namespace relapse
