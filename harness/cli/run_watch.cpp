#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/file_watch.hpp"
#include "cli/interrupts.hpp"
#include "cli/run_session.hpp"

namespace relapse {
namespace {

constexpr std::chrono::milliseconds quiet{200};

/// What decides whether a replay would go otherwise: of a scenario its digest, which holds its
/// fragments; of a target the whole file.
struct Snapshot {
  std::map<std::string, std::string> scenarios;
  std::map<std::string, std::string> targets;
};

Snapshot snapshot(const Inputs& inputs) {
  Snapshot shot;
  for (const Scenario& scenario : inputs.scenarios) {
    shot.scenarios[scenario.id] = scenario.digest;
  }
  for (const Target& target : inputs.targets) {
    const auto text = read_file(target.file);
    shot.targets[target.id] = text ? *text : "";
  }
  return shot;
}

bool changed(const std::map<std::string, std::string>& before,
             const std::map<std::string, std::string>& now, const std::string& id) {
  const auto old = before.find(id);
  return old == before.end() || old->second != now.at(id);
}

/// The part of the inputs that is to be replayed again: a changed scenario on every target, every
/// scenario on a changed target.
Inputs only_changed(Inputs inputs, const Snapshot& before, const Snapshot& now) {
  const bool any_target = std::any_of(
      inputs.targets.begin(), inputs.targets.end(),
      [&](const Target& target) { return changed(before.targets, now.targets, target.id); });
  if (any_target) {
    std::erase_if(inputs.targets, [&](const Target& target) {
      return !changed(before.targets, now.targets, target.id);
    });
    return inputs;
  }
  std::erase_if(inputs.scenarios, [&](const Scenario& scenario) {
    return !changed(before.scenarios, now.scenarios, scenario.id);
  });
  return inputs;
}

std::string names(const Inputs& inputs) {
  std::vector<std::string> ids;
  for (const Scenario& scenario : inputs.scenarios) {
    ids.push_back(safe_text(scenario.id, 120).str());
  }
  if (ids.size() > 3) {
    return std::to_string(ids.size()) + " scenarios";
  }
  return join_and(ids);
}

}  // namespace

int watch_session(const CommandContext& context, const RunArguments& arguments, Inputs inputs) {
  auto watch = FileWatch::make({context.scenarios_dir, context.targets_dir});
  if (!watch) {
    print_error(watch.error());
    return 3;
  }
  Snapshot before = snapshot(inputs);
  for (;;) {
    const int code = run_session(context, arguments, inputs);
    if (code >= 128) {
      return code;
    }
    for (bool again = false; !again;) {
      std::fprintf(stderr, "\nWatching %s and %s; Ctrl-C ends.\n", context.scenarios_dir.c_str(),
                   context.targets_dir.c_str());
      Interrupt interrupt;
      const SignalWatch signals(interrupt);
      if (!watch->wait(quiet, [&interrupt] { return interrupt.requested(); })) {
        return code;
      }
      Inputs all = plan_inputs(context, arguments);
      if (all.exit_code != 0) {
        continue;  // what is wrong has been said; the next save may mend it
      }
      const Snapshot now = snapshot(all);
      inputs = only_changed(std::move(all), before, now);
      before = now;
      again = !inputs.scenarios.empty();
      std::fprintf(stderr, "%s\n",
                   again ? ("Saved; again: " + names(inputs)).c_str()
                         : "Saved; nothing that is replayed has changed.");
    }
  }
}

}  // namespace relapse
