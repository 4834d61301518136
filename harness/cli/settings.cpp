#include "cli/settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

/// The long flag that a setting stands for.
std::string flag_name(std::string_view setting) {
  if (setting == "allow_hosts") {
    return "--allow-host";
  }
  std::string name = "--" + std::string(setting);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

/// Lists are separated by commas or spaces.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string normal = text;
  std::replace(normal.begin(), normal.end(), ',', ' ');
  for (const std::string& word : split(normal, ' ')) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  return words;
}

std::vector<Setting> from_environment() {
  std::vector<Setting> settings;
  for (const SettingDoc& doc : setting_docs()) {
    const std::string variable = variable_name(doc.name);
    const std::string value = environment(variable.c_str());
    if (!value.empty()) {
      const bool list = doc.noun.starts_with("a list");
      settings.push_back({std::string(doc.name),
                          list ? words_of(value) : std::vector<std::string>{value},
                          {"$" + variable, 0, 0}});
    }
  }
  return settings;
}

bool read_file_into(const fs::path& file, Settings& settings) {
  auto text = read_file(file);
  if (!text) {
    std::fprintf(stderr, "error: %s\n", text.error().message.c_str());
    return false;
  }
  auto parsed = parse_settings(*text, file);
  for (const Diagnostic& diagnostic : parsed.diagnostics) {
    std::fputs(render(diagnostic, *text).c_str(), stderr);
  }
  if (!parsed.value) {
    std::fprintf(stderr, "%s\n", error_summary(error_count(parsed.diagnostics), 1, 1).c_str());
    return false;
  }
  // Folders count from the file that names them.
  for (Setting& setting : *parsed.value) {
    if (setting.name.ends_with("_dir")) {
      setting.values.front() = (file.parent_path() / setting.values.front()).string();
    }
  }
  settings.sources.push_back(std::move(*parsed.value));
  return true;
}

std::string place(const Setting& setting) {
  return setting.at.line == 0 ? setting.at.file.substr(1) + " of the environment"
                              : to_string(setting.at);
}

}  // namespace

std::string variable_name(std::string_view setting) {
  std::string name = "RELAPSE_";
  for (const char c : setting) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

const Setting* Settings::find(std::string_view name) const {
  for (const std::vector<Setting>& source : sources) {
    const auto found = std::ranges::find(source, name, &Setting::name);
    if (found != source.end()) {
      return &*found;
    }
  }
  return nullptr;
}

fs::path nearest_settings_file(const fs::path& folder) {
  std::error_code ignored;
  fs::path here = fs::absolute(folder, ignored).lexically_normal();
  for (;; here = here.parent_path()) {
    if (fs::is_regular_file(here / "relapse.json", ignored)) {
      return here / "relapse.json";
    }
    if (here == here.parent_path()) {
      return {};
    }
  }
}

fs::path user_settings_file() {
  const std::string base = environment("XDG_CONFIG_HOME");
  const std::string home = environment("HOME");
  if (base.empty() && home.empty()) {
    return {};
  }
  return (base.empty() ? fs::path(home) / ".config" : fs::path(base)) / "relapse" / "config.json";
}

bool read_settings(const SettingsRequest& request, Settings& settings) {
  settings.sources.push_back(from_environment());
  const fs::path file =
      request.told.empty() ? nearest_settings_file(request.folder) : fs::path(request.told);
  bool good = file.empty() || read_file_into(file, settings);
  std::error_code ignored;
  if (const fs::path user = user_settings_file();
      !user.empty() && fs::is_regular_file(user, ignored)) {
    good = read_file_into(user, settings) && good;
  }
  return good;
}

Result<void> apply_settings(CLI::App& command, const Settings& settings) {
  for (const SettingDoc& doc : setting_docs()) {
    CLI::Option* option = command.get_option_no_throw(flag_name(doc.name));
    const Setting* setting = settings.find(doc.name);
    if (option == nullptr || setting == nullptr || option->count() > 0 || setting->values.empty()) {
      continue;
    }
    try {
      for (const std::string& value : setting->values) {
        option->add_result(value);
      }
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      return Error{
          ErrorKind::usage, plain_words(error.what()), {}, "it is set in " + place(*setting)};
    }
  }
  return {};
}

}  // namespace relapse
