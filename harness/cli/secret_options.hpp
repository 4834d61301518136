#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drive/secrets.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// --secret-env NAME and --secret-file PATH, both repeatable: values that must not be written. They
/// are never values of flags, which others can see in the list of processes.
struct SecretOptions {
  std::vector<std::string> environment{};
  std::vector<std::string> files{};
};
void add_secret_options(CLI::App& command, SecretOptions& options);
/// What the run must not write. An error (kind usage) when a variable is not set, a file cannot be
/// read, or a value is too short to be told from other text.
Result<std::shared_ptr<Vault>> read_secrets(const SecretOptions& options);

/// After everything is written, and before `text` is printed: removes every file of these places
/// (folders or files; "" and what is not there are passed over) that holds a secret of the run, and
/// says so on standard error. The run then exits with 3.
bool holds_no_secret(const std::vector<std::filesystem::path>& places, const std::string& text,
                     const Vault& vault);

}  // namespace relapse
