#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/commands.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// What run and prove read before anything is sent: scenarios by selector, targets by name, hosts
/// checked. Every problem has been printed to standard error when this returns an exit code.
struct Inputs {
  std::vector<Scenario> scenarios;
  std::vector<Target> targets;
  int exit_code = 0;  ///< 0: go on
};
struct InputRequest {
  std::optional<Plane> plane{};  ///< --plane
  std::vector<std::string> selectors;
  std::vector<std::string> exclude;
  std::vector<std::string> targets;
  std::vector<std::string> allow_hosts;
};
/// --plane wire or asgi; the one that each scenario needs when absent.
void add_plane_option(CLI::App& command, InputRequest& request);
/// The targets that are named, or the usual ones; 0, or the exit code when that was refused.
int read_targets(const CommandContext& context, const InputRequest& request,
                 std::vector<Target>& targets);
Inputs read_inputs(const CommandContext& context, const InputRequest& request);

/// Targets that stand for "the usual ones" when none is named.
std::vector<std::string> default_targets(const CommandContext& context);

/// Prints "error: ..." with place and hint to standard error.
void print_error(const Error& error);
/// The exit code for an error of the harness.
int exit_code_for(const Error& error);

}  // namespace relapse
