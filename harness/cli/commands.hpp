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
  std::filesystem::path scenarios_dir;
  std::filesystem::path targets_dir;
  std::filesystem::path reports_dir;
  std::string history{};  ///< --history; "" for reports_dir, see history_dir()
  bool colour = false;    ///< standard output takes colour
  bool unicode = true;    ///< and more than ASCII
  bool progress = false;  ///< standard error is a terminal that may be redrawn
  std::vector<std::string> command_line;
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

}  // namespace relapse
