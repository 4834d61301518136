#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/run_store.hpp"
#include "history/acknowledgements.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

struct AckArguments {
  std::string name;
  std::string reason;
  std::string until;
  std::string owner;
  bool list = false;
  bool remove = false;
};

std::string name_of(const Acknowledgement& one) {
  return one.scenario + (one.target.empty() ? "" : "@" + one.target);
}

/// "ID@TARGET" taken apart.
Acknowledgement named(const std::string& name) {
  const std::size_t at = name.rfind('@');
  return {.scenario = name.substr(0, at),
          .target = at == std::string::npos ? "" : name.substr(at + 1)};
}

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates,
                       const std::string& otherwise) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto near = did_you_mean(word, views);
  return near ? "did you mean \"" + *near + "\"?" : otherwise;
}

int refuse(const std::string& message, const std::string& hint) {
  print_error({ErrorKind::usage, message, {}, hint});
  return 2;
}

/// A typing error would acknowledge nothing, and nobody would notice.
Result<void> check_names(const CommandContext& context, const Acknowledgement& one) {
  auto loaded = load_scenarios(context.scenarios_dir);
  if (!loaded) {
    return std::move(loaded).error();
  }
  std::vector<std::string> ids;
  for (const Scenario& scenario : loaded->scenarios) {
    ids.push_back(scenario.id);
  }
  if (std::find(ids.begin(), ids.end(), one.scenario) == ids.end()) {
    return Error{ErrorKind::usage,
                 "there is no scenario \"" + one.scenario + "\"",
                 {},
                 suggestion(one.scenario, ids, "relapse list shows them")};
  }
  const auto targets = target_names(context.targets_dir);
  if (!one.target.empty() &&
      std::find(targets.begin(), targets.end(), one.target) == targets.end()) {
    return Error{ErrorKind::usage,
                 "there is no target \"" + one.target + "\"",
                 {},
                 suggestion(one.target, targets,
                            "it is the name of a file in " + context.targets_dir.string())};
  }
  return {};
}

bool same_place(const Acknowledgement& a, const Acknowledgement& b) {
  return a.scenario == b.scenario && a.target == b.target;
}

int save(const CommandContext& context, const std::vector<Acknowledgement>& all,
         const std::string& done) {
  if (auto written = write_acknowledgements(acknowledgements_file(context), all); !written) {
    print_error(written.error());
    return 3;
  }
  std::printf("%s\n", done.c_str());
  return 0;
}

int add_one(const CommandContext& context, const AckArguments& arguments, const std::string& now,
            std::vector<Acknowledgement> all) {
  Acknowledgement one = named(arguments.name);
  if (std::string(trim(arguments.reason)).empty()) {
    return refuse("a reason is needed", "-r \"what is known, and where it is tracked\"");
  }
  const std::string wrong = refuse_until(arguments.until, now.substr(0, 10));
  if (!wrong.empty()) {
    return refuse(wrong, "--until names the last day on which it counts");
  }
  if (auto checked = check_names(context, one); !checked) {
    print_error(checked.error());
    return exit_code_for(checked.error());
  }
  one.reason = arguments.reason;
  one.owner = arguments.owner;
  one.until = arguments.until;
  one.made = now;
  std::erase_if(all, [&](const Acknowledgement& other) { return same_place(one, other); });
  all.push_back(one);
  return save(context, all, name_of(one) + " is acknowledged until " + one.until);
}

int remove_one(const CommandContext& context, const std::string& name,
               std::vector<Acknowledgement> all) {
  const Acknowledgement one = named(name);
  std::vector<std::string> names;
  for (const Acknowledgement& other : all) {
    names.push_back(name_of(other));
  }
  if (std::erase_if(all, [&](const auto& other) { return same_place(one, other); }) == 0) {
    return refuse("nothing is acknowledged as \"" + name + "\"",
                  suggestion(name, names, "relapse ack --list shows what is"));
  }
  return save(context, all, name + " is no longer acknowledged");
}

/// What the last run says of it: "holds", "fails", or nothing.
std::string state_of(const Acknowledgement& one, const Run& last) {
  bool fails = false;
  bool there = false;
  bool holds = true;
  for (const ScenarioResult& result : last.results) {
    if (!applies(one, result)) {
      continue;
    }
    there = true;
    fails = fails || result.outcome == Outcome::relapsed;
    holds = holds && result.outcome == Outcome::holds;
  }
  if (!there) {
    return "not in the last run";
  }
  return fails   ? "fails"
         : holds ? "holds in the last run: remove it"
                 : "not judged in the last run";
}

int list_all(const CommandContext& context, const std::string& today,
             const std::vector<Acknowledgement>& all) {
  const auto history = History::open(history_dir(context));
  Run last;
  if (const auto stored = history->last()) {
    if (auto run = read_run(stored->file, Timelines::none)) {
      last = *std::move(run);
    }
  }
  for (const Acknowledgement& one : all) {
    const bool counts = counts_on(one, today);
    std::printf("%s  %s %s%s  %s  (%s)\n", safe_text(name_of(one)).str().c_str(),
                counts ? "until" : "EXPIRED", one.until.c_str(),
                one.owner.empty() ? "" : ("  " + safe_text(one.owner).str()).c_str(),
                safe_text(one.reason).str().c_str(), state_of(one, last).c_str());
  }
  std::printf("%zu acknowledged\n", all.size());
  return 0;
}

int ack_command(const CommandContext& context, const AckArguments& arguments) {
  auto all = read_acknowledgements(acknowledgements_file(context));
  if (!all) {
    print_error(all.error());
    return exit_code_for(all.error());
  }
  const std::string now = utc_timestamp(std::chrono::system_clock::now());
  if (arguments.list) {
    return list_all(context, now.substr(0, 10), *all);
  }
  if (arguments.name.empty()) {
    return refuse("a scenario is needed", "relapse ack ID[@TARGET] -r REASON --until DATE");
  }
  if (arguments.remove) {
    return remove_one(context, arguments.name, *std::move(all));
  }
  return add_one(context, arguments, now, *std::move(all));
}

}  // namespace

void add_ack(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand("ack", "Acknowledge a failure that is known");
  auto arguments = std::make_shared<AckArguments>();
  command->add_option("id", arguments->name, "Scenario, or scenario@target");
  command->add_option("-r,--reason", arguments->reason, "What is known of it");
  command->add_option("--until", arguments->until, "Last day on which it counts, YYYY-MM-DD");
  command->add_option("--owner", arguments->owner, "Who sees to it");
  auto* list = command->add_flag("--list", arguments->list, "What is acknowledged");
  command->add_flag("--remove", arguments->remove, "Take it back")->excludes(list);
  add_history_option(*command, context);
  command->callback(
      [&context, &exit_code, arguments] { exit_code = ack_command(context, *arguments); });
}

}  // namespace relapse
