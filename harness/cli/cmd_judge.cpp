#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "judge/judge.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

struct JudgeArguments {
  std::string scenario;
  std::string timeline;
  bool json = false;
};

Result<Timeline> read_timeline(const std::string& path) {
  auto text = read_file(path);
  if (!text) {
    return std::move(text).error();
  }
  Value json;
  if (!parse_json(*text, json)) {
    return Error{ErrorKind::usage,
                 path + " is not JSON",
                 {path, 0, 0},
                 "relapse show RUN ID@TARGET --json writes a timeline"};
  }
  return timeline_from_json(json.json());
}

void print_verdict(const Verdict& verdict) {
  std::printf("%s\n", std::string(badge(verdict.outcome)).c_str());
  if (!verdict.reason.empty()) {
    std::printf("  %s\n", ci_safe(verdict.reason).str().c_str());
  }
  for (const Finding& finding : verdict.findings) {
    std::printf("  %-13s %s: expected %s, observed %s",
                std::string(to_string(finding.outcome)).c_str(),
                ci_safe(finding.claim).str().c_str(), ci_safe(finding.expected).str().c_str(),
                ci_safe(finding.observed).str().c_str());
    for (const std::uint32_t seq : finding.evidence) {
      std::printf(" #%u", seq);
    }
    std::printf("\n");
  }
}

int code_of(Outcome outcome) {
  return outcome == Outcome::holds ? 0 : outcome == Outcome::relapsed ? 1 : 3;
}

int judge_command(const CommandContext& context, const JudgeArguments& arguments) {
  InputRequest request;
  request.selectors = {arguments.scenario};
  const Inputs inputs = read_inputs(context, request);
  if (inputs.exit_code != 0) {
    return inputs.exit_code;
  }
  auto timeline = read_timeline(arguments.timeline);
  if (!timeline) {
    print_error(timeline.error());
    return 2;
  }
  const Verdict verdict = judge(inputs.scenarios.front(), *timeline);
  if (arguments.json) {
    std::printf("%s\n",
                to_json(verdict).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    print_verdict(verdict);
  }
  return code_of(verdict.outcome);
}

}  // namespace

void add_judge(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("judge", "Judge a stored timeline or a recording again; sends nothing");
  auto arguments = std::make_shared<JudgeArguments>();
  command->add_option("scenario", arguments->scenario, "Scenario id or file")->required();
  command->add_option("timeline", arguments->timeline, "Timeline as JSON")->required();
  command->add_flag("--json", arguments->json, "The verdict as JSON");
  command->callback(
      [&context, &exit_code, arguments] { exit_code = judge_command(context, *arguments); });
}

}  // namespace relapse
