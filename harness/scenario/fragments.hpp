#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenario/jsonc.hpp"
#include "scenario/reader.hpp"

namespace relapse {

/// One parameter of a fragment.
struct Parameter {
  std::string name{};
  std::string doc{};
  const Node* fallback = nullptr;  ///< its default; nullptr: every use must give it
};

/// A fragment file that was read. Its top level has been checked, its steps have not: what they
/// are is known only with their parameters.
struct Fragment {
  std::filesystem::path file{};
  std::shared_ptr<const std::string> text{};
  Document document{};
  std::vector<Parameter> parameters{};
  const Node* steps = nullptr;            ///< nullptr when the file is no good
  std::vector<Diagnostic> diagnostics{};  ///< what is wrong with the file, but for its steps

  const Parameter* find(const std::string& name) const;
};

/// Reads the text of a fragment.
std::unique_ptr<Fragment> read_fragment(std::string text, const std::filesystem::path& file);

/// The folder of fragments below a scenarios folder, each file read when it is first asked for.
class FragmentFolder {
 public:
  explicit FragmentFolder(std::filesystem::path scenarios_dir);

  /// nullptr when there is no such file.
  const Fragment* find(const std::string& name);
  /// All names, sorted: for suggestions.
  std::vector<std::string> names() const;
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<Fragment>> read_;
};

/// It lies in the folder of fragments: read like one, and no scenario.
bool is_fragment_file(const std::filesystem::path& path,
                      const std::filesystem::path& scenarios_dir);

}  // namespace relapse
