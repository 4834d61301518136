#include "model/verdict.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "model/verdict_fields.hpp"

namespace relapse {

namespace {

constexpr std::array<std::string_view, 5> outcome_names{"holds", "relapsed", "inconclusive",
                                                        "skipped", "flaky"};
constexpr std::array<std::string_view, 5> badges{"✓ Holds", "✗ Relapsed", "? Inconclusive",
                                                 "– Skipped", "≈ Flaky"};
constexpr std::array<std::string_view, 5> claim_names{"expectation", "never", "always", "count",
                                                      "guard"};

Json finding_json(const Finding& finding) {
  Json json = Json::object();
  put_text(json, "claim", finding.claim);
  json["kind"] = std::string(claim_names.at(static_cast<std::size_t>(finding.kind)));
  json["outcome"] = std::string(to_string(finding.outcome));
  put_text(json, "expected", finding.expected);
  put_text(json, "observed", finding.observed);
  if (!finding.evidence.empty())
    json["evidence"] = finding.evidence;
  put_source(json, "at", finding.at);
  return json;
}

Finding read_finding(FieldReader& in) {
  Finding finding;
  finding.claim = in.text("claim");
  finding.kind =
      static_cast<ClaimKind>(in.one_of("kind", {claim_names.begin(), claim_names.end()}));
  finding.outcome = read_outcome(in, "outcome");
  finding.expected = in.text("expected");
  finding.observed = in.text("observed");
  for (const Json* number : in.list("evidence")) {
    if (!number->is_number_integer() || number->get<std::int64_t>() < 0 ||
        number->get<std::int64_t>() > std::int64_t{std::numeric_limits<std::uint32_t>::max()}) {
      in.fail("evidence", "must hold event numbers");
      break;
    }
    finding.evidence.push_back(number->get<std::uint32_t>());
  }
  finding.at = in.source("at");
  return finding;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  return outcome_names.at(static_cast<std::size_t>(outcome));
}

std::string_view badge(Outcome outcome) {
  return badges.at(static_cast<std::size_t>(outcome));
}

const Finding* Verdict::decisive() const {
  if (outcome == Outcome::holds)
    return nullptr;
  const auto found = std::ranges::find(findings, outcome, &Finding::outcome);
  return found == findings.end() ? nullptr : &*found;
}

std::vector<std::string> Verdict::relapsed_claims() const {
  std::vector<std::string> names;
  for (const Finding& finding : findings) {
    if (finding.outcome == Outcome::relapsed)
      names.push_back(finding.claim);
  }
  return names;
}

Outcome read_outcome(FieldReader& reader, const std::string& key) {
  const std::size_t index = reader.one_of(key, {outcome_names.begin(), outcome_names.end()});
  // one_of falls back to its first name, and what could not be read must never hold.
  return reader.failed() ? Outcome::inconclusive : static_cast<Outcome>(index);
}

Verdict read_verdict(FieldReader& reader) {
  Verdict verdict;
  verdict.outcome = read_outcome(reader, "outcome");
  verdict.reason = reader.text("reason");
  for (const Json* item : reader.list("findings")) {
    FieldReader fields(*item,
                       reader.where() + ": finding " + std::to_string(verdict.findings.size() + 1),
                       reader.error());
    verdict.findings.push_back(read_finding(fields));
  }
  return verdict;
}

Json to_json(const Verdict& verdict) {
  Json json = Json::object();
  json["outcome"] = std::string(to_string(verdict.outcome));
  put_text(json, "reason", verdict.reason);
  if (!verdict.findings.empty()) {
    std::vector<Json> findings;  // not push_back on Json: see to_json(const Timeline&)
    for (const Finding& finding : verdict.findings)
      findings.push_back(finding_json(finding));
    json["findings"] = std::move(findings);
  }
  return json;
}

Verdict verdict_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader reader(json, "verdict", error);
  Verdict verdict = read_verdict(reader);
  if (!error)
    return verdict;
  Verdict unreadable;
  unreadable.reason = "the stored verdict cannot be read: " + error->message;
  return unreadable;
}

}  // namespace relapse
