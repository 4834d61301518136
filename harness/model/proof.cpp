#include "model/proof.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "model/fields.hpp"

namespace relapse {

namespace {

constexpr std::array<std::string_view, 4> result_names{"discriminates", "misses",
                                                       "fails_when_fixed", "inconclusive"};

}  // namespace

std::string_view to_string(ProofResult result) {
  return result_names.at(static_cast<std::size_t>(result));
}

Json to_json(const Proof& proof) {
  Json json{{"format", "relapse-proof"}, {"version", 1}};
  put_text(json, "scenario", proof.scenario);
  put_text(json, "digest", proof.digest);
  put_text(json, "proved", proof.proved);
  json["records"] = Json::array();
  for (const ProofRecord& record : proof.records) {
    Json entry = Json::object();
    put_text(entry, "target", record.target);
    put_text(entry, "fault", record.fault);
    put_text(entry, "claim", record.claim);
    entry["result"] = std::string(to_string(record.result));
    put_text(entry, "detail", record.detail);
    json["records"].push_back(std::move(entry));
  }
  return json;
}

Result<Proof> proof_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader reader(json, "proof", error);
  reader.expect_format("relapse-proof", 1);
  Proof proof;
  proof.scenario = reader.text("scenario");
  proof.digest = reader.text("digest");
  proof.proved = reader.text("proved");
  for (const Json* item : reader.list("records")) {
    FieldReader fields(*item, "proof record " + std::to_string(proof.records.size() + 1), error);
    ProofRecord record;
    record.target = fields.text("target");
    record.fault = fields.text("fault");
    record.claim = fields.text("claim");
    record.result = static_cast<ProofResult>(
        fields.one_of("result", {result_names.begin(), result_names.end()}));
    record.detail = fields.text("detail");
    proof.records.push_back(std::move(record));
  }
  if (error)
    return *std::move(error);
  return proof;
}

Json to_json(const std::vector<Proof>& proofs) {
  Json json{{"format", "relapse-proofs"}, {"version", 1}, {"proofs", Json::array()}};
  for (const Proof& proof : proofs) {
    json["proofs"].push_back(to_json(proof));
  }
  return json;
}

Result<std::vector<Proof>> proofs_from_json(const Json& json) {
  if (!json.is_object() || json.value("format", Json()) != "relapse-proofs") {
    auto single = proof_from_json(json);
    if (!single) {
      return std::move(single).error();
    }
    return std::vector<Proof>{*std::move(single)};
  }
  std::optional<Error> error;
  FieldReader reader(json, "proofs", error);
  reader.expect_format("relapse-proofs", 1);
  std::vector<Proof> proofs;
  for (const Json* item : reader.list("proofs")) {
    auto proof = proof_from_json(*item);
    if (!proof) {
      return std::move(proof).error();
    }
    proofs.push_back(*std::move(proof));
  }
  if (error)
    return *std::move(error);
  return proofs;
}

}  // namespace relapse
