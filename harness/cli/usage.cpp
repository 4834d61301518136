#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"

namespace relapse {
namespace {

std::string in_quotes(std::string_view word) {
  return "\"" + safe_text(word, 80).str() + "\"";
}

/// `"x" of "prefix x suffix"`, or nothing.
std::optional<std::string> between(std::string_view text, std::string_view before,
                                   std::string_view after) {
  const std::size_t from = text.find(before);
  if (from == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t begin = from + before.size();
  const std::size_t end = after.empty() ? text.size() : text.find(after, begin);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(text.substr(begin, end - begin));
}

std::vector<std::string> flags_of(const OptionTable& table, const CommandInfo* command) {
  std::vector<std::string> names;
  for (const CommandInfo* one : {&table.root, command}) {
    if (one == nullptr) {
      continue;
    }
    for (const OptionInfo& option : one->options) {
      if (!option.positional) {
        names.insert(names.end(), option.names.begin(), option.names.end());
      }
    }
  }
  return names;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  return did_you_mean(word, candidates);
}

std::string list_hint(std::string_view command) {
  return command.empty() ? "relapse --help" : "relapse help " + std::string(command);
}

/// The subcommand that was being parsed; null: none.
const CLI::App* current_command(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

}  // namespace

Error unexpected_word(const OptionTable& table, std::string_view command, std::string_view word) {
  const CommandInfo* here = table.find(command);
  if (word.starts_with('-') && word.size() > 1) {
    const std::string_view flag = word.substr(0, word.find('='));
    Error error{ErrorKind::usage, "unknown flag " + safe_text(flag, 80).str(), {}, ""};
    if (const auto near = nearest(flag, flags_of(table, here))) {
      error.hint = "did you mean " + *near + "?";
      return error;
    }
    for (const CommandInfo& other : table.commands) {
      if (find_option(other, flag) != nullptr) {
        error.hint = "relapse " + other.name + " " + safe_text(flag, 80).str();
        return error;
      }
    }
    error.hint = list_hint(command);
    return error;
  }
  if (!command.empty()) {
    return {ErrorKind::usage,
            "relapse " + std::string(command) + " takes no argument " + in_quotes(word),
            {},
            list_hint(command)};
  }
  Error error{ErrorKind::usage, "unknown command " + in_quotes(word), {}, list_hint("")};
  std::vector<std::string> names;
  for (const CommandInfo& one : table.commands) {
    names.push_back(one.name);
  }
  if (const auto near = nearest(word, names)) {
    error.hint = "did you mean relapse " + *near + "?";
  }
  return error;
}

std::string plain_words(std::string_view sentence) {
  if (const auto rest = between(sentence, "Could not convert: ", "")) {
    const std::size_t equals = rest->find(" = ");
    if (equals != std::string::npos) {
      return rest->substr(0, equals) + " takes a number, not " +
             in_quotes(rest->substr(equals + 3));
    }
  }
  if (const auto name = between(sentence, "", ": 1 required ")) {
    return *name + " needs a value";
  }
  if (const auto name = between(sentence, "", ": Value ")) {
    const auto value = between(sentence, ": Value ", " not in range ");
    const auto first = between(sentence, " not in range ", " to ");
    const auto last = between(sentence, " to ", "");
    if (value && first && last) {
      return *name + " takes a number from " + *first + " to " + *last + ", not " +
             in_quotes(*value);
    }
  }
  const std::size_t set = sentence.find(" not in {");
  const std::size_t colon = sentence.find(": ");
  if (set != std::string_view::npos && colon != std::string_view::npos && colon < set) {
    const std::string word(sentence.substr(colon + 2, set - colon - 2));
    const auto inside = between(sentence, " not in {", "}");
    std::vector<std::string> values;
    for (const std::string& one : split(inside.value_or(""), ',')) {
      values.emplace_back(trim(one.substr(0, one.find("->"))));
    }
    std::string out = std::string(sentence.substr(0, colon)) + " takes " + join_and(values, "or") +
                      ", not " + in_quotes(word);
    if (const auto near = nearest(word, values)) {
      out += "; did you mean " + *near + "?";
    }
    return out;
  }
  if (const auto pair = between(sentence, "", " excludes ")) {
    return *pair + " and " + *between(sentence, " excludes ", "") + " cannot be given together";
  }
  if (const auto pair = between(sentence, "", " requires ")) {
    return *pair + " needs " + *between(sentence, " requires ", "") + " too";
  }
  if (const auto name = between(sentence, "", " is required")) {
    return *name + " is missing";
  }
  return safe_text(sentence, 400).str();
}

Error explain_usage(const CLI::App& app, const CLI::ParseError& error) {
  const OptionTable table = read_option_table(app);
  const CLI::App* command = current_command(app);
  const std::string name = command == nullptr ? "" : command->get_name();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> extras = app.remaining(true);
    if (!extras.empty()) {
      // A flag first: what looks like an argument may only be the value of an unknown flag.
      const auto flag = std::ranges::find_if(
          extras, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
      return unexpected_word(table, name, flag != extras.end() ? *flag : extras.front());
    }
  }
  return {ErrorKind::usage, plain_words(error.what()), {}, list_hint(name)};
}

}  // namespace relapse
