#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/interrupts.hpp"
#include "cli/secret_options.hpp"
#include "engine/prove.hpp"
#include "scenario/proof_files.hpp"

namespace relapse {
namespace {

struct ProveArguments {
  InputRequest inputs;
  SecretOptions secrets;
  int jobs = 2;
  bool exact = false;
  bool no_store = false;
  bool once = false;
};

void print_record(const std::string& scenario, const ProofRecord& record) {
  std::printf("%-17s %s on %s with %s\n", std::string(to_string(record.result)).c_str(),
              ci_safe(scenario).str().c_str(), ci_safe(record.target).str().c_str(),
              ci_safe(record.fault).str().c_str());
  if (record.result != ProofResult::discriminates) {
    std::printf("                  %s\n", ci_safe(record.detail).str().c_str());
  }
  std::fflush(stdout);
}

/// Records of targets that were not asked this time are kept as long as the scenario is the same.
Proof merged(const Proof& fresh, const std::optional<Proof>& old) {
  Proof proof = fresh;
  if (!old || old->digest != fresh.digest) {
    return proof;
  }
  for (const ProofRecord& record : old->records) {
    const bool replaced =
        std::any_of(fresh.records.begin(), fresh.records.end(), [&](const ProofRecord& one) {
          return one.target == record.target && one.fault == record.fault;
        });
    if (!replaced) {
      proof.records.push_back(record);
    }
  }
  std::sort(proof.records.begin(), proof.records.end(),
            [](const ProofRecord& a, const ProofRecord& b) {
              return std::tie(a.target, a.fault) < std::tie(b.target, b.fault);
            });
  return proof;
}

bool store(const std::vector<Scenario>& scenarios, const ProveReport& report) {
  std::map<std::string_view, const Scenario*> by_id;
  for (const Scenario& scenario : scenarios) {
    by_id[scenario.id] = &scenario;
  }
  ProofFiles files;
  for (const Proof& fresh : report.proofs) {
    const Scenario& scenario = *by_id.at(fresh.scenario);
    const auto old = files.find(scenario);
    files.put(scenario, merged(fresh, old ? *old : std::nullopt));
  }
  if (auto written = files.write(); !written) {
    print_error(written.error());
    return false;
  }
  return true;
}

/// 0 when everything discriminates, 1 when something misses or fails, 3 when only inconclusive.
int summarise(const ProveReport& report, bool exact) {
  int counts[4] = {0, 0, 0, 0};
  for (const Proof& proof : report.proofs) {
    for (const ProofRecord& record : proof.records) {
      ++counts[static_cast<int>(record.result)];
    }
  }
  for (const std::string& scenario : report.unproved) {
    std::printf("not proved here   %s: no target declares a fault that it names\n",
                ci_safe(scenario).str().c_str());
  }
  for (const Bystander& one : report.bystanders) {
    std::printf("bystander         %s on %s with %s, which it does not name: %s (%s)\n",
                ci_safe(one.scenario).str().c_str(), ci_safe(one.target).str().c_str(),
                ci_safe(one.fault).str().c_str(), std::string(to_string(one.outcome)).c_str(),
                ci_safe(one.reason).str().c_str());
  }
  std::printf("%d discriminate, %d miss, %d fail when fixed, %d inconclusive", counts[0], counts[1],
              counts[2], counts[3]);
  if (report.elsewhere > 0) {
    std::printf(", %d do not apply to these targets", report.elsewhere);
  }
  if (exact) {
    std::printf(", %zu bystanders hit", report.bystanders.size());
  }
  std::printf("\n");
  const bool wrong = counts[1] + counts[2] > 0 || !report.bystanders.empty();
  if (wrong) {
    return 1;
  }
  if (counts[3] > 0) {
    return 3;
  }
  return counts[0] == 0 ? 4 : 0;
}

int prove_command(const CommandContext& context, const ProveArguments& arguments) {
  const Inputs inputs = read_inputs(context, arguments.inputs);
  if (inputs.exit_code != 0) {
    return inputs.exit_code;
  }
  auto vault = read_secrets(arguments.secrets);
  if (!vault) {
    print_error(vault.error());
    return 2;
  }
  Interrupt interrupt;
  const SignalWatch signals(interrupt);
  ProveOptions options;
  options.exact = arguments.exact;
  options.once = arguments.once;
  options.plane = arguments.inputs.plane;
  options.jobs = arguments.jobs;
  options.interrupt = &interrupt;
  options.vault = *vault;
  options.on_record = print_record;
  const ProveReport report = prove(inputs.scenarios, inputs.targets, options);
  if (interrupt.requested()) {
    std::fprintf(stderr, "interrupted: no proof was stored\n");
    return 128 + signals.caught();
  }
  const int code = summarise(report, arguments.exact);
  return arguments.no_store || store(inputs.scenarios, report) ? code : 3;
}

}  // namespace

void add_prove(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("prove", "Show that scenarios hold when fixed and relapse when broken");
  auto arguments = std::make_shared<ProveArguments>();
  command->add_option("selector", arguments->inputs.selectors, "Scenarios; all when absent");
  command->add_option("-t,--target", arguments->inputs.targets, "Target; may be repeated");
  command->add_option("--exclude", arguments->inputs.exclude, "Selector of scenarios to leave out");
  command->add_option("--allow-host", arguments->inputs.allow_hosts,
                      "Host that may be contacted although it is not loopback");
  add_plane_option(*command, arguments->inputs);
  add_secret_options(*command, arguments->secrets);
  command->add_option("-j,--jobs", arguments->jobs, "Targets side by side")
      ->check(CLI::Range(1, 64));
  command->add_flag("--exact", arguments->exact,
                    "Also replay, with each fault, the scenarios that do not name it: they must "
                    "hold");
  command->add_flag("--once", arguments->once,
                    "Each scenario with each fault on one of the targets only");
  command->add_flag("--no-store", arguments->no_store, "Do not write NAME.proof.json");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = prove_command(context, *arguments); });
}

}  // namespace relapse
