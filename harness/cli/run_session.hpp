#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_outputs.hpp"
#include "cli/secret_options.hpp"

namespace relapse {

/// What `relapse run` was told.
struct RunArguments {
  InputRequest inputs;
  std::string fault;
  int retries = 1;
  int repeat = 0;  ///< 0: as each scenario says
  int jobs = 2;
  int fail_fast = 0;  ///< 0: never; else after so many relapses
  std::string shard;
  std::string timeout;
  std::string at;
  std::optional<std::uint64_t> seed;
  std::string report;
  std::string rerun;     ///< --rerun: the run whose failures are replayed
  std::string baseline;  ///< --baseline: the run to compare with
  SecretOptions secrets;
  OutputFiles outputs;
  bool no_report = false;
  bool dry_run = false;
  bool bisect = false;
  bool pass_without_tests = false;
  bool strict = false;
  bool watch = false;
  bool json = false;
  bool plain = false;
};

/// Scenarios and targets as asked for: selected, their shard, their order. Says on standard error
/// what of that is not plain from the command line.
Inputs plan_inputs(const CommandContext& context, const RunArguments& arguments);

/// Replays, shows, keeps and reports them; gives the exit code of the process.
int run_session(const CommandContext& context, const RunArguments& arguments, const Inputs& inputs);

/// run_session again whenever a scenario, fragment or target is saved, with what changed by it,
/// until Ctrl-C.
int watch_session(const CommandContext& context, const RunArguments& arguments, Inputs inputs);

}  // namespace relapse
