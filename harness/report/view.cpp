#include "report/view.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/text.hpp"

namespace relapse::view {

namespace {

std::string safe(std::string_view octets, std::size_t most = 400) {
  return safe_text(octets, most).str();
}

void add_count(std::vector<std::string>& parts, int count, const std::string& word) {
  if (count > 0)
    parts.push_back(std::to_string(count) + " " + word);
}

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace

std::string signature(const ScenarioResult& result) {
  const std::string made = failure_signature(result);
  return made.empty() && group_of(result) != Group::holds ? summary(result) : made;
}

Group group_of(const ScenarioResult& result) {
  switch (result.outcome) {
    case Outcome::relapsed:
      return result.known ? Group::known : Group::relapsed;
    case Outcome::inconclusive:
      return Group::inconclusive;
    case Outcome::flaky:
      return Group::flaky;
    case Outcome::skipped:
      return Group::skipped;
    case Outcome::holds:
      break;
  }
  return Group::holds;
}

std::string_view heading(Group group) {
  switch (group) {
    case Group::relapsed:
      return "Relapsed";
    case Group::inconclusive:
      return "Inconclusive";
    case Group::flaky:
      return "Flaky";
    case Group::known:
      return "Known relapses";
    case Group::skipped:
      return "Skipped";
    case Group::holds:
      break;
  }
  return "Holding";
}

std::string status(const ScenarioResult& result) {
  if (group_of(result) == Group::known)
    return "✗ Known relapse";
  return std::string(badge(result.outcome));
}

std::vector<const ScenarioResult*> worst_first(const Run& run) {
  std::vector<const ScenarioResult*> sorted;
  for (const ScenarioResult& result : run.results)
    sorted.push_back(&result);
  std::ranges::stable_sort(sorted, {}, [](const ScenarioResult* r) { return group_of(*r); });
  return sorted;
}

const Finding* decisive(const ScenarioResult& result) {
  const Attempt* attempt = result.deciding();
  return attempt == nullptr ? nullptr : attempt->verdict.decisive();
}

std::vector<std::string> also_relapsed(const ScenarioResult& result) {
  std::vector<std::string> names;
  const Attempt* attempt = result.deciding();
  const Finding* first = decisive(result);
  if (attempt == nullptr)
    return names;
  for (const Finding& finding : attempt->verdict.findings) {
    if (finding.outcome == Outcome::relapsed && &finding != first)
      names.push_back(safe(finding.claim, 60));
  }
  return names;
}

std::string late_fault_text(const ScenarioResult& result) {
  const std::string& entry = result.late_fault;
  return safe_text(entry.substr(0, entry.find('\n')), 120).str();
}

std::string summary(const ScenarioResult& result) {
  const bool several =
      result.repeat.times > 1 || (!result.attempts.empty() && result.attempts.front().swept);
  if (several && result.outcome != Outcome::holds && !result.reason.empty())
    return safe(result.reason);
  const Finding* finding = decisive(result);
  if (finding != nullptr)
    return "expected " + safe(finding->expected) + ", observed " + safe(finding->observed);
  if (!result.reason.empty())
    return safe(result.reason);
  const Attempt* attempt = result.deciding();
  return attempt == nullptr ? std::string{} : safe(attempt->verdict.reason);
}

std::string place(const ScenarioResult& result) {
  const Finding* finding = decisive(result);
  SourceRef at = finding != nullptr && finding->at.line > 0 ? finding->at : result.at;
  if (at.file.empty())
    at.file = result.at.file;
  return safe(to_string(at), 200);
}

std::string attempts_text(const ScenarioResult& result) {
  if (result.attempts.size() < 2)
    return {};
  std::size_t relapsed = 0;
  std::size_t inconclusive = 0;
  for (const Attempt& attempt : result.attempts) {
    relapsed += attempt.verdict.outcome == Outcome::relapsed ? 1 : 0;
    inconclusive += attempt.verdict.outcome == Outcome::inconclusive ? 1 : 0;
  }
  const std::string total = std::to_string(result.attempts.size());
  if (relapsed > 0)
    return std::to_string(relapsed) + " of " + total + " attempts relapsed";
  if (inconclusive > 0)
    return std::to_string(inconclusive) + " of " + total + " attempts inconclusive";
  return "all " + total + " attempts hold";
}

Duration total_duration(const ScenarioResult& result) {
  Duration total{};
  for (const Attempt& attempt : result.attempts)
    total += attempt.duration;
  return total;
}

bool known_but_holds(const ScenarioResult& result) {
  return result.outcome == Outcome::holds && (result.known || !result.known_reason.empty());
}

const TargetInfo* find_target(const Run& run, const std::string& id) {
  const auto found = std::ranges::find(run.targets, id, &TargetInfo::id);
  return found == run.targets.end() ? nullptr : &*found;
}

std::string target_text(const Run& run, const std::string& id) {
  const TargetInfo* target = find_target(run, id);
  std::vector<std::string> details;
  if (target != nullptr && !target->version.empty())
    details.push_back(safe(target->version, 60));
  if (target != nullptr && !target->fault.empty())
    details.push_back("fault " + safe(target->fault, 60));
  return safe(id, 60) + (details.empty() ? "" : " (" + join(details, ", ") + ")");
}

std::string counts_text(const Run& run) {
  const Totals t = totals(run);
  std::vector<std::string> parts{std::to_string(t.holds) + (t.holds == 1 ? " holds" : " hold")};
  add_count(parts, t.relapsed, "relapsed");
  add_count(parts, t.known, t.known == 1 ? "known relapse" : "known relapses");
  add_count(parts, t.flaky, "flaky");
  add_count(parts, t.inconclusive, "inconclusive");
  add_count(parts, t.skipped, "skipped");
  return std::to_string(t.planned) + " planned, " + std::to_string(t.ran) +
         " ran: " + join(parts, ", ");
}

std::string family(const std::string& scenario) {
  const std::size_t slash = scenario.rfind('/');
  return slash == std::string::npos || slash == 0 ? "scenarios"
                                                  : safe(scenario.substr(0, slash), 200);
}

namespace {

/// At most 60 of [a-z0-9-], then a hyphen and six hex digits.
std::string file_name(std::string_view words, std::string_view hashed) {
  std::string name;
  for (const char c : words) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool upper = c >= 'A' && c <= 'Z';
    if (plain || upper)
      name += static_cast<char>(upper ? c - 'A' + 'a' : c);
    else if (!name.empty() && name.back() != '-')
      name += '-';
    if (name.size() == 60)
      break;
  }
  while (!name.empty() && name.back() == '-')
    name.pop_back();
  std::array<char, 8> hash{};
  std::snprintf(hash.data(), hash.size(), "%06x", fnv1a(hashed) & 0xFFFFFFu);
  return (name.empty() ? "x" : name) + "-" + hash.data();
}

}  // namespace

std::string slug(const ScenarioResult& result) {
  return file_name(
      result.scenario + "-" + result.target,
      result.scenario + '\n' + result.target + (result.plane == Plane::asgi ? "\nasgi" : ""));
}

std::string anchor(const std::string& text) {
  return "f-" + file_name(text, text);
}

std::string key_text(const ScenarioResult& result) {
  return safe(result.scenario, 160) + "@" + safe(result.target, 80) +
         (result.plane == Plane::asgi ? " [asgi]" : "");
}

std::string readable_time(const std::string& iso) {
  if (iso.size() < 16 || iso[10] != 'T')
    return safe(iso, 40);
  return safe(iso.substr(0, 10) + " " + iso.substr(11, 5), 40) + " UTC";
}

std::optional<double> epoch(const std::string& iso) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  double second = 0;
  if (std::sscanf(iso.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf", &year, &month, &day, &hour, &minute,
                  &second) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok())
    return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * 86400 + hour * 3600 + minute * 60 + second;
}

std::string age(const std::string& then, const std::string& now) {
  const auto from = epoch(then);
  const auto to = epoch(now);
  if (!from || !to || *to < *from)
    return {};
  const double seconds = *to - *from;
  if (seconds < 90)
    return std::to_string(static_cast<long>(seconds)) + " s ago";
  if (seconds < 90 * 60)
    return std::to_string(static_cast<long>(seconds / 60 + 0.5)) + " min ago";
  if (seconds < 48 * 3600)
    return std::to_string(static_cast<long>(seconds / 3600 + 0.5)) + " h ago";
  return std::to_string(static_cast<long>(seconds / 86400 + 0.5)) + " days ago";
}

std::string seconds(std::int64_t nanoseconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(nanoseconds) / 1e9);
  return text.data();
}

}  // namespace relapse::view
