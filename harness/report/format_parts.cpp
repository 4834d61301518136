#include "report/format_parts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "report/console.hpp"
#include "report/view_calls.hpp"

namespace relapse::formats {

namespace {

std::string safe(std::string_view octets, std::size_t most = 400) {
  return safe_text(octets, most).str();
}

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

ConsoleOptions plain_options() {
  ConsoleOptions options;
  options.columns = 160;
  return options;
}

/// `size` digits at `at`; nothing when one is something else.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
  if (text.size() < at + size)
    return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, size)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::vector<Case> cases(const Run& run) {
  const bool several = targets(run).size() > 1;
  std::vector<Case> all;
  std::set<std::string> taken;
  std::map<std::string, int> seen;
  for (const ScenarioResult& result : run.results) {
    std::string base = safe(result.scenario) + view::plane_mark(result);
    if (several)
      base += " on " + safe(result.target);
    std::string name = base;
    int& times = seen.emplace(base, 1).first->second;
    while (!taken.insert(name).second)
      name = base + " (" + std::to_string(++times) + ")";
    all.push_back({&result, name, view::group_of(result)});
  }
  return all;
}

std::vector<Case> worst_first(const Run& run) {
  std::vector<Case> all = cases(run);
  std::ranges::stable_sort(all, {}, &Case::group);
  return all;
}

std::vector<std::string> targets(const Run& run) {
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const ScenarioResult& result : run.results) {
    if (seen.insert(result.target).second)
      ids.push_back(result.target);
  }
  return ids;
}

std::string attempt_message(const Verdict& verdict) {
  const Finding* finding = verdict.decisive();
  if (finding == nullptr)
    return safe(verdict.reason);
  return "expected " + safe(finding->expected) + ", observed " + safe(finding->observed);
}

std::string verdict_word(view::Group group) {
  switch (group) {
    case view::Group::relapsed:
      return "relapsed";
    case view::Group::inconclusive:
      return "inconclusive";
    case view::Group::flaky:
      return "flaky";
    case view::Group::known:
      return "known";
    case view::Group::skipped:
      return "skipped";
    case view::Group::holds:
      break;
  }
  return "holds";
}

std::string signature(const ScenarioResult& result) {
  const std::string text = safe(failure_signature(result));
  return text.empty() ? std::string(to_string(result.outcome)) : text;
}

std::string known_text(const ScenarioResult& result) {
  if (result.known_until.empty() && result.known_owner.empty())
    return "known relapse: " + safe(result.known_reason);
  std::string text = "acknowledged";
  if (!result.known_until.empty())
    text += " until " + safe(result.known_until, 40);
  if (!result.known_owner.empty())
    text += " by " + safe(result.known_owner, 80);
  return text + ": " + safe(result.known_reason);
}

std::string date_of(const std::string& utc) {
  return safe(epoch_ns(utc) ? utc.substr(0, 10) : utc, 40);
}

std::string since_text(const Change& change) {
  std::vector<std::string> parts;
  if (change.held_nights > 0)
    parts.push_back("held " + counted(change.held_nights, "night", "nights"));
  const auto on = [](const std::string& version) {
    return version.empty() ? std::string{} : " on " + safe(version, 60);
  };
  if (!change.last_good_at.empty())
    parts.push_back("last good " + date_of(change.last_good_at) + on(change.last_good_version));
  if (!change.first_bad_at.empty() && change.failing_nights > 1)
    parts.push_back("fails since " + date_of(change.first_bad_at) + on(change.first_bad_version) +
                    ", " + counted(change.failing_nights, "night", "nights"));
  if (!change.text.empty())
    parts.push_back(safe(change.text));
  return join(parts, "; ");
}

Since::Since(const Comparison& comparison) {
  for (const Change& change : comparison.changes) {
    if (change.kind != ChangeKind::target_changed)
      changes_.emplace(change.key, &change);
  }
}

