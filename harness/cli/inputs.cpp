#include "cli/inputs.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/history_selectors.hpp"
#include "engine/applicable.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

constexpr const char* usual_targets[] = {"embedded", "starlette-uvicorn-websockets"};

void print_reports(const LoadedScenarios& loaded) {
  for (const FileReport& report : loaded.reports) {
    for (const Diagnostic& diagnostic : report.diagnostics) {
      if (diagnostic.severity == Diagnostic::Severity::error) {
        std::fputs(render(diagnostic, report.text).c_str(), stderr);
      }
    }
  }
  std::fprintf(stderr, "%s\n",
               error_summary(loaded.errors(), loaded.bad_files(), loaded.files).c_str());
}

Result<std::vector<Scenario>> choose(const CommandContext& context,
                                     const std::vector<Scenario>& all,
                                     const InputRequest& request) {
  auto chosen = select_with_history(context, all, request.selectors);
  if (!chosen || request.exclude.empty()) {
    return chosen;
  }
  const auto excluded = select_with_history(context, all, request.exclude);
  if (!excluded) {
    return excluded;
  }
  std::erase_if(*chosen, [&](const Scenario& scenario) {
    return std::any_of(excluded->begin(), excluded->end(),
                       [&](const Scenario& other) { return other.id == scenario.id; });
  });
  return chosen;
}

int read_target(const CommandContext& context, const std::string& name, const InputRequest& request,
                std::vector<Target>& targets) {
  auto path = find_target(name, context.targets_dir);
  if (!path) {
    print_error(path.error());
    return exit_code_for(path.error());
  }
  auto text = read_file(*path);
  if (!text) {
    print_error(text.error());
    return exit_code_for(text.error());
  }
  auto parsed = parse_target(*text, *path);
  if (!parsed.value) {
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
      std::fputs(render(diagnostic, *text).c_str(), stderr);
    }
    std::fprintf(stderr, "%s\n", error_summary(error_count(parsed.diagnostics), 1, 1).c_str());
    return 2;
  }
  if (auto allowed = check_host_allowed(*parsed.value, request.allow_hosts); !allowed) {
    print_error(allowed.error());
    return 2;
  }
  targets.push_back(std::move(*parsed.value));
  return 0;
}

}  // namespace

void print_error(const Error& error) {
  // A message may quote what a target said or what a file is called.
  std::fprintf(stderr, "error: %s\n", ci_safe(error.message).str().c_str());
  if (!error.at.file.empty()) {
    std::fprintf(stderr, "  --> %s\n", ci_safe(to_string(error.at)).str().c_str());
  }
  if (!error.hint.empty()) {
    const char* const advice = error.hint.ends_with('?') ? "" : "try: ";
    std::fprintf(stderr, "  %s%s\n", advice, ci_safe(error.hint).str().c_str());
  }
}

int exit_code_for(const Error& error) {
  return error.kind == ErrorKind::usage ? 2 : 3;
}

std::vector<std::string> default_targets(const CommandContext& context) {
  std::vector<std::string> names;
  for (const char* name : usual_targets) {
    if (std::filesystem::exists(context.targets_dir / (std::string(name) + ".json"))) {
      names.emplace_back(name);
    }
  }
  return names.empty() ? target_names(context.targets_dir) : names;
}

void add_plane_option(CLI::App& command, InputRequest& request) {
  command
      .add_option_function<std::string>(
          "--plane",
          [&request](const std::string& name) {
            request.plane = name == "asgi" ? Plane::asgi : Plane::wire;
          },
          "\"wire\" or \"asgi\", for every scenario that its steps allow it (as each needs)")
      ->check(CLI::IsMember({"wire", "asgi"}));
}

Inputs read_inputs(const CommandContext& context, const InputRequest& request) {
  Inputs inputs;
  auto loaded = load_scenarios(context.scenarios_dir);
  if (!loaded) {
    print_error(loaded.error());
    inputs.exit_code = exit_code_for(loaded.error());
    return inputs;
  }
  if (loaded->errors() > 0) {
    print_reports(*loaded);
    inputs.exit_code = 2;
    return inputs;
  }
  auto chosen = choose(context, loaded->scenarios, request);
  if (!chosen) {
    print_error(chosen.error());
    inputs.exit_code = exit_code_for(chosen.error());
    return inputs;
  }
  inputs.scenarios = std::move(*chosen);
  if (inputs.scenarios.empty()) {
    print_error({ErrorKind::usage, "no scenario is selected", {}, "relapse list shows them"});
    inputs.exit_code = 4;
    return inputs;
  }
  inputs.exit_code = read_targets(context, request, inputs.targets);
  return inputs;
}

int read_targets(const CommandContext& context, const InputRequest& request,
                 std::vector<Target>& targets) {
  int code = 0;
  for (const std::string& name :
       request.targets.empty() ? default_targets(context) : request.targets) {
    code = std::max(code, read_target(context, name, request, targets));
  }
  if (code == 0 && targets.empty()) {
    print_error({ErrorKind::usage,
                 "no target is named and there is none in " + context.targets_dir.string(),
                 {},
                 "pass -t TARGET"});
    code = 2;
  }
  return code;
}

}  // namespace relapse
