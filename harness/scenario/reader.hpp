#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_ref.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

/// One thing wrong with a file: rendered with the source line and a caret.
struct Diagnostic {
  enum class Severity { error, note };
  Severity severity = Severity::error;
  std::string message{};   ///< `unknown key "exepct" in step 3`
  SourceRef at{};          ///< line 0: about the whole file, no source line is shown
  int length = 1;          ///< bytes the caret line underlines
  std::string label{};     ///< beside the carets: `did you mean "expect"?`
  std::string note{};      ///< after "= ": what would be right
  std::size_t offset = 0;  ///< byte offset in the file
  std::size_t folded =
      1;  ///< how many errors it stands for; more than 1 only for the last, "7 more"
  std::string used_by{};  ///< of an error in a fragment: "scenarios/x.json:12:5"
  std::shared_ptr<const std::string> text{};  ///< of that fragment, for rendering
  std::size_t use_offset = 0;                 ///< of the step that uses it, in the file being read
};

/// A parsed file or everything that is wrong with it (at most 20, then a count).
template <class T>
struct Parsed {
  std::optional<T> value{};  ///< present when there is no error
  std::vector<Diagnostic> diagnostics{};
};

/// The scenarios of a file: one, or one for each of its cases, in the file's order. The id of a
/// case is that of the file, a slash and its name.
Parsed<std::vector<Scenario>> parse_scenarios(std::string_view text,
                                              const std::filesystem::path& file,
                                              const std::filesystem::path& root);
/// The first of them. `text` is the file's content; `file` is used in messages; relative paths
/// inside count from its folder; `root` is the scenarios folder, from which the id is taken.
Parsed<Scenario> parse_scenario(std::string_view text, const std::filesystem::path& file,
                                const std::filesystem::path& root);
/// Everything that is wrong with a fragment by itself: its parameters are taken to be what their
/// defaults say, and of one without a default nothing is known.
std::vector<Diagnostic> check_fragment(std::string_view text, const std::filesystem::path& file,
                                       const std::filesystem::path& root);
Parsed<Target> parse_target(std::string_view text, const std::filesystem::path& file);

/// The message block of report.md section 3.5, without colour, ending in a newline.
std::string render(const Diagnostic& diagnostic, std::string_view file_text);

/// How many errors these stand for, folded ones included; notes do not count.
std::size_t error_count(const std::vector<Diagnostic>& diagnostics);

/// "2 errors in 1 of 57 files. Nothing was sent to any target."
std::string error_summary(std::size_t errors, std::size_t bad_files, std::size_t files);

/// Canonical form: two-space indent, keys in the table's order, short arrays and objects on one
/// line up to 100 columns, comments kept where they stood. Idempotent. Needs syntactically valid
/// text; returns diagnostics otherwise.
Parsed<std::string> format_scenario(std::string_view text, const std::filesystem::path& file);
/// The same for a fragment, and for a target file.
Parsed<std::string> format_fragment(std::string_view text, const std::filesystem::path& file);
Parsed<std::string> format_target(std::string_view text, const std::filesystem::path& file);

/// What of a scenario decides how it is replayed and judged, as canonical JSON: without comments,
/// $schema, title, incident, tags, aliases, proof and cases. Empty when the text is not valid.
std::string canonical_text(std::string_view text);

/// JSON Schema (draft 2020-12), generated from the tables that the parser uses.
std::string scenario_schema();
std::string target_schema();
std::string fragment_schema();

}  // namespace relapse
