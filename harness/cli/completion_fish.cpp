#include "base/text.hpp"
#include "cli/completion.hpp"

namespace relapse {
namespace {

std::string fish_value(std::string_view command, const OptionInfo& option) {
  if (!option.choices.empty()) {
    return " -x -a " + shell_quoted(join(option.choices, " "));
  }
  const std::string kind = value_kind(command, option);
  if (kind == "@file") {
    return " -r -F";
  }
  if (kind == "@folder") {
    return " -x -a '(__fish_complete_directories)'";
  }
  return kind.empty() ? " -x" : " -x -a '(__relapse_words " + kind + ")'";
}

std::string fish_option(const std::string& condition, std::string_view command,
                        const OptionInfo& option) {
  if (option.positional) {
    const std::string kind = value_kind(command, option);
    if (option.choices.empty() && (kind.empty() || kind == "@file")) {
      return kind.empty() ? "" : "complete -c relapse" + condition + " -F\n";
    }
    return "complete -c relapse" + condition + fish_value(command, option) + "\n";
  }
  std::string out = "complete -c relapse" + condition;
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  out += option.takes_value ? fish_value(command, option) : "";
  return out + " -d " + shell_quoted(option.text) + "\n";
}

}  // namespace

std::string fish_completion(const OptionTable& table) {
  std::string out =
      "# fish completion for relapse; made by: relapse completion fish\n"
      "function __relapse_words\n"
      "  set -l typed (commandline -opc)\n"
      "  set -l home\n"
      "  if set -l at (contains -i -- -C $typed)\n"
      "    set home -C $typed[(math $at + 1)]\n"
      "  end\n"
      "  $typed[1] $home __complete $argv[1] 2>/dev/null\n"
      "end\n\n"
      "complete -c relapse -f\n";
  for (const OptionInfo& option : table.root.options) {
    out += fish_option("", "", option);
  }
  for (const CommandInfo& command : table.commands) {
    out += "complete -c relapse -n __fish_use_subcommand -a " + command.name + " -d " +
           shell_quoted(command.text) + "\n";
  }
  for (const CommandInfo& command : table.commands) {
    const std::string condition =
        " -n " + shell_quoted("__fish_seen_subcommand_from " + command.name);
    for (const OptionInfo& option : command.options) {
      out += fish_option(condition, command.name, option);
    }
  }
  return out;
}

}  // namespace relapse
