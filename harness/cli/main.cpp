#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <exception>

#include "base/log.hpp"
#include "cli/help.hpp"
#include "cli/inputs.hpp"
#include "cli/root.hpp"
#include "cli/usage.hpp"
#include "process/child.hpp"

namespace relapse {
namespace {

int run_main(int argc, char** argv) {
  CLI::App app("", "relapse");
  app.set_version_flag("--version", version_text(), "Version, and how it was built");
  app.require_subcommand(0, 1);
  RootOptions options;
  CommandContext context;
  context.command_line.assign(argv, argv + argc);
  int exit_code = 0;
  add_root_options(app, options, context);
  add_commands(app, context, exit_code);
  use_house_help(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::RuntimeError& ended) {
    return ended.get_exit_code();
  } catch (const CLI::ParseError& error) {
    print_error(explain_usage(app, error));
    return 2;
  }
  if (app.get_subcommands().empty()) {
    std::fputs(short_help().c_str(), stderr);
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
