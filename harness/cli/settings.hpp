#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "scenario/settings_file.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// Settings in the order in which they count: RELAPSE_* of the environment, the nearest
/// relapse.json, the user's own file. What is typed comes before all of them.
struct Settings {
  std::vector<std::vector<Setting>> sources{};

  /// The first source's; nullptr when none has it.
  const Setting* find(std::string_view name) const;
};

/// Every problem has been printed when this returns nothing. `told` is the file of --config, in the
/// place of the nearest relapse.json from `folder` upwards.
struct SettingsRequest {
  std::string told{};
  std::filesystem::path folder{};
};
bool read_settings(const SettingsRequest& request, Settings& settings);

/// The nearest relapse.json from this folder upwards; empty when there is none.
std::filesystem::path nearest_settings_file(const std::filesystem::path& folder);
/// $XDG_CONFIG_HOME/relapse/config.json
std::filesystem::path user_settings_file();

/// Gives the command's options that were not typed what the settings say. An error names the place.
Result<void> apply_settings(CLI::App& command, const Settings& settings);

/// "RELAPSE_FAIL_FAST" of "fail_fast".
std::string variable_name(std::string_view setting);

}  // namespace relapse
