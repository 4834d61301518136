#include "cli/secret_options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "base/files.hpp"
#include "base/scan_written.hpp"
#include "base/text.hpp"
#include "cli/inputs.hpp"

namespace relapse {

void add_secret_options(CLI::App& command, SecretOptions& options) {
  command
      .add_option("--secret-env", options.environment,
                  "Keep the value of this environment variable out of everything written")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--secret-file", options.files,
                  "Keep what this file holds out of everything written")
      ->type_name("PATH")
      ->allow_extra_args(false);
}

Result<std::shared_ptr<Vault>> read_secrets(const SecretOptions& options) {
  auto vault = std::make_shared<Vault>();
  for (const std::string& name : options.environment) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
      return Error{
          ErrorKind::usage,
          "--secret-env: the environment variable " + safe_text(name, 100).str() + " is not set",
          {},
          "export it, or leave the option out"};
    }
    if (auto kept = vault->give("env:" + name, value); !kept) {
      return std::move(kept).error();
    }
  }
  for (const std::string& path : options.files) {
    auto content = read_file(path);
    if (!content) {
      return std::move(content).error();
    }
    // A file ends with a newline that is no part of the value.
    const std::string value(trim(*content));
    if (auto kept = vault->give("file:" + path, value); !kept) {
      return std::move(kept).error();
    }
  }
  return vault;
}

bool holds_no_secret(const std::vector<std::filesystem::path>& places, const std::string& text,
                     const Vault& vault) {
  const KnownValues known = vault.all();
  bool clean = true;
  const auto look = [&clean](const Result<void>& found) {
    if (!found) {
      print_error(found.error());
      clean = false;
    }
  };
  for (const std::filesystem::path& place : places) {
    if (!place.empty()) {
      look(scan_written(place, known));
    }
  }
  look(scan_text(text, "the text for the terminal", known));
  return clean;
}

}  // namespace relapse
