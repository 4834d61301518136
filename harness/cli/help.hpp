#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// What the bare program prints: purpose, examples, where to go on.
std::string short_help();
/// relapse --help: purpose, examples, the commands by what they are for, common flags, exit codes.
std::string root_help(const OptionTable& table);
/// relapse help COMMAND and relapse COMMAND --help.
std::string command_help(const CommandInfo& command);

/// The heading under which a command is listed: "run", "look", "write", "set up".
std::string_view command_group(std::string_view command);
inline constexpr std::string_view command_groups[] = {"run", "look", "write", "set up"};

/// A subject that is not a command.
struct Topic {
  std::string_view name;
  std::string_view title;
  std::string text;
};
const std::vector<Topic>& help_topics();
/// Exit codes: shared by the root's help, the topic and the man page.
struct ExitCode {
  std::string_view code;
  std::string_view meaning;
};
const std::vector<ExitCode>& exit_codes();

/// roff for man(7).
std::string man_page(const OptionTable& table);

/// --help of every command prints the texts above.
void use_house_help(CLI::App& app);

}  // namespace relapse
