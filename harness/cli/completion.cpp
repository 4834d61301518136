#include "cli/completion.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/help.hpp"

namespace relapse {
namespace {

struct Kind {
  std::string_view value;
  std::string_view kind;
};
constexpr std::array<Kind, 12> kinds{{{"TARGET", "targets"},
                                      {"FAULT", "faults"},
                                      {"SELECTOR", "selectors"},
                                      {"SCENARIO", "ids"},
                                      {"RUN", "runs"},
                                      {"RESULT", "ids"},
                                      {"ID", "ids"},
                                      {"TOPIC", "topics"},
                                      {"FILE", "@file"},
                                      {"TIMELINE", "@file"},
                                      {"DIR", "@folder"},
                                      {"FOLDER", "@folder"}}};

/// The words of an option's value as a case of the bash function.
std::string bash_value(std::string_view command, const OptionInfo& option) {
  if (!option.choices.empty()) {
    return "words=" + shell_quoted(join(option.choices, " "));
  }
  const std::string kind = value_kind(command, option);
  if (kind == "@file" || kind == "@folder") {
    return kind == "@file" ? "files=-f" : "files=-d";
  }
  return kind.empty() ? "return" : "words=$(_relapse_words " + kind + ")";
}

std::string bash_command(const CommandInfo& command, const CommandInfo& root) {
  std::string flags, values, kinds_asked;
  std::string positional = "return";
  for (const CommandInfo* one : {&command, &root}) {
    for (const OptionInfo& option : one->options) {
      if (option.positional) {
        // `show` takes a run and then a result: both are offered.
        const std::string kind = value_kind(command.name, option);
        kinds_asked += kind.empty() || kind[0] == '@' ? "" : "_relapse_words " + kind + "; ";
        positional =
            kinds_asked.empty() ? bash_value(command.name, option) : "words=$(" + kinds_asked + ")";
        continue;
      }
      flags += (flags.empty() ? "" : " ") + join(option.names, " ");
      if (option.takes_value) {
        values += "        " + join(option.names, "|") + ") " + bash_value(command.name, option) +
                  " ;;\n";
      }
    }
  }
  std::string out = "    " + command.name + ")\n      case $previous in\n" + values +
                    "        *)\n          if [[ $current == -* ]]; then\n            words=" +
                    shell_quoted(flags) + "\n          else\n            " + positional +
                    "\n          fi ;;\n      esac ;;\n";
  return out;
}

std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string zsh_action(std::string_view command, const OptionInfo& option) {
  if (!option.choices.empty()) {
    return ":(" + join(option.choices, " ") + ")";
  }
  const std::string kind = value_kind(command, option);
  if (kind == "@file") {
    return ":_files";
  }
  if (kind == "@folder") {
    return ":_files -/";
  }
  // The blank keeps zsh from putting arguments of its own in between.
  return kind.empty() ? ": " : ": _relapse_words " + kind;
}

std::string zsh_option(std::string_view command, const OptionInfo& option) {
  const std::string value =
      option.takes_value ? ":" + to_lower(option.value) + zsh_action(command, option) : "";
  const std::string text = "[" + zsh_text(option.text) + "]";
  if (option.positional) {
    return "      " +
           shell_quoted((option.repeats ? "*:" : ":") + to_lower(option.value) +
                        zsh_action(command, option)) +
           " \\\n";
  }
  std::string out;
  for (const std::string& name : option.names) {
    out += "      " + shell_quoted((option.repeats ? "*" : "") + name + text + value) + " \\\n";
  }
  return out;
}

}  // namespace

std::string value_kind(std::string_view command, const OptionInfo& option) {
  // "run" is a run's name with show and report, and judge takes a scenario.
  if (command == "check" || command == "fmt") {
    return option.positional ? "@file" : "";
  }
  const auto* found = std::ranges::find(kinds, option.value, &Kind::value);
  return found == kinds.end() ? "" : std::string(found->kind);
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string bash_completion(const OptionTable& table) {
  std::string names, cases;
  for (const CommandInfo& command : table.commands) {
    names += (names.empty() ? "" : " ") + command.name;
    cases += bash_command(command, table.root);
  }
  std::string root_flags;
  for (const OptionInfo& option : table.root.options) {
    root_flags += (root_flags.empty() ? "" : " ") + join(option.names, " ");
  }
  return "# bash completion for relapse; made by: relapse completion bash\n"
         "_relapse_words() {\n"
         "  command \"${COMP_WORDS[0]/#\\~/$HOME}\" \"${_relapse_home[@]}\" __complete \"$1\" "
         "2>/dev/null\n"
         "}\n\n"
         "_relapse() {\n"
         "  local current previous command= words= files= i\n"
         "  local -a _relapse_home=()\n"
         "  COMPREPLY=()\n"
         "  # bash takes = and : for ends of words: they are put together again.\n"
         "  current=${COMP_LINE:0:COMP_POINT}\n"
         "  current=${current##*[[:space:]]}\n"
         "  previous=\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in\n"
         "      -C) _relapse_home=(-C \"${COMP_WORDS[i + 1]}\"); ((i++)); previous= ;;\n"
         "      -*) previous=${COMP_WORDS[i]} ;;\n"
         "      [=:]) ;;\n"
         "      *) [[ -z $command && $previous != --config && $previous != --color ]] &&\n"
         "           command=${COMP_WORDS[i]}\n"
         "         previous=${COMP_WORDS[i]} ;;\n"
         "    esac\n"
         "  done\n"
         "  [[ ${COMP_WORDS[COMP_CWORD - 1]} == -C ]] && previous=-C\n"
         "  case $command in\n"
         "    '')\n"
         "      case $previous in\n"
         "        -C) files=-d ;;\n"
         "        --config) files=-f ;;\n"
         "        --color) words='auto always never' ;;\n"
         "        *) words=" +
         shell_quoted(names + " " + root_flags) +
         " ;;\n"
         "      esac ;;\n" +
         cases +
         "  esac\n"
         "  if [[ -n $files ]]; then\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    mapfile -t COMPREPLY < <(compgen $files -- \"$current\")\n"
         "    return\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "  # What stands before the last colon is on the line already.\n"
         "  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then\n"
         "    COMPREPLY=(\"${COMPREPLY[@]#\"${current%\"${current##*:}\"}\"}\")\n"
         "  fi\n"
         "}\n"
         "complete -F _relapse relapse\n";
}

std::string zsh_completion(const OptionTable& table) {
  std::string names, cases, root;
  for (const OptionInfo& option : table.root.options) {
    root += zsh_option("", option);
  }
  for (const CommandInfo& command : table.commands) {
    names += "      " + shell_quoted(command.name + ":" + zsh_text(command.text)) + "\n";
    cases += "    " + command.name + ") _arguments -s \\\n";
    for (const OptionInfo& option : command.options) {
      cases += zsh_option(command.name, option);
    }
    cases += root + "      && return ;;\n";
  }
  return "#compdef relapse\n"
         "# zsh completion for relapse; made by: relapse completion zsh\n"
         "_relapse_words() {\n"
         "  local -a found\n"
         "  found=(${(f)\"$(_call_program words ${_relapse_program:-relapse} __complete $1)\"})\n"
         "  compadd -a found\n"
         "}\n\n"
         "_relapse() {\n"
         "  local context state state_descr line curcontext=\"$curcontext\"\n"
         "  typeset -A opt_args\n"
         "  local _relapse_program=$words[1]\n"
         "  _arguments -C \\\n" +
         root +
         "      '1: :->command' \\\n"
         "      '*:: :->rest' && return\n"
         "  if [[ $state == command ]]; then\n"
         "    local -a commands=(\n" +
         names +
         "    )\n"
         "    _describe -t commands command commands\n"
         "    return\n"
         "  fi\n"
         "  case $words[1] in\n" +
         cases +
         "  esac\n"
         "}\n\n"
         "if [[ $funcstack[1] == _relapse ]]; then\n"
         "  _relapse \"$@\"\n"
         "else\n"
         "  compdef _relapse relapse\n"
         "fi\n";
}

}  // namespace relapse
