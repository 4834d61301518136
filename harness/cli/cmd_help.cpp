#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/inputs.hpp"

namespace relapse {
namespace {

std::string topic_text(const Topic& topic) {
  return std::string(topic.title) + "\n\n" + topic.text;
}

int help(const CLI::App& app, const std::string& wanted) {
  const OptionTable table = read_option_table(app);
  if (wanted.empty()) {
    std::fputs(root_help(table).c_str(), stdout);
    return 0;
  }
  if (const CommandInfo* command = table.find(wanted)) {
    std::fputs(command_help(*command).c_str(), stdout);
    return 0;
  }
  std::vector<std::string_view> names;
  for (const CommandInfo& command : table.commands) {
    names.push_back(command.name);
  }
  for (const Topic& topic : help_topics()) {
    if (topic.name == wanted) {
      std::fputs(topic_text(topic).c_str(), stdout);
      return 0;
    }
    names.push_back(topic.name);
  }
  const auto near = did_you_mean(wanted, names);
  print_error({ErrorKind::usage,
               "there is no help on \"" + safe_text(wanted, 80).str() + "\"",
               {},
               near ? "did you mean relapse help " + *near + "?" : "relapse --help"});
  return 2;
}

}  // namespace

void add_help(CLI::App& app, CommandContext& /*context*/, int& exit_code) {
  auto wanted = std::make_shared<std::string>();
  CLI::App* help_command = app.add_subcommand("help", "All about a command or a topic");
  help_command->add_option("topic", *wanted, "A command, or selectors, exit-codes, config, ...");
  help_command->callback([&app, &exit_code, wanted] { exit_code = help(app, *wanted); });

  CLI::App* man = app.add_subcommand("man", "Print the manual page; relapse man | man -l -");
  man->callback([&app, &exit_code] {
    exit_code = std::fputs(man_page(read_option_table(app)).c_str(), stdout) < 0 ? 3 : 0;
  });
}

}  // namespace relapse
