#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace relapse {

/// One flag or one positional argument of a command, read off the parser itself, so that help, man
/// page, completion and suggestions say what is really accepted.
struct OptionInfo {
  std::vector<std::string> names{};  ///< "-t", "--target"; of a positional argument "SELECTOR"
  std::string text{};
  bool positional = false;
  bool takes_value = false;
  bool optional_value = false;  ///< --fail-fast or --fail-fast=3
  bool repeats = false;
  bool required = false;
  std::vector<std::string> choices{};  ///< the only values, where they are few
  /// What the value is, for completion and help: "TARGET", "FILE", "N".
  std::string value{};
};

struct CommandInfo {
  std::string name{};
  std::string text{};
  std::vector<OptionInfo> options{};  ///< in the order of their registration
};

/// The root's own options under the name "", then every command that is not hidden.
struct OptionTable {
  CommandInfo root{};
  std::vector<CommandInfo> commands{};

  const CommandInfo* find(std::string_view command) const;
};
OptionTable read_option_table(const CLI::App& app);
CommandInfo read_command(const CLI::App& command);

/// "-t, --target TARGET", as help and man page write it.
std::string spelling(const OptionInfo& option);
/// "--target", or the only name it has.
const std::string& long_name(const OptionInfo& option);
/// The option called so, "--target" or "-t"; nullptr when there is none.
const OptionInfo* find_option(const CommandInfo& command, std::string_view name);

}  // namespace relapse
