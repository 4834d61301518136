#include "scenario/in_order.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "scenario/expand.hpp"
#include "scenario/fragments.hpp"
#include "scenario/schema_table.hpp"
#include "scenario/writer.hpp"

namespace relapse {
namespace {

/// Claims by name may be of steps that are gone: the faults alone stay.
void forget_claims(Json& proof) {
  for (Json& entry : proof["relapses_on"]) {
    if (entry.is_object()) {
      Json fault = entry["fault"];
      entry = std::move(fault);
    }
  }
}

}  // namespace

Result<std::string> scenario_in_order(const std::filesystem::path& file,
                                      const std::filesystem::path& root,
                                      std::span<const OrderedStep> order,
                                      const std::string& title) {
  const auto text = read_file(file);
  if (!text) {
    return Error(text.error());
  }
  const Document document = parse_jsonc(*text, file);
  if (!document.root) {
    return Error{ErrorKind::usage, "the scenario cannot be read", {file.string(), 0, 0}, ""};
  }
  FragmentFolder fragments(root);
  const Expansion expansion = expand_scenario(*document.root, file, fragments);
  Json whole = to_json(expansion.root);
  const Json written = whole["steps"];
  std::vector<Json> steps;
  std::size_t own = 0;
  for (const OrderedStep& step : order) {
    own += step.added.empty() ? 1U : 0U;
    steps.push_back(step.added.empty() ? written.at(step.index) : Json::parse(step.added));
  }
  const bool shorter = own < written.size();
  whole["title"] = title;
  whole["steps"] = std::move(steps);
  whole.erase("aliases");
  if (shorter) {
    whole.erase("always");
    whole.erase("count");
    if (whole.contains("proof")) {
      forget_claims(whole["proof"]);
    }
  }
  return write_document(parse_jsonc(whole.dump(), file), schema::scenario_table);
}

}  // namespace relapse
