#include <algorithm>

#include "base/text.hpp"
#include "cli/help.hpp"
#include "engine/run_all.hpp"

namespace relapse {
namespace {

/// Text as roff takes it: no line begins with a control character, hyphens stay hyphens.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string tag(const OptionInfo& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) {
    names.push_back(bold(name));
  }
  std::string out = join(names, ", ");
  const std::string value = option.choices.empty() ? option.value : join(option.choices, "|");
  if (option.positional) {
    return "\\fI" + escaped(option.names.front()) + "\\fR";
  }
  if (option.takes_value) {
    out += " \\fI" + escaped(value) + "\\fR";
  } else if (option.optional_value) {
    out += "[=\\fI" + escaped(value) + "\\fR]";
  }
  return out;
}

std::string options(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : command.options) {
    out += ".TP\n" + tag(option) + "\n" + escaped(option.text) +
           (option.text.ends_with('.') ? "\n" : ".\n");
  }
  return out;
}

std::string commands(const OptionTable& table) {
  std::string out;
  for (const std::string_view group : command_groups) {
    for (const CommandInfo& command : table.commands) {
      if (command_group(command.name) == group) {
        out += ".SS relapse " + escaped(command.name) + "\n" + escaped(command.text) + ".\n" +
               options(command);
      }
    }
  }
  return out;
}

/// Laid out by hand, so shown as it is.
std::string literal(std::string_view text) {
  std::string out = ".nf\n";
  for (const std::string& line : split(trim(text), '\n')) {
    out += line.empty() ? ".sp\n" : escaped(line) + "\n";
  }
  return out + ".fi\n";
}

}  // namespace

std::string man_page(const OptionTable& table) {
  std::string out =
      ".TH RELAPSE 1 \"2026-11-25\" \"relapse " + std::string(harness_version) +
      "\" \"User Commands\"\n"
      ".SH NAME\nrelapse \\- replay recorded failures and see whether each fix still holds\n"
      ".SH SYNOPSIS\n"
      ".B relapse\n[\\fIFLAG\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
      ".SH DESCRIPTION\n"
      "relapse replays recorded failures against a running server and says, with\n"
      "evidence, whether each fix still holds.\n"
      "A scenario is one JSON file: an incident, the steps that provoke it, and the\n"
      "claims that must hold.\n"
      "A target says where to replay it.\n"
      ".SH OPTIONS\nThese stand before or behind every command.\n" +
      options(table.root) + ".SH COMMANDS\n" + commands(table);
  for (const Topic& topic : help_topics()) {
    if (topic.name == "exit-codes" || topic.name == "environment") {
      continue;
    }
    std::string title(topic.name);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    out += ".SH " + title + "\n" + literal(topic.text);
  }
  out += ".SH EXIT STATUS\n";
  for (const ExitCode& one : exit_codes()) {
    out += ".TP\n" + bold(one.code) + "\n" + escaped(one.meaning) + "\n";
  }
  for (const Topic& topic : help_topics()) {
    if (topic.name == "environment") {
      out += ".SH ENVIRONMENT\n" + literal("  " + std::string(trim(topic.text)));
    }
  }
  out +=
      ".SH FILES\n"
      ".TP\n.I scenarios/\nThe scenarios; fragments in scenarios/fragments/.\n"
      ".TP\n.I fixtures/targets/\nThe targets.\n"
      ".TP\n.I reports/\nThe pages of the last run, and every run under reports/runs/.\n"
      ".TP\n.I relapse.json\nSettings; see CONFIG.\n";
  return out;
}

}  // namespace relapse
