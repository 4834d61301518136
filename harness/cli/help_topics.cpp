#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/settings.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

constexpr const char* selectors =
    "Which scenarios are meant. Several are added up; without one, all are.\n\n"
    "  lifecycle/race        an id: the file's path below scenarios/, without .json\n"
    "  scenarios/mine.json   the file itself\n"
    "  'lifecycle/*'         a glob over ids; * also crosses /. Quote it\n"
    "  tag:websocket         every scenario with this tag\n"
    "  incident:REF          every scenario of this incident\n\n"
    "--exclude SELECTOR takes some away again. A selector that names nothing is an\n"
    "error (exit 2) with a suggestion, since a misspelt one would else be green for\n"
    "ever. relapse list SELECTOR shows what it names.\n";

constexpr const char* scenario =
    "One JSON file a scenario, with // comments; its id is its path below\n"
    "scenarios/.\n\n"
    "  {\n"
    "    \"title\": \"A message before the upgrade does not crash the handler\",\n"
    "    \"incident\": { \"ref\": \"issue #466\", \"seen\": \"2025-09-11\",\n"
    "                  \"story\": \"...\", \"evidence\": \"...\" },\n"
    "    \"tags\": [\"websocket\"],\n"
    "    \"steps\": [\n"
    "      { \"send\": { \"upgrade\": { \"path\": \"/ws\" } } },\n"
    "      { \"expect\": { \"upgrade\": { \"status\": 101 } }, \"within\": \"2s\" },\n"
    "      { \"send\": { \"close\": { \"code\": 1000 } } },\n"
    "      { \"expect\": { \"close\": { \"code\": 1000 } } }\n"
    "    ],\n"
    "    \"proof\": { \"relapses_on\": [\"receive-after-disconnect\"] }\n"
    "  }\n\n"
    "All of the format: scenarios/FORMAT.md. For editors: relapse schema scenario.\n"
    "relapse check shows every mistake at its place; relapse prove shows that the\n"
    "scenario fails on the broken build and holds on the fixed one.\n";

constexpr const char* target =
    "Where scenarios are replayed: fixtures/targets/NAME.json, or a path.\n\n"
    "  address     ws://, wss://, http:// or https:// host:port\n"
    "  launch      the command that starts it, and how to see that it is ready\n"
    "  asgi        the application itself, for the ASGI plane\n"
    "  probes      what must work before and after every replay\n"
    "  logs        where its log is read; log_mark shows that it is alive\n"
    "  faults      what brings old bugs back, for relapse prove\n"
    "  known       scenarios that are expected to relapse here, until a day\n\n"
    "A host that is not loopback is sent nothing unless it stands in allow_hosts of\n"
    "the target, of relapse.json, or behind --allow-host. Secrets stay out of files\n"
    "and of flags: ${env:NAME} and ${secret:NAME} come from the environment.\n"
    "All of the format: scenarios/FORMAT.md. relapse doctor -t NAME tries it out.\n";

std::string exit_code_text() {
  std::string out = "What the process ends with. 1 wins over 3.\n\n";
  for (const ExitCode& one : exit_codes()) {
    const auto lines = layout::wrap(one.meaning, 68, 4);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out += "  " + layout::pad(i == 0 ? one.code : "", 8) + "  " + lines[i] + "\n";
    }
  }
  return out;
}

std::string config_text() {
  std::string out =
      "relapse.json, in the working directory or the nearest folder above, holds what\n"
      "would otherwise be typed every time; // comments are allowed. What counts:\n\n"
      "  a flag, then RELAPSE_NAME of the environment, then relapse.json (or --config\n"
      "  FILE), then ~/.config/relapse/config.json\n\n";
  for (const SettingDoc& doc : setting_docs()) {
    out += "  " + layout::pad(doc.name, 14) + "  " + std::string(doc.doc) + "\n";
  }
  out +=
      "\nA variable is called like the key: RELAPSE_FAIL_FAST=1; lists are separated by\n"
      "commas: RELAPSE_TARGET=staging,canary. There is no key for a secret. For\n"
      "editors: relapse schema config.\n";
  return out;
}

constexpr const char* variables =
    "  RELAPSE_HOME     the folder that holds scenarios/, when there is none here\n"
    "                   or above\n"
    "  RELAPSE_NAME     a setting; see relapse help config\n"
    "  NO_COLOR         no colour; --color=always beats it\n"
    "  CLICOLOR_FORCE, FORCE_COLOR\n"
    "                   colour although it is no terminal\n"
    "  CI               no line that is redrawn\n"
    "  TERM=dumb        neither\n"
    "  LC_ALL, LC_CTYPE, LANG\n"
    "                   symbols are ASCII where the locale is not UTF-8\n"
    "  XDG_CONFIG_HOME  where relapse/config.json is looked for\n"
    "  TMPDIR           where launched targets keep their files\n";

}  // namespace

const std::vector<ExitCode>& exit_codes() {
  static const std::vector<ExitCode> codes{
      {"0",
       "All hold. Known and flaky failures are counted and named, and fail nothing; with "
       "--strict they make it 1."},
      {"1", "A fix does not hold."},
      {"2", "The command line, a setting, a scenario or a target file is wrong. Nothing was sent."},
      {"3",
       "Inconclusive: a target could not be reached or was not healthy, the run's --timeout "
       "was over, the harness failed, or the report could not be written."},
      {"4", "Nothing was selected, or nothing ran; --no-tests=pass makes it 0."},
      {"125", "With --bisect only: this commit cannot be judged."},
      {"130, 143",
       "Interrupted by SIGINT or SIGTERM. What had run until then is reported, and "
       "marked as interrupted."}};
  return codes;
}

const std::vector<Topic>& help_topics() {
  static const std::vector<Topic> topics{
      {"selectors", "Which scenarios are meant", selectors},
      {"exit-codes", "What the process ends with", exit_code_text()},
      {"scenario", "The scenario file", scenario},
      {"target", "The target file", target},
      {"config", "relapse.json and RELAPSE_*", config_text()},
      {"environment", "Variables of the environment", variables}};
  return topics;
}

}  // namespace relapse