const Change* Since::change(const ScenarioResult& result) const {
  const auto found = changes_.find({result.scenario, result.target, result.plane});
  return found == changes_.end() ? nullptr : found->second;
}

std::string Since::text(const ScenarioResult& result) const {
  const Change* found = change(result);
  return found == nullptr ? std::string{} : since_text(*found);
}

SourceRef place(const ScenarioResult& result) {
  const Finding* finding = view::decisive(result);
  SourceRef at = finding != nullptr && finding->at.line > 0 ? finding->at : result.at;
  if (at.file.empty())
    at.file = result.at.file;
  return at;
}

std::string clip_lines(const std::string& text, std::size_t most_bytes) {
  if (text.size() <= most_bytes)
    return text;
  const std::size_t end = text.rfind('\n', most_bytes);
  const std::size_t kept = end == std::string::npos ? 0 : end + 1;
  const auto more = std::count(text.begin() + static_cast<std::ptrdiff_t>(kept), text.end(), '\n');
  return text.substr(0, kept) + "(" + std::to_string(std::max<std::ptrdiff_t>(more, 1)) +
         " more lines are left out)\n";
}

std::string story(const Run& run, const ScenarioResult& result, std::size_t most_bytes) {
  return clip_lines(result_block(run, Comparison{}, result, plain_options()), most_bytes);
}

std::string exchange_text(const ScenarioResult& result, std::size_t most_bytes) {
  const Attempt* attempt = result.deciding();
  if (attempt == nullptr)
    return {};
  return clip_lines(show_attempt(result, *attempt, plain_options(), /*hex=*/false), most_bytes);
}

std::optional<std::int64_t> epoch_ns(std::string_view utc) {
  using namespace std::chrono;
  constexpr std::string_view form = "____-__-__T__:__:__";
  if (utc.size() < 20 || utc.back() != 'Z')
    return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '_' && utc[i] != form[i])
      return std::nullopt;
  }
  const auto y = number(utc, 0, 4), mo = number(utc, 5, 2), d = number(utc, 8, 2);
  const auto h = number(utc, 11, 2), mi = number(utc, 14, 2), s = number(utc, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 60)
    return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)},
                            day{static_cast<unsigned>(*d)}};
  // Beyond these years the nanoseconds do not fit.
  if (!date.ok() || *y < 1970 || *y > 2261)
    return std::nullopt;
  std::int64_t fraction = 0;
  if (utc[19] == '.') {
    std::int64_t unit = 100'000'000;
    const std::string_view digits = utc.substr(20, utc.size() - 21);
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string_view::npos)
      return std::nullopt;
    for (const char c : digits) {
      fraction += (c - '0') * unit;
      unit /= 10;
    }
  } else if (utc.size() != 20) {
    return std::nullopt;
  }
  const nanoseconds since = sys_days{date}.time_since_epoch() + hours{*h} + minutes{*mi} +
                            seconds{*s} + nanoseconds{fraction};
  return since.count();
}

std::string utc_micros(std::int64_t epoch) {
  using namespace std::chrono;
  const sys_time<nanoseconds> when{nanoseconds{epoch}};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss<microseconds> time{floor<microseconds>(when - day)};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

std::string hash_hex(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::array<char, 20> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
  return hex.data();
}

std::string identity(const ScenarioResult& result) {
  return hash_hex(result.scenario + '\n' + result.target +
                  (result.plane == Plane::asgi ? "\nasgi" : ""));
}

std::string from_root(const std::string& path, const SourceRoot& root) {
  namespace fs = std::filesystem;
  if (root.root.empty() || path.empty())
    return path;
  const fs::path full = (fs::path(root.current) / path).lexically_normal();
  const fs::path relative = full.lexically_relative(fs::path(root.root).lexically_normal());
  if (relative.empty() || *relative.begin() == "..")
    return path;
  return relative.generic_string();
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace relapse::formats
