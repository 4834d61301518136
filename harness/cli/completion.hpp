#pragma once
#include <string>

#include "cli/option_table.hpp"

namespace relapse {

/// Scripts that complete commands, flags and their values in a shell. Words that only the working
/// folder knows (scenarios, targets, faults, runs) they ask from `relapse __complete KIND`.
std::string bash_completion(const OptionTable& table);
std::string zsh_completion(const OptionTable& table);
std::string fish_completion(const OptionTable& table);

/// What a value is completed with: a kind for `relapse __complete`, "@file", "@folder", or "" for
/// nothing that could be guessed.
std::string value_kind(std::string_view command, const OptionInfo& option);

/// In single quotes for a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace relapse
