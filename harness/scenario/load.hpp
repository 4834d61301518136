#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "scenario/reader.hpp"

namespace relapse {

/// A file that has something to say about: its text is kept for rendering.
struct FileReport {
  std::filesystem::path path{};
  std::string text{};
  std::vector<Diagnostic> diagnostics{};
};

/// All scenarios of a folder, or of a list of files.
struct LoadedScenarios {
  std::vector<Scenario> scenarios{};  ///< the good ones, by the files' ids
  std::vector<FileReport> reports{};  ///< files with errors or notes
  std::size_t files = 0;

  std::size_t errors() const;
  std::size_t bad_files() const;
};

/// Paths of the scenario files below the folder, sorted by id: every .json but *.proof.json,
/// *.schema.json, hidden ones and what lies in a folder called fragments. An error when there is no
/// such folder.
Result<std::vector<std::filesystem::path>> find_scenario_files(const std::filesystem::path& root);

/// Reads these files; one that cannot be read is reported like one with errors. Two files with one
/// id (or with an alias that is another's id) are errors too.
LoadedScenarios load_scenarios(std::span<const std::filesystem::path> files,
                               const std::filesystem::path& root);
/// find_scenario_files and load_scenarios.
Result<LoadedScenarios> load_scenarios(const std::filesystem::path& root);

/// Whether the scenario is a case of its file, which then holds others.
bool is_case(const Scenario& scenario);

/// The scenarios that any of the selectors names, in the order of `all`, each once: an id, that of
/// a file with cases, an alias, a path ending in .json, a glob with * (any characters) over ids,
/// `tag:NAME`, `incident:REF`. All of them when there is no selector. A selector that names nothing
/// is an error with a suggestion.
Result<std::vector<Scenario>> select_scenarios(const std::vector<Scenario>& all,
                                               std::span<const std::string> selectors);

/// The target file: a path to it, or its name below the folder. Unknown: an error with a
/// suggestion.
Result<std::filesystem::path> find_target(const std::string& name_or_path,
                                          const std::filesystem::path& folder);
/// Names of the targets in a folder, sorted; empty when there is no folder.
std::vector<std::string> target_names(const std::filesystem::path& folder);

/// The files that check and fmt read: those named (a folder stands for all below it), or every
/// scenario and every target when none is named.
Result<std::vector<std::filesystem::path>> files_to_read(std::span<const std::string> named,
                                                         const std::filesystem::path& scenarios_dir,
                                                         const std::filesystem::path& targets_dir);

/// Paths of the fragments below a scenarios folder, sorted.
std::vector<std::filesystem::path> find_fragment_files(const std::filesystem::path& root);

/// Whether a file is meant to be a target: it has an address, a launch or an ASGI application and
/// no steps.
bool looks_like_target(std::string_view text);

/// `*` stands for any characters, none included.
bool glob_matches(std::string_view glob, std::string_view text);

}  // namespace relapse
