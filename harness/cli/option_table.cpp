#include "cli/option_table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace relapse {
namespace {

/// What a value is called, by the flag or argument that takes it. A flag without an entry is shown
/// with a plain VALUE and completed with nothing.
struct ValueName {
  std::string_view option;
  std::string_view value;
};
constexpr std::array<ValueName, 33> value_names{{
    {"--target", "TARGET"},
    {"--exclude", "SELECTOR"},
    {"--allow-host", "HOST"},
    {"--fault", "FAULT"},
    {"--retries", "N"},
    {"--repeat", "N"},
    {"--jobs", "N"},
    {"--fail-fast", "N"},
    {"--shard", "I/N"},
    {"--timeout", "DURATION"},
    {"--seed", "N"},
    {"--at", "DURATION"},
    {"--report", "DIR"},
    {"--history", "DIR"},
    {"--output", "DIR"},
    {"--junit", "FILE"},
    {"--summary", "FILE"},
    {"--config", "FILE"},
    {"-C", "DIR"},
    {"--bound", "N"},
    {"--again", "N"},
    {"--write", "FILE"},
    {"--rerun", "RUN"},
    {"--baseline", "RUN"},
    {"--until", "DATE"},
    {"--reason", "TEXT"},
    {"--owner", "NAME"},
    {"--step", "N"},
    {"--secret-env", "NAME"},
    {"--secret-file", "FILE"},
    {"--tap", "FILE"},
    {"--ctrf", "FILE"},
    {"--sarif", "FILE"},
}};

/// The values of a check like "{wire,asgi}", which is how CLI11 describes a set.
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  std::vector<std::string> values;
  if (open == std::string::npos || close == std::string::npos) {
    return values;
  }
  for (const std::string& part : split(type.substr(open + 1, close - open - 1), ',')) {
    // A transformation is shown as "pass->1".
    values.emplace_back(trim(part.substr(0, part.find("->"))));
  }
  return values;
}

/// CLI11 lists an option's type, its checks and its default in one text; only its sets matter here.
std::vector<std::string> choices_of(const CLI::Option& option) {
  return choices_of(option.get_type_name());
}

OptionInfo read_option(const CLI::Option& option) {
  OptionInfo info;
  info.text = option.get_description();
  info.required = option.get_required();
  info.positional = option.get_positional();
  if (info.positional) {
    std::string name = option.get_name(true);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    info.names.push_back(name);
    info.value = name;
    info.takes_value = true;
    info.repeats = option.get_expected_max() > 1;
    info.choices = choices_of(option);
    return info;
  }
  for (const std::string& name : option.get_snames()) {
    info.names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    info.names.push_back("--" + name);
  }
  info.takes_value = option.get_expected_min() > 0 && option.get_type_size_max() > 0;
  info.repeats = option.get_expected_max() > 1;
  info.choices = choices_of(option);
  const auto* known = std::ranges::find(value_names, long_name(info), &ValueName::option);
  info.value = known != value_names.end() ? std::string(known->value) : "VALUE";
  info.optional_value = known != value_names.end() && !info.takes_value;
  return info;
}

bool hidden(const CLI::App& command) {
  return command.get_group().empty();
}

}  // namespace

CommandInfo read_command(const CLI::App& command) {
  CommandInfo info;
  info.name = command.get_parent() == nullptr ? "" : command.get_name();
  info.text = command.get_description();
  for (const CLI::Option* option : command.get_options({})) {
    if (!option->get_group().empty()) {
      info.options.push_back(read_option(*option));
    }
  }
  return info;
}

OptionTable read_option_table(const CLI::App& app) {
  OptionTable table;
  table.root = read_command(app);
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!hidden(*command)) {
      table.commands.push_back(read_command(*command));
    }
  }
  return table;
}

const CommandInfo* OptionTable::find(std::string_view command) const {
  const auto found = std::ranges::find(commands, command, &CommandInfo::name);
  return found == commands.end() ? nullptr : &*found;
}

const std::string& long_name(const OptionInfo& option) {
  for (const std::string& name : option.names) {
    if (name.starts_with("--")) {
      return name;
    }
  }
  return option.names.front();
}

std::string spelling(const OptionInfo& option) {
  std::string out = join(option.names, ", ");
  if (option.positional) {
    out = option.repeats ? out + "..." : out;
    return option.required ? out : "[" + out + "]";
  }
  const std::string value = option.choices.empty() ? option.value : join(option.choices, "|");
  if (option.takes_value) {
    out += " " + value;
  } else if (option.optional_value) {
    out += "[=" + value + "]";
  }
  return out;
}

const OptionInfo* find_option(const CommandInfo& command, std::string_view name) {
  for (const OptionInfo& option : command.options) {
    if (!option.positional && std::ranges::find(option.names, name) != option.names.end()) {
      return &option;
    }
  }
  return nullptr;
}

}  // namespace relapse
