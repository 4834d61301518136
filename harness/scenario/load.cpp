#include "scenario/load.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/text.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/fragments.hpp"
#include "scenario/jsonc.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

bool is_scenario_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".json") && !name.ends_with(".proof.json") &&
         !name.ends_with(".schema.json") && !name.starts_with('.');
}

bool is_hidden_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "fragments" || name.starts_with('.');
}

FileReport unreadable(const fs::path& path, const Error& error) {
  Diagnostic diagnostic;
  diagnostic.message = error.message;
  diagnostic.note = error.hint;
  diagnostic.at.file = path.generic_string();
  return {path, {}, {std::move(diagnostic)}};
}

/// Ids are what history and selectors go by; two scenarios must not share one.
void check_ids(LoadedScenarios& loaded) {
  std::map<std::string, std::string> owner;  // id or alias -> file
  std::set<std::string> bad;
  const auto claim = [&](const std::string& id, const Scenario& scenario, bool alias) {
    const auto [other, added] = owner.emplace(id, scenario.file);
    if (added) {
      return;
    }
    Diagnostic diagnostic;
    diagnostic.message = std::string(alias ? "the alias " : "the id ") + quote(id) +
                         " belongs to " + other->second + " too";
    diagnostic.at.file = scenario.file;
    loaded.reports.push_back({scenario.file, {}, {std::move(diagnostic)}});
    bad.insert(scenario.file);
  };
  for (const Scenario& scenario : loaded.scenarios) {
    claim(scenario.id, scenario, false);
  }
  for (const Scenario& scenario : loaded.scenarios) {
    for (const std::string& alias : scenario.aliases) {
      claim(alias, scenario, true);
    }
  }
  std::erase_if(loaded.scenarios, [&](const Scenario& one) { return bad.contains(one.file); });
}

/// The id without the name of the case.
std::string_view file_id(const Scenario& scenario) {
  return std::string_view(scenario.id).substr(0, scenario.id.rfind('/'));
}

bool names_file(const Scenario& scenario, std::string_view selector) {
  std::error_code ignored;
  return fs::path(scenario.file).lexically_normal() == fs::path(selector).lexically_normal() ||
         fs::equivalent(scenario.file, selector, ignored);
}

bool selected(const Scenario& scenario, const std::string& selector) {
  if (selector.starts_with("tag:")) {
    return std::find(scenario.tags.begin(), scenario.tags.end(), selector.substr(4)) !=
           scenario.tags.end();
  }
  if (selector.starts_with("incident:")) {
    return scenario.incident.ref == selector.substr(9);
  }
  if (selector.find('*') != std::string::npos) {
    return glob_matches(selector, scenario.id);
  }
  if (selector.ends_with(".json")) {
    return names_file(scenario, selector);
  }
  return scenario.id == selector || (is_case(scenario) && file_id(scenario) == selector) ||
         std::find(scenario.aliases.begin(), scenario.aliases.end(), selector) !=
             scenario.aliases.end();
}

Error selects_nothing(const std::vector<Scenario>& all, const std::string& selector) {
  std::map<std::string, std::string> candidates;  // what may have been meant -> how it is written
  for (const Scenario& scenario : all) {
    if (selector.starts_with("tag:")) {
      for (const std::string& tag : scenario.tags) {
        candidates["tag:" + tag] = "tag:" + tag;
      }
    } else if (selector.starts_with("incident:")) {
      candidates["incident:" + scenario.incident.ref] = "incident:" + scenario.incident.ref;
    } else {
      candidates[scenario.id] = scenario.id;
      candidates.emplace(scenario.id.substr(scenario.id.rfind('/') + 1), scenario.id);
    }
  }
  std::vector<std::string_view> words;
  for (const auto& [word, written] : candidates) {
    words.push_back(word);
  }
  const auto near = did_you_mean(selector, words);
  return {ErrorKind::usage,
          "no scenario is selected by " + quote(selector),
          {},
          near ? "did you mean \"" + candidates[*near] + "\"?" : "relapse list shows them"};
}

/// As the user would name it: from the current folder when it lies below.
fs::path shown(const fs::path& path) {
  std::error_code failed;
  const fs::path here = fs::current_path(failed);
  const fs::path relative =
      failed || path.is_relative() ? fs::path() : path.lexically_relative(here);
  return relative.empty() || *relative.begin() == ".." ? path : relative;
}

}  // namespace

bool is_case(const Scenario& scenario) {
  // A case is never called like its file.
  const std::size_t slash = scenario.id.rfind('/');
  return slash != std::string::npos &&
         scenario.id.substr(slash + 1) != fs::path(scenario.file).stem().string();
}

std::size_t LoadedScenarios::errors() const {
  std::size_t count = 0;
  for (const FileReport& report : reports) {
    count += error_count(report.diagnostics);
  }
  return count;
}

std::size_t LoadedScenarios::bad_files() const {
  return static_cast<std::size_t>(
      std::count_if(reports.begin(), reports.end(),
                    [](const FileReport& report) { return has_errors(report.diagnostics); }));
}

