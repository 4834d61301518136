#include "cli/help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

constexpr std::size_t columns = 80;

constexpr const char* purpose =
    "relapse replays recorded failures against a running server and says, with\n"
    "evidence, whether each fix still holds.\n";

constexpr const char* examples =
    "Examples\n"
    "  nightly    relapse run -t staging --timeout 30m\n"
    "  one        relapse run lifecycle/crash-closes-1011 -t embedded -v\n"
    "  evidence   relapse show last lifecycle/crash-closes-1011@embedded\n"
    "  new        relapse check scenarios/mine.json && relapse prove mine -t embedded\n";

struct Grouped {
  std::string_view command;
  std::string_view group;
};
constexpr std::array<Grouped, 24> grouped{{
    {"run", "run"},      {"prove", "run"},    {"explore", "run"},    {"judge", "run"},
    {"shrink", "run"},   {"list", "look"},    {"show", "look"},      {"diff", "look"},
    {"report", "look"},  {"history", "look"}, {"merge", "look"},     {"new", "write"},
    {"check", "write"},  {"fmt", "write"},    {"ack", "write"},      {"import", "write"},
    {"record", "write"}, {"schema", "write"}, {"doctor", "set up"},  {"completion", "set up"},
    {"man", "set up"},   {"help", "set up"},  {"secrets", "set up"}, {"init", "set up"},
}};

/// "  left   text", the text wrapped behind the left column.
std::string entry(std::string_view left, std::string_view text, std::size_t indent,
                  std::size_t width) {
  const std::size_t start = indent + width + 2;
  std::string out = std::string(indent, ' ') + std::string(left);
  if (layout::width(left) > width) {
    out += "\n" + std::string(start, ' ');
  } else {
    out += std::string(start - indent - layout::width(left), ' ');
  }
  const auto lines = layout::wrap(text, columns - start, 20);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i == 0 ? "" : std::string(start, ' ')) + lines[i] + "\n";
  }
  return out;
}

std::string option_entry(const OptionInfo& option) {
  return entry(spelling(option), option.text, 2, 24);
}

std::string first_sentence(std::string_view text) {
  return std::string(text.substr(0, text.find(';')));
}

const OptionInfo* common_option(const OptionTable& table, std::string_view name) {
  if (const OptionInfo* option = find_option(table.root, name)) {
    return option;
  }
  const CommandInfo* run = table.find("run");
  return run == nullptr ? nullptr : find_option(*run, name);
}

std::string usage_line(const CommandInfo& command) {
  std::string out = "Usage: relapse " + command.name + " [FLAG...]";
  for (const OptionInfo& option : command.options) {
    if (option.positional) {
      out += " " + spelling(option);
    }
  }
  return out + "\n";
}

/// Four examples and more stand where they help most: with the command itself.
std::string examples_of(std::string_view command) {
  if (command == "run") {
    return "\nExamples\n"
           "  relapse run                                   all of it, on the usual targets\n"
           "  relapse run 'lifecycle/*' -t staging -j 4     a folder on one target\n"
           "  relapse run tag:websocket --exclude tag:slow  by tag\n"
           "  relapse run -t staging --shard 2/4            one machine of four\n"
           "  relapse run lifecycle/race -t asgi --watch    again whenever it is saved\n";
  }
  if (command == "doctor") {
    return "\nExamples\n  relapse doctor\n  relapse doctor -t staging --json\n";
  }
  if (command == "completion") {
    return "\nExamples\n"
           "  relapse completion bash > ~/.local/share/bash-completion/completions/relapse\n"
           "  relapse completion zsh > \"${fpath[1]}/_relapse\"\n"
           "  relapse completion fish > ~/.config/fish/completions/relapse.fish\n";
  }
  return {};
}

}  // namespace

std::string_view command_group(std::string_view command) {
  const auto* found = std::ranges::find(grouped, command, &Grouped::command);
  return found == grouped.end() ? "set up" : found->group;
}

std::string short_help() {
  return std::string(purpose) + "\n" + examples +
         "\nrelapse --help lists the commands; relapse help run says all about one.\n";
}

std::string root_help(const OptionTable& table) {
  std::string out = std::string(purpose) + "\n" + examples + "\n";
  for (const std::string_view group : command_groups) {
    std::string heading(group);
    heading.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(heading.front())));
    out += heading + "\n";
    for (const CommandInfo& command : table.commands) {
      if (command_group(command.name) == group) {
        out += "  " + layout::pad(command.name, 10) + "  " +
               layout::fit(first_sentence(command.text), columns - 14) + "\n";
      }
    }
  }
  out += "\nCommon flags\n";
  for (const char* name :
       {"--target", "--jobs", "--retries", "--quiet", "--verbose", "--color", "-C", "--version"}) {
    if (const OptionInfo* option = common_option(table, name)) {
      out += "  " + layout::pad(spelling(*option), 26) + "  " +
             layout::fit(first_sentence(option->text), columns - 30) + "\n";
    }
  }
  out +=
      "\nExit codes\n"
      "  0 all hold   1 a fix does not hold   2 usage or a file is wrong, nothing was\n"
      "  sent   3 inconclusive   4 nothing ran   130/143 interrupted\n";
  std::vector<std::string> names;
  for (const Topic& topic : help_topics()) {
    names.emplace_back(topic.name);
  }
  out += "\nrelapse help COMMAND says all about one. Topics:\n  " + join(names, ", ") + "\n";
  return out;
}

std::string command_help(const CommandInfo& command) {
  std::string out;
  for (const std::string& line : layout::wrap(command.text + ".", columns, 4)) {
    out += line + "\n";
  }
  out += "\n" + usage_line(command) + examples_of(command.name);
  const auto section = [&](const char* title, bool positional) {
    std::string lines;
    for (const OptionInfo& option : command.options) {
      if (option.positional == positional) {
        lines += option_entry(option);
      }
    }
    out += lines.empty() ? "" : "\n" + std::string(title) + "\n" + lines;
  };
  section("Arguments", true);
  section("Flags", false);
  out += "\nFlags of every command: relapse --help. Exit codes: relapse help exit-codes\n";
  return out;
}

void use_house_help(CLI::App& app) {
  app.set_help_flag("-h,--help", "This text");
  const auto format = [&app](const CLI::App* asked, const std::string&, CLI::AppFormatMode) {
    return asked == &app ? root_help(read_option_table(app)) : command_help(read_command(*asked));
  };
  app.formatter(std::make_shared<CLI::FormatterLambda>(format));
  for (CLI::App* command : app.get_subcommands({})) {
    command->formatter(app.get_formatter());
  }
}

}  // namespace relapse
