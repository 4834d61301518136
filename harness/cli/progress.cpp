#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

using std::chrono::seconds;

long whole_seconds(RunProgress::Time from, RunProgress::Time to) {
  return std::chrono::duration_cast<seconds>(to - from).count();
}

/// "02:10", "1:02:10"
std::string clock_text(long all) {
  std::array<char, 32> text{};
  if (all >= 3600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", all / 3600, all / 60 % 60, all % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%02ld:%02ld", all / 60, all % 60);
  }
  return text.data();
}

/// Rounded, since it is a guess.
std::string about(long left) {
  if (left < 60) {
    return std::to_string(std::max<long>((left + 4) / 5 * 5, 5)) + " s";
  }
  if (left < 5400) {
    return std::to_string((left + 30) / 60) + " min";
  }
  return std::to_string((left + 1800) / 3600) + " h";
}

std::string signs(std::string text, bool unicode) {
  return unicode ? text : layout::to_ascii(text);
}

}  // namespace

void RunProgress::started(const std::string& scenario, const std::string& target, Time now) {
  // Replayed again to find a culprit: it runs since now.
  std::erase_if(running_, [&](const Running& one) {
    return one.scenario == scenario && one.target == target;
  });
  running_.push_back({scenario, target, now});
}

void RunProgress::finished(const ScenarioResult& result, Time /*now*/) {
  std::erase_if(running_, [&](const Running& one) {
    return one.scenario == result.scenario && one.target == result.target;
  });
  ++done_;
  switch (result.outcome) {
    case Outcome::relapsed:
      ++(result.known ? known_ : relapsed_);
      break;
    case Outcome::flaky:
      ++flaky_;
      break;
    case Outcome::inconclusive:
      ++inconclusive_;
      break;
    case Outcome::skipped:
      ++skipped_;
      break;
    case Outcome::holds:
      break;
  }
}

std::string RunProgress::remaining(Time now) const {
  // Skipped ones cost nothing and say nothing about the others.
  const std::size_t replayed = done_ - std::min(done_, skipped_);
  const long passed = whole_seconds(begin_, now);
  if (done_ >= planned_ || replayed < 3 || passed < 5) {
    return {};
  }
  const auto left = static_cast<long>(planned_ - done_);
  return ", about " + about(passed * left / static_cast<long>(replayed)) + " left";
}

std::string RunProgress::head(Time now) const {
  std::string out = "[" + std::to_string(done_) + "/" + std::to_string(planned_) + "]";
  std::vector<std::string> parts;
  const auto add = [&](int count, const char* word) {
    if (count > 0) {
      parts.push_back(std::to_string(count) + " " + word);
    }
  };
  add(relapsed_, "relapsed");
  add(flaky_, "flaky");
  add(inconclusive_, "inconclusive");
  add(known_, "known");
  parts.push_back(clock_text(whole_seconds(begin_, now)) + remaining(now));
  return out + " " + join(parts, " · ");
}

std::string RunProgress::line(Time now, std::size_t columns, bool unicode) const {
  std::string out = head(now);
  if (!running_.empty()) {
    std::vector<std::string> names;
    for (const Running& one : running_) {
      names.push_back(safe_text(one.scenario, 120).str() + " " +
                      std::to_string(whole_seconds(one.since, now)) + " s");
    }
    out += " · running: " + join(names, ", ");
  }
  return layout::fit(signs(out, unicode), columns, unicode ? "…" : "...");
}

std::string RunProgress::log_line(Time now, bool unicode) const {
  return signs(head(now), unicode);
}

std::string RunProgress::running_now(Time now, bool unicode) const {
  std::string out = signs(head(now), unicode) + "\n";
  if (running_.empty()) {
    return out + "  nothing runs at this moment\n";
  }
  for (const Running& one : running_) {
    out += "  running " + std::to_string(whole_seconds(one.since, now)) +
           " s: " + safe_text(one.scenario, 200).str() + " on " + safe_text(one.target, 120).str() +
           "\n";
  }
  return unicode ? out : signs(out, false);
}

bool LogPace::due(const RunProgress& progress, RunProgress::Time now) {
  const bool more = (progress.done() - done_) * 10 >= progress.planned();
  const bool wait = now - last_ < seconds{5} || (!more && now - last_ < seconds{30});
  if (wait || progress.done() >= progress.planned()) {
    return false;
  }
  last_ = now;
  done_ = progress.done();
  return true;
}

}  // namespace relapse
