#include "cli/root.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/version.hpp>
#include <filesystem>

#include "base/log.hpp"
#include "cli/inputs.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"
#include "engine/run_all.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

/// The folder that holds scenarios/: as told, or this one or the nearest above, or that of a
/// relapse.json, or RELAPSE_HOME.
fs::path find_home(const std::string& told) {
  if (!told.empty()) {
    return told;
  }
  std::error_code error;
  const auto here = fs::current_path(error);
  for (auto folder = here; !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_directory(folder / "scenarios", error) ||
        fs::is_regular_file(folder / "relapse.json", error)) {
      return folder;
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  const std::string home = environment("RELAPSE_HOME");
  return home.empty() ? here : fs::path(home);
}

/// As short as the user would write it: relative below the working directory, else absolute.
fs::path shortest(const fs::path& path) {
  std::error_code error;
  const auto relative = fs::proximate(path, error);
  const bool outside = relative.empty() || *relative.begin() == "..";
  return error || outside ? fs::absolute(path, error).lexically_normal() : relative;
}

fs::path folder_of(const Settings& settings, const char* name, const fs::path& fallback) {
  const Setting* setting = settings.find(name);
  return shortest(setting == nullptr ? fallback : fs::path(setting->values.front()));
}

void set_log_level(const RootOptions& options) {
  if (options.quiet > 0) {
    log::set_level(options.quiet > 1 ? log::Level::off : log::Level::error);
  } else if (options.verbose > 1) {
    log::set_level(log::Level::debug);
  }
}

void fill(CLI::App& app, const RootOptions& options, CommandContext& context) {
  const auto parsed = app.get_subcommands();
  const auto root = find_home(options.home);
  Settings settings;
  // Help and completion must work beside a broken settings file.
  const bool needed = !parsed.empty() && !CommandContext::works_alone(parsed.front()->get_name());
  if (needed && !read_settings({options.config, root}, settings)) {
    throw CLI::RuntimeError(2);  // it has been said
  }
  if (needed) {
    for (CLI::App* command : {&app, parsed.front()}) {
      if (auto applied = apply_settings(*command, settings); !applied) {
        print_error(applied.error());
        throw CLI::RuntimeError(2);  // it has been said
      }
    }
  }
  context.home = root;
  context.config_file =
      options.config.empty() ? nearest_settings_file(root).string() : options.config;
  context.scenarios_dir = folder_of(settings, "scenarios_dir", root / "scenarios");
  context.targets_dir = folder_of(settings, "targets_dir", root / "fixtures" / "targets");
  context.reports_dir = folder_of(settings, "reports_dir", root / "reports");
  context.colour = wants_colour(options.colour, STDOUT_FILENO);
  context.error_colour = wants_colour(options.colour, STDERR_FILENO);
  context.unicode = wants_unicode();
  context.progress = may_redraw(STDERR_FILENO);
  context.keyboard = !options.no_input && context.progress && isatty(STDIN_FILENO) != 0;
  context.verbosity = options.quiet > 0 ? -options.quiet : options.verbose;
  set_log_level(options);
}

}  // namespace

bool CommandContext::works_alone(const std::string& command) {
  return command == "help" || command == "man" || command == "completion" ||
         command == "__complete" || command == "schema";
}

void add_root_options(CLI::App& app, RootOptions& options, CommandContext& context) {
  app.add_option("-C", options.home, "Folder that holds scenarios/ and fixtures/targets/");
  app.add_option("--config", options.config, "Settings file, instead of the nearest relapse.json");
  app.add_flag("-q,--quiet", options.quiet, "Failures and summary only; twice: nothing");
  app.add_flag("-v,--verbose", options.verbose, "Every result; twice: every exchange too");
  app.add_option("--color", options.colour, "Colour on the terminal")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--no-input", options.no_input, "Never read the keyboard");
  app.parse_complete_callback([&app, &options, &context] { fill(app, options, context); });
}

void add_commands(CLI::App& app, CommandContext& context, int& exit_code) {
  add_run(app, context, exit_code);
  add_prove(app, context, exit_code);
  add_explore(app, context, exit_code);
  add_judge(app, context, exit_code);
  add_list(app, context, exit_code);
  add_show(app, context, exit_code);
  add_report(app, context, exit_code);
  add_diff(app, context, exit_code);
  add_history(app, context, exit_code);
  add_ack(app, context, exit_code);
  add_check(app, context, exit_code);
  add_fmt(app, context, exit_code);
  add_schema(app, context, exit_code);
  add_doctor(app, context, exit_code);
  add_completion(app, context, exit_code);
  add_help(app, context, exit_code);
  for (CLI::App* command : app.get_subcommands({})) {
    command->fallthrough();
  }
}

std::string version_text() {
  std::string text = std::string("relapse ") + harness_version + "\n";
#ifdef NDEBUG
  const char* kind = "release";
#else
  const char* kind = "with assertions";
#endif
  text += std::string("built ") + kind + " by " +
#if defined(__clang__)
          "clang " __clang_version__
#else
          "g++ " __VERSION__
#endif
          + "\nBoost " + std::to_string(BOOST_VERSION / 100000) + "." +
          std::to_string(BOOST_VERSION / 100 % 1000) + ", " + OpenSSL_version(OPENSSL_VERSION) +
          "\nstored runs: version 2; scenario and target files: see relapse schema";
  return text;
}

}  // namespace relapse
