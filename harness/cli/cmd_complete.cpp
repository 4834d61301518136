#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

std::set<std::string> run_names(const CommandContext& context) {
  std::set<std::string> names{"last"};
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(context.reports_dir / "runs", failed)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

std::set<std::string> fault_names(const CommandContext& context) {
  std::set<std::string> names;
  for (const std::string& target : target_names(context.targets_dir)) {
    const fs::path path = context.targets_dir / (target + ".json");
    const auto text = read_file(path);
    const auto parsed = text ? parse_target(*text, path) : Parsed<Target>{};
    if (parsed.value) {
      for (const auto& [name, fault] : parsed.value->faults) {
        names.insert(name);
      }
    }
  }
  return names;
}

std::set<std::string> scenario_words(const CommandContext& context, bool selectors) {
  std::set<std::string> words;
  const auto loaded = load_scenarios(context.scenarios_dir);
  if (!loaded) {
    return words;
  }
  for (const Scenario& scenario : loaded->scenarios) {
    words.insert(scenario.id);
    if (!selectors) {
      continue;
    }
    for (const std::string& tag : scenario.tags) {
      words.insert("tag:" + tag);
    }
    // A shell takes a word with a space apart.
    if (scenario.incident.ref.find_first_of(" \t'\"") == std::string::npos) {
      words.insert("incident:" + scenario.incident.ref);
    }
  }
  return words;
}

std::set<std::string> topic_words(const CLI::App& app) {
  std::set<std::string> words;
  for (const CommandInfo& command : read_option_table(app).commands) {
    words.insert(command.name);
  }
  for (const Topic& topic : help_topics()) {
    words.emplace(topic.name);
  }
  return words;
}

/// A completion never fails: it has less to offer.
void print_words(const CLI::App& app, const CommandContext& context, const std::string& kind) {
  std::set<std::string> words;
  if (kind == "targets") {
    const auto names = target_names(context.targets_dir);
    words.insert(names.begin(), names.end());
  } else if (kind == "faults") {
    words = fault_names(context);
  } else if (kind == "runs") {
    words = run_names(context);
  } else if (kind == "topics") {
    words = topic_words(app);
  } else if (kind == "ids" || kind == "selectors") {
    words = scenario_words(context, kind == "selectors");
  }
  for (const std::string& word : words) {
    std::printf("%s\n", word.c_str());
  }
}

int print_script(const CLI::App& app, const std::string& shell) {
  const OptionTable table = read_option_table(app);
  const std::string script = shell == "bash"  ? bash_completion(table)
                             : shell == "zsh" ? zsh_completion(table)
                                              : fish_completion(table);
  return std::fputs(script.c_str(), stdout) < 0 ? 3 : 0;
}

}  // namespace

void add_completion(CLI::App& app, CommandContext& context, int& exit_code) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print a completion script for bash, zsh or fish");
  command->add_option("shell", *shell, "Which shell it is for")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, &exit_code, shell] { exit_code = print_script(app, *shell); });

  auto kind = std::make_shared<std::string>();
  CLI::App* words = app.add_subcommand("__complete", "Words for completion scripts");
  words->group("");
  words->add_option("kind", *kind);
  words->callback([&app, &context, &exit_code, kind] {
    print_words(app, context, *kind);
    exit_code = 0;
  });
}

}  // namespace relapse
