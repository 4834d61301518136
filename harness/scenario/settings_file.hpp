#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/reader.hpp"

namespace relapse {

/// One key of a relapse.json, as the command line would have it: `"jobs": 4` is {"jobs", {"4"}}.
struct Setting {
  std::string name{};
  std::vector<std::string> values{};  ///< of a list each of its elements; true is "true"
  SourceRef at{};
};

/// What stands in a settings file, in its order, without "$schema".
Parsed<std::vector<Setting>> parse_settings(std::string_view text,
                                            const std::filesystem::path& file);

/// What each key of a settings file means, in the order of the table.
struct SettingDoc {
  std::string_view name;
  std::string_view noun;
  std::string_view doc;
};
std::vector<SettingDoc> setting_docs();

std::string settings_schema();

}  // namespace relapse
