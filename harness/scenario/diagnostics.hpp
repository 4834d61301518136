#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/jsonc.hpp"
#include "scenario/reader.hpp"

namespace relapse {

/// Where a fragment's text stands, for one use of it.
struct Origin {
  std::filesystem::path file{};
  std::shared_ptr<const std::string> text{};
  std::string
      used_by{};  ///< the whole way: "scenarios/fragments/b.json:3:5, scenarios/x.json:12:5"
  std::size_t use_offset = 0;  ///< of the step in the file being read
};

/// How many errors of one file are shown; the rest is counted.
inline constexpr std::size_t max_shown_errors = 20;

/// The text in double quotes, made safe and cut at 60 bytes: for messages about what a user wrote.
std::string quote(std::string_view text);

/// `did you mean "x"?`, or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

/// A diagnostic at a place of the file. Multi-line values are underlined on their first line only.
Diagnostic make_error(const std::filesystem::path& file, const Span& span, std::string message,
                      std::string label = {}, std::string note = {});

/// In file order, one message only for one place and text, errors beyond max_shown_errors folded
/// into a last diagnostic that counts them.
std::vector<Diagnostic> finish(std::vector<Diagnostic> diagnostics,
                               const std::filesystem::path& file);

/// True when one of them is an error (not just a note).
bool has_errors(const std::vector<Diagnostic>& diagnostics);

/// Columns that the text takes on a terminal: wide characters count two, combining marks none.
std::size_t display_width(std::string_view text);

}  // namespace relapse
