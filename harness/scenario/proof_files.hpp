#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "model/proof.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// NAME.proof.json beside NAME.json.
std::filesystem::path proof_path(const Scenario& scenario);

/// The stored proofs: of a scenario with a file of its own alone, of the cases of a file together.
/// Each file is read once, when it is first asked for.
class ProofFiles {
 public:
  /// What is stored about the scenario, of whatever digest; nothing when there is nothing. An error
  /// when the file is there and cannot be understood.
  Result<std::optional<Proof>> find(const Scenario& scenario);

  /// To be stored in the place of what was stored about the scenario, until `write`.
  void put(const Scenario& scenario, Proof proof);

  /// Writes the files for which there is something to store.
  Result<void> write();

 private:
  struct File {
    std::vector<Proof> proofs{};  ///< by scenario
    std::optional<Error> error{};
    bool changed = false;
    bool of_cases = false;
  };
  File& file_of(const Scenario& scenario);

  std::map<std::filesystem::path, File> files_;
};

}  // namespace relapse
