#include "scenario/proof_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>

#include "base/files.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

Result<std::vector<Proof>> read_proofs(const std::string& text) {
  Value json;
  if (!parse_json(text, json)) {
    return Error{ErrorKind::usage, "not JSON"};
  }
  return proofs_from_json(json.json());
}

/// A proof goes with its file when that is moved: of the id only the last part counts.
std::string_view last_part(std::string_view id) {
  return id.substr(id.rfind('/') + 1);
}

}  // namespace

std::filesystem::path proof_path(const Scenario& scenario) {
  return std::filesystem::path(scenario.file).replace_extension(".proof.json");
}

ProofFiles::File& ProofFiles::file_of(const Scenario& scenario) {
  const std::filesystem::path path = proof_path(scenario);
  const auto [found, added] = files_.try_emplace(path);
  File& file = found->second;
  std::error_code ignored;
  if (!added || !std::filesystem::exists(path, ignored)) {
    return file;
  }
  const auto text = read_file(path);
  auto proofs = text ? read_proofs(*text) : Result<std::vector<Proof>>(text.error());
  if (proofs) {
    file.proofs = *std::move(proofs);
  } else {
    file.error = std::move(proofs).error();
  }
  return file;
}

Result<std::optional<Proof>> ProofFiles::find(const Scenario& scenario) {
  const File& file = file_of(scenario);
  if (file.error) {
    return *file.error;
  }
  if (!is_case(scenario)) {
    return file.proofs.size() == 1 ? std::optional(file.proofs.front()) : std::nullopt;
  }
  const auto found = std::find_if(file.proofs.begin(), file.proofs.end(), [&](const Proof& one) {
    return last_part(one.scenario) == last_part(scenario.id);
  });
  return found != file.proofs.end() ? std::optional(*found) : std::nullopt;
}

void ProofFiles::put(const Scenario& scenario, Proof proof) {
  File& file = file_of(scenario);
  file.of_cases = is_case(scenario);
  file.changed = true;
  file.error.reset();
  // Of a scenario that has become cases, or the other way round, nothing is kept. No case is called
  // like its file.
  const std::string stem = std::filesystem::path(scenario.file).stem().string();
  std::erase_if(file.proofs, [&](const Proof& one) {
    const std::string_view name = last_part(one.scenario);
    return !file.of_cases || name == last_part(scenario.id) || name == stem;
  });
  const auto behind =
      std::upper_bound(file.proofs.begin(), file.proofs.end(), proof,
                       [](const Proof& a, const Proof& b) { return a.scenario < b.scenario; });
  file.proofs.insert(behind, std::move(proof));
}

Result<void> ProofFiles::write() {
  for (auto& [path, file] : files_) {
    if (!file.changed) {
      continue;
    }
    const Json json = file.of_cases ? to_json(file.proofs) : to_json(file.proofs.front());
    if (auto written = write_file(path, json.dump(2) + "\n"); !written) {
      return written;
    }
    file.changed = false;
  }
  return {};
}

}  // namespace relapse