Result<std::vector<fs::path>> find_scenario_files(const fs::path& root) {
  std::error_code failed;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(root, failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && is_hidden_folder(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file(ignored) && is_scenario_file(entry->path())) {
      files.push_back(shown(entry->path()));
    }
  }
  if (failed) {
    return Error{
        ErrorKind::usage,
        "cannot read the scenarios folder " + root.generic_string() + ": " + failed.message(),
        {},
        "name another one with -C DIR"};
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return fs::path(a).replace_extension().generic_string() <
           fs::path(b).replace_extension().generic_string();
  });
  return files;
}

std::vector<fs::path> find_fragment_files(const fs::path& root) {
  FragmentFolder folder(root);
  std::vector<fs::path> files;
  for (const std::string& name : folder.names()) {
    files.push_back(shown(folder.path() / (name + ".json")));
  }
  return files;
}

LoadedScenarios load_scenarios(std::span<const fs::path> files, const fs::path& root) {
  LoadedScenarios loaded;
  loaded.files = files.size();
  for (const fs::path& path : files) {
    auto text = read_file(path);
    if (!text) {
      loaded.reports.push_back(unreadable(path, text.error()));
      continue;
    }
    auto parsed = parse_scenarios(*text, path, root);
    if (!parsed.diagnostics.empty()) {
      loaded.reports.push_back({path, *text, std::move(parsed.diagnostics)});
    }
    if (parsed.value) {
      std::move(parsed.value->begin(), parsed.value->end(), std::back_inserter(loaded.scenarios));
    }
  }
  check_ids(loaded);
  return loaded;
}

Result<LoadedScenarios> load_scenarios(const fs::path& root) {
  auto files = find_scenario_files(root);
  if (!files) {
    return std::move(files).error();
  }
  return load_scenarios(*files, root);
}

Result<std::vector<Scenario>> select_scenarios(const std::vector<Scenario>& all,
                                               std::span<const std::string> selectors) {
  if (selectors.empty()) {
    return all;
  }
  std::set<std::size_t> chosen;
  for (const std::string& selector : selectors) {
    bool any = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (selected(all[i], selector)) {
        chosen.insert(i);
        any = true;
      }
    }
    if (!any) {
      return selects_nothing(all, selector);
    }
  }
  std::vector<Scenario> list;
  for (const std::size_t i : chosen) {
    list.push_back(all[i]);
  }
  return list;
}

std::vector<std::string> target_names(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names;
  fs::directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    if (is_scenario_file(entry->path())) {
      names.push_back(entry->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<fs::path> find_target(const std::string& name_or_path, const fs::path& folder) {
  std::error_code ignored;
  const fs::path named = folder / (name_or_path + ".json");
  const bool plain = name_or_path.find('/') == std::string::npos && !name_or_path.empty();
  if (plain && fs::is_regular_file(named, ignored)) {
    return shown(named);
  }
  if (fs::is_regular_file(name_or_path, ignored)) {
    return fs::path(name_or_path);
  }
  const std::vector<std::string> names = target_names(folder);
  const std::vector<std::string_view> views(names.begin(), names.end());
  Error error{ErrorKind::usage, "no target is called " + quote(name_or_path)};
  error.hint = suggestion(name_or_path, views);
  if (error.hint.empty()) {
    error.hint = names.empty() ? "there is no target file in " + folder.generic_string()
                               : "the targets are: " + join(names, ", ");
  }
  return error;
}

Result<std::vector<fs::path>> files_to_read(std::span<const std::string> named,
                                            const fs::path& scenarios_dir,
                                            const fs::path& targets_dir) {
  std::vector<fs::path> files;
  for (const std::string& name : named) {
    std::error_code ignored;
    if (!fs::is_directory(name, ignored)) {
      files.emplace_back(name);
      continue;
    }
    auto below = find_scenario_files(name);
    if (!below) {
      return std::move(below).error();
    }
    files.insert(files.end(), below->begin(), below->end());
    const bool is_fragments = is_fragment_file(fs::path(name) / "x.json", scenarios_dir);
    for (const fs::path& fragment : find_fragment_files(scenarios_dir)) {
      const bool inside = !shown(fragment).lexically_relative(shown(name)).empty() &&
                          *shown(fragment).lexically_relative(shown(name)).begin() != "..";
      if (inside && !is_fragments) {
        files.push_back(fragment);
      }
    }
  }
  if (!named.empty()) {
    return files;
  }
  auto scenarios = find_scenario_files(scenarios_dir);
  if (!scenarios) {
    return std::move(scenarios).error();
  }
  files = *std::move(scenarios);
  const std::vector<fs::path> fragments = find_fragment_files(scenarios_dir);
  files.insert(files.end(), fragments.begin(), fragments.end());
  for (const std::string& target : target_names(targets_dir)) {
    files.push_back(shown(targets_dir / (target + ".json")));
  }
  return files;
}

bool looks_like_target(std::string_view text) {
  const Document document = parse_jsonc(text, {});
  return document.root && document.root->find("steps") == nullptr &&
         (document.root->find("address") != nullptr || document.root->find("launch") != nullptr ||
          document.root->find("asgi") != nullptr);
}

bool glob_matches(std::string_view glob, std::string_view text) {
  // The last star takes one character more each time the rest does not fit: linear in practice.
  std::size_t g = 0, t = 0, star = std::string_view::npos, star_t = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_t = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++star_t;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') {
    ++g;
  }
  return g == glob.size();
}

}  // namespace relapse
