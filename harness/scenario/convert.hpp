#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/scenario.hpp"
#include "model/target.hpp"
#include "scenario/jsonc.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {

/// What the conversion of one file shares. The tree has passed check_tree; only the contents of
/// files it names are still unknown.
struct Conversion {
  const std::filesystem::path& file;
  std::vector<Diagnostic>& diagnostics;
  std::string read_files{};       ///< what was read from {"file": ...}, for the digest
  std::vector<StepMeta> metas{};  ///< beside the steps of an expanded scenario
};

Scenario convert_scenario(const Node& root, Conversion& conversion);
Target convert_target(const Node& root, Conversion& conversion);

std::vector<Step> convert_steps(const Node& list, Conversion& conversion);
HttpRequest convert_request(const Node& node, Conversion& conversion);
/// The selector among the members of an object; `lane` is where it looks.
Selector convert_selector(const Node& node, std::string lane, const Conversion& conversion);
Octets convert_octets(const Node& node, Conversion& conversion);

// The ASGI plane (convert_asgi.cpp).

/// The edits in the order set, remove, retype, each in that of the file.
Call convert_call(const Node& node);
/// Nothing for a step of another kind.
std::optional<Action> convert_asgi_action(const StepView& view);
AsgiApp convert_asgi_app(const Node& node, const Conversion& conversion);

/// A relative path counts from the folder of the file; one that starts with ${...} stays.
std::string absolute_path(const std::string& path, const Conversion& conversion);

// Members of a checked object, with what an absent one means.

bool flag(const Node& node, std::string_view key, bool fallback);
std::string text(const Node& node, std::string_view key, std::string fallback = {});
std::optional<Duration> time_of(const Node& node, std::string_view key);
int small_number(const Node& node, std::string_view key, int fallback);
/// A string or list of strings as a list; empty when absent.
std::vector<std::string> texts(const Node& node, std::string_view key);
/// {name: value or [values]} flattened in file order.
std::vector<std::pair<std::string, std::string>> pairs(const Node& node, std::string_view key);
std::vector<Header> headers(const Node& node, std::string_view key);
/// The same with values like {"repeat": "a", "times": 70000}.
std::vector<Header> sent_headers(const Node& node, Conversion& conversion);
/// {name: value or null}
std::map<std::string, std::optional<std::string>> environment(const Node& node,
                                                              std::string_view key);
std::map<std::string, std::string> file_contents(const Node& node, std::string_view key);
/// The file in which it stands: the one being read, or a fragment.
const std::filesystem::path& file_of(const Span& span, const Conversion& conversion);
SourceRef source(const Node& node, const Conversion& conversion);

}  // namespace relapse
