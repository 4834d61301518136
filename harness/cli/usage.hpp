#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/option_table.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace relapse {

/// What is wrong with a command line, in the house's words, with a suggestion for a misspelt
/// command or flag.
Error explain_usage(const CLI::App& app, const CLI::ParseError& error);

/// About a word that the parser did not expect behind `command` ("" at the root).
Error unexpected_word(const OptionTable& table, std::string_view command, std::string_view word);

/// The parser's own sentence about an option, rewritten: "Could not convert: --jobs = x" becomes
/// `--jobs takes a number, not "x"`. Others are returned as they are.
std::string plain_words(std::string_view sentence);

}  // namespace relapse
