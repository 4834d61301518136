#include "model/run.hpp"

#include <algorithm>

namespace relapse {

namespace {

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// The reason that all inconclusive results share; "" when they differ or have none.
std::string common_reason(const Run& run) {
  const std::string* common = nullptr;
  for (const ScenarioResult& result : run.results) {
    if (result.outcome != Outcome::inconclusive)
      continue;
    if (common != nullptr && *common != result.reason)
      return {};
    common = &result.reason;
  }
  return common == nullptr ? std::string{} : safe_text(*common, 120).str();
}

/// Quotes for a POSIX shell, so that a line of the report can be pasted.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string ScenarioResult::step_label(int index) const {
  const auto i = static_cast<std::size_t>(index);
  return i < step_labels.size() ? step_labels[i] : "step " + std::to_string(index + 1);
}

const Attempt* ScenarioResult::deciding() const {
  // A flaky result is explained by the attempt that did not hold.
  const Outcome wanted = outcome == Outcome::flaky ? Outcome::relapsed : outcome;
  for (const Attempt& attempt : attempts) {
    if (attempt.verdict.outcome == wanted)
      return &attempt;
  }
  return attempts.empty() ? nullptr : &attempts.back();
}

Totals totals(const Run& run) {
  Totals t;
  for (const ScenarioResult& result : run.results) {
    ++t.planned;
    t.ran += result.attempts.empty() ? 0 : 1;
    t.late_faults += result.late_fault.empty() ? 0 : 1;
    switch (result.outcome) {
      case Outcome::holds:
        ++t.holds;
        break;
      case Outcome::relapsed:
        ++(result.known ? t.known : t.relapsed);
        break;
      case Outcome::inconclusive:
        ++t.inconclusive;
        break;
      case Outcome::skipped:
        ++t.skipped;
        break;
      case Outcome::flaky:
        ++t.flaky;
        break;
    }
  }
  return t;
}

int exit_code(const Run& run) {
  const Totals t = totals(run);
  if (t.relapsed > 0)
    return 1;
  if (run.interrupted)
    return 130;
  if (t.inconclusive > 0)
    return 3;
  return t.ran == 0 ? 4 : 0;
}

std::string headline(const Run& run) {
  const Totals t = totals(run);
  if (t.relapsed > 0)
    return "RELAPSED: " + counted(t.relapsed, "fix no longer holds", "fixes no longer hold");
  if (run.interrupted)
    return "INTERRUPTED: " + std::to_string(t.ran) + " of " + std::to_string(t.planned) + " ran";
  if (t.inconclusive > 0) {
    const std::string reason = common_reason(run);
    if (!reason.empty())
      return "INCONCLUSIVE: " + reason;
    return "INCONCLUSIVE: " + std::to_string(t.inconclusive) + " of " + std::to_string(t.planned) +
           " could not be judged";
  }
  if (t.ran == 0)
    return "INCONCLUSIVE: nothing ran";
  std::vector<std::string> apart;
  if (t.flaky > 0)
    apart.push_back(std::to_string(t.flaky) + " flaky");
  if (t.known > 0)
    apart.push_back(counted(t.known, "known relapse", "known relapses"));
  if (t.late_faults > 0)
    apart.push_back(counted(t.late_faults, "late fault in a log", "late faults in logs"));
  return apart.empty() ? "HOLDS" : "HOLDS, apart from " + join(apart, " and ");
}

std::string rerun_command(const ScenarioResult& result) {
  std::string command =
      "relapse run " + shell_word(result.scenario) + " -t " + shell_word(result.target);
  if (!result.fault.empty())
    command += " --fault " + shell_word(result.fault);
  if (result.plane == Plane::asgi)
    command += " --plane asgi";
  return command + " -v";
}

}  // namespace relapse
