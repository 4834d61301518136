#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "scenario/fragments.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

struct FmtArguments {
  std::vector<std::string> files;
  bool check = false;
};

enum class Formatted { same, changed, failed };

Parsed<std::string> formatted(const CommandContext& context, const std::filesystem::path& path,
                              const std::string& text) {
  if (is_fragment_file(path, context.scenarios_dir)) {
    return format_fragment(text, path);
  }
  return looks_like_target(text) ? format_target(text, path) : format_scenario(text, path);
}

Formatted format_file(const CommandContext& context, const std::filesystem::path& path,
                      bool check) {
  const auto text = read_file(path);
  if (!text) {
    print_error(text.error());
    return Formatted::failed;
  }
  const auto canonical = formatted(context, path, *text);
  if (!canonical.value) {
    for (const Diagnostic& diagnostic : canonical.diagnostics) {
      std::fputs(render(diagnostic, *text).c_str(), stderr);
    }
    return Formatted::failed;
  }
  if (*canonical.value == *text) {
    return Formatted::same;
  }
  if (!check) {
    if (auto written = write_file(path, *canonical.value); !written) {
      print_error(written.error());
      return Formatted::failed;
    }
  }
  std::printf("%s\n", ci_safe(path.generic_string()).str().c_str());
  return Formatted::changed;
}

/// 0 when all is as it should be; 2 when a file could not be read, or with --check when one is not
/// in canonical form.
int fmt(const CommandContext& context, const FmtArguments& arguments) {
  auto files = files_to_read(arguments.files, context.scenarios_dir, context.targets_dir);
  if (!files) {
    print_error(files.error());
    return exit_code_for(files.error());
  }
  std::size_t changed = 0, failed = 0;
  for (const std::filesystem::path& path : *files) {
    const Formatted result = format_file(context, path, arguments.check);
    changed += result == Formatted::changed ? 1 : 0;
    failed += result == Formatted::failed ? 1 : 0;
  }
  if (changed > 0 && arguments.check) {
    std::fprintf(stderr, "%zu of %zu %s would change; try: relapse fmt\n", changed, files->size(),
                 files->size() == 1 ? "file" : "files");
  }
  return failed > 0 || (arguments.check && changed > 0) ? 2 : 0;
}

}  // namespace

void add_fmt(CLI::App& app, CommandContext& context, int& exit_code) {
  auto arguments = std::make_shared<FmtArguments>();
  CLI::App* command =
      app.add_subcommand("fmt", "Write scenario and target files in canonical form");
  command->add_option("FILE", arguments->files, "All scenarios and targets when none is named");
  command->add_flag("--check", arguments->check, "Only name the files that would change");
  command->callback([arguments, &context, &exit_code] { exit_code = fmt(context, *arguments); });
}

}  // namespace relapse
