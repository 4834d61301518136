#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/doctor_files.hpp"
#include "cli/inputs.hpp"
#include "cli/interrupts.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

struct DoctorArguments {
  InputRequest inputs;
  bool json = false;
};

/// What was found about one target, or about the files ("").
struct Section {
  std::string name;
  std::vector<Symptom> symptoms;
};

std::string_view word(Sign sign) {
  switch (sign) {
    case Sign::good:
      return "good";
    case Sign::bad:
      return "bad";
    case Sign::unknown:
      return "unknown";
    case Sign::note:
      break;
  }
  return "note";
}

std::string_view symbol(Sign sign, bool unicode) {
  switch (sign) {
    case Sign::good:
      return unicode ? "✓" : "ok ";
    case Sign::bad:
      return unicode ? "✗" : "BAD";
    case Sign::unknown:
      return unicode ? "?" : "?  ";
    case Sign::note:
      break;
  }
  return unicode ? "–" : "-  ";
}

const char* colour(Sign sign) {
  return sign == Sign::good      ? "32"
         : sign == Sign::bad     ? "1;31"
         : sign == Sign::unknown ? "33"
                                 : "2";
}

void print(const CommandContext& context, const Section& section) {
  std::printf("%s\n", section.name.c_str());
  for (const Symptom& one : section.symptoms) {
    std::string sign(symbol(one.sign, context.unicode));
    if (context.colour) {
      sign = "\x1b[" + std::string(colour(one.sign)) + "m" + sign + "\x1b[0m";
    }
    const std::string text = context.unicode ? one.text : layout::to_ascii(one.text);
    std::printf("  %s %s %s\n", sign.c_str(), layout::pad(one.subject, 14).c_str(), text.c_str());
    if (!one.advice.empty() && one.sign != Sign::good) {
      std::printf("      %s\n", one.advice.c_str());
    }
  }
}

void print_json(const std::vector<Section>& sections, int code) {
  Json list = Json::array();
  for (const Section& section : sections) {
    for (const Symptom& one : section.symptoms) {
      list.push_back({{"about", section.name},
                      {"subject", one.subject},
                      {"state", std::string(word(one.sign))},
                      {"text", one.text},
                      {"advice", one.advice}});
    }
  }
  const Json json{{"format", "relapse-doctor"}, {"version", 1}, {"exit", code}, {"found", list}};
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

/// 1 when anything is in disorder, 3 when something could not be found out.
int code_of(const std::vector<Section>& sections) {
  const auto any = [&](Sign sign) {
    return std::any_of(sections.begin(), sections.end(), [&](const Section& section) {
      return std::ranges::find(section.symptoms, sign, &Symptom::sign) != section.symptoms.end();
    });
  };
  return any(Sign::bad) ? 1 : any(Sign::unknown) ? 3 : 0;
}

std::vector<Section> examine_target(const Target& target, Interrupt& interrupt) {
  std::vector<Section> sections{{target.id, examine_machine(target)}};
  if (!target.address.empty()) {
    const std::vector<Symptom> found = examine(target, Plane::wire, &interrupt);
    sections.back().symptoms.insert(sections.back().symptoms.end(), found.begin(), found.end());
  }
  if (target.asgi && !interrupt.requested()) {
    sections.push_back({target.id + ", ASGI plane", examine(target, Plane::asgi, &interrupt)});
  }
  return sections;
}

int doctor(const CommandContext& context, const DoctorArguments& arguments) {
  std::vector<Target> targets;
  if (!arguments.inputs.targets.empty()) {
    if (const int code = read_targets(context, arguments.inputs, targets); code != 0) {
      return code;
    }
  }
  Interrupt interrupt;
  const SignalWatch signals(interrupt);
  std::vector<Section> sections{{"here", examine_files(context)}};
  if (!arguments.json) {
    print(context, sections.front());
  }
  for (const Target& target : targets) {
    for (Section& section : examine_target(target, interrupt)) {
      if (!arguments.json) {
        print(context, section);
        std::fflush(stdout);
      }
      sections.push_back(std::move(section));
    }
    if (interrupt.requested()) {
      return 128 + signals.caught();
    }
  }
  const int code = code_of(sections);
  if (arguments.json) {
    print_json(sections, code);
  } else if (targets.empty()) {
    std::printf("relapse doctor -t TARGET also tries a target out\n");
  }
  return code;
}

}  // namespace

void add_doctor(CLI::App& app, CommandContext& context, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "doctor", "Find out what is wrong with the set-up; with -t also with a target");
  auto arguments = std::make_shared<DoctorArguments>();
  command->add_option("-t,--target", arguments->inputs.targets,
                      "Target by name or file; may be repeated");
  command->add_option("--allow-host", arguments->inputs.allow_hosts,
                      "Host that may be contacted although it is not loopback");
  command->add_flag("--json", arguments->json, "As JSON");
  command->callback([&context, &exit_code, arguments] { exit_code = doctor(context, *arguments); });
}

}  // namespace relapse
