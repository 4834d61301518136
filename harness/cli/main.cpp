#include <unistd.h>

#include <CLI/CLI.hpp>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string_view>

#include "base/log.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "engine/run_all.hpp"
#include "process/child.hpp"

namespace relapse {
namespace {

constexpr const char* description =
    "relapse replays recorded failures against a running server and says, with evidence,\n"
    "whether each fix still holds.";

constexpr const char* footer = R"(
Examples
  nightly    relapse run -t staging
  one        relapse run lifecycle/crash-closes-1011 -t embedded -v
  evidence   relapse show last lifecycle/crash-closes-1011@embedded
  new        relapse check scenarios/mine.json && relapse prove mine -t embedded

Exit codes
  0 all hold   1 a fix does not hold   2 usage or a file is wrong, nothing was sent
  3 inconclusive   4 nothing ran   130/143 interrupted
)";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// --color beats NO_COLOR beats CLICOLOR_FORCE beats the terminal.
bool wants_colour(const std::string& flag) {
  if (flag != "auto") {
    return flag == "always";
  }
  if (!environment("NO_COLOR").empty()) {
    return false;
  }
  const std::string forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") {
    return true;
  }
  return isatty(STDOUT_FILENO) != 0 && environment("TERM") != "dumb";
}

bool wants_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = to_lower(environment(name));
    if (!value.empty()) {
      return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
  }
  return isatty(STDOUT_FILENO) == 0;  // a file or a pipe: whoever reads it later knows UTF-8
}

/// The folder that holds scenarios/: as told, or this one or the nearest above, or RELAPSE_HOME.
std::filesystem::path find_home(const std::string& told) {
  if (!told.empty()) {
    return told;
  }
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  for (auto folder = here; !folder.empty(); folder = folder.parent_path()) {
    if (std::filesystem::is_directory(folder / "scenarios", error)) {
      return folder;
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  const std::string home = environment("RELAPSE_HOME");
  return home.empty() ? here : std::filesystem::path(home);
}

/// As short as the user would write it: relative below the working directory, else absolute.
std::filesystem::path shortest(const std::filesystem::path& path) {
  std::error_code error;
  const auto relative = std::filesystem::proximate(path, error);
  const bool outside = relative.empty() || *relative.begin() == "..";
  return error || outside ? std::filesystem::absolute(path, error) : relative;
}

/// The error in the house's words, with a suggestion for a misspelt command.
int usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  std::fprintf(stderr, "error: %s\n", ci_safe(error.what()).str().c_str());
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with('-')) {
      continue;
    }
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      if (const auto near = did_you_mean(word, candidates)) {
        std::fprintf(stderr, "  did you mean \"%s\"?\n", near->c_str());
      }
    }
    break;
  }
  std::fprintf(stderr, "  relapse --help lists the commands\n");
  return 2;
}

int run_main(int argc, char** argv) {
  CLI::App app(description, "relapse");
  app.footer(footer);
  app.set_version_flag("--version", std::string("relapse ") + harness_version);
  app.require_subcommand(0, 1);
  std::string home;
  std::string colour = "auto";
  app.add_option("-C", home, "Folder that holds scenarios/ and fixtures/targets/");
  app.add_option("--color", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  CommandContext context;
  context.command_line.assign(argv, argv + argc);
  int exit_code = 0;
  app.parse_complete_callback([&] {
    const auto root = find_home(home);
    context.scenarios_dir = shortest(root / "scenarios");
    context.targets_dir = shortest(root / "fixtures" / "targets");
    context.reports_dir = shortest(root / "reports");
    context.colour = wants_colour(colour);
    context.unicode = wants_unicode();
    context.progress =
        isatty(STDERR_FILENO) != 0 && environment("CI").empty() && environment("TERM") != "dumb";
  });
  add_run(app, context, exit_code);
  add_prove(app, context, exit_code);
  add_explore(app, context, exit_code);
  add_show(app, context, exit_code);
  add_judge(app, context, exit_code);
  add_report(app, context, exit_code);
  add_diff(app, context, exit_code);
  add_history(app, context, exit_code);
  add_ack(app, context, exit_code);
  add_check(app, context, exit_code);
  add_list(app, context, exit_code);
  add_fmt(app, context, exit_code);
  add_schema(app, context, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, argc, argv);
  }
  if (app.get_subcommands().empty()) {
    std::fputs(app.help().c_str(), stdout);
    return 2;
  }
  return exit_code;
}

}  // namespace
}  // namespace relapse

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], relapse::supervisor_argument) == 0) {
    return relapse::supervisor_main(argc, argv);
  }
  try {
    return relapse::run_main(argc, argv);
  } catch (const std::exception& error) {
    relapse::log::error(std::string("internal error: ") + error.what());
    return 3;
  }
}
