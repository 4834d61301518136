#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/history.hpp"
#include "report/view.hpp"

/// What the formats of other tools have in common. Like view.hpp, whose words they use: every
/// string that leaves here went through safe_text, unless it says otherwise.
namespace relapse::formats {

/// A result under the name that every format gives it.
struct Case {
  const ScenarioResult* result = nullptr;
  /// The id; with " on TARGET" when the run has several targets, " [asgi]" for that plane, " (2)"
  /// for a result that would have the name of another. Unique in its run.
  std::string name{};
  view::Group group{};
};
/// Every result, in the run's order.
std::vector<Case> cases(const Run& run);
/// The same, worst group first.
std::vector<Case> worst_first(const Run& run);
/// Ids of the targets that have results, unsafe, in the order in which they appear.
std::vector<std::string> targets(const Run& run);

/// "holds", "relapsed", "known", "flaky", "inconclusive", "skipped": the word for machines.
std::string verdict_word(view::Group group);
/// A stable name for the way in which it failed, on one line; "inconclusive" and the like when the
/// failure has none.
std::string signature(const ScenarioResult& result);
/// "expected X, observed Y" of one attempt, or its reason.
std::string attempt_message(const Verdict& verdict);
/// "known relapse: REASON" or "acknowledged until DATE by OWNER: REASON".
std::string known_text(const ScenarioResult& result);
/// "held 212 nights; last good 2026-11-21 on uvicorn 0.30.6", "fails since 2026-11-20, 3 nights".
std::string since_text(const Change& change);
/// What the nights before say of a result. Refers to the comparison that it was made from.
class Since {
 public:
  explicit Since(const Comparison& comparison);
  /// nullptr: nothing changed, or nothing is known.
  const Change* change(const ScenarioResult& result) const;
  std::string text(const ScenarioResult& result) const;

 private:
  std::map<ResultKey, const Change*> changes_;
};
/// The date of a time stamp, "2026-11-21"; all of it when it is none.
std::string date_of(const std::string& utc);

/// The claim that decided, or the scenario when there is none. The file name is unsafe.
SourceRef place(const ScenarioResult& result);
/// The complete story of one result as text of several lines, at most `most_bytes`; says what it
/// leaves out.
std::string story(const Run& run, const ScenarioResult& result, std::size_t most_bytes);
/// Everything that was exchanged in the deciding attempt; likewise.
std::string exchange_text(const ScenarioResult& result, std::size_t most_bytes);
/// Whole lines of the text, at most about `most_bytes`, and how many more there were.
std::string clip_lines(const std::string& text, std::size_t most_bytes);

/// Nanoseconds since 1970 of "2026-11-22T03:12:07.193Z"; nothing when it is not that.
std::optional<std::int64_t> epoch_ns(std::string_view utc);
/// "2026-11-22T03:12:07.193000Z", with microseconds.
std::string utc_micros(std::int64_t epoch_ns);

/// 16 hex digits of FNV-1a with 64 bits, for identities and not for secrecy.
std::string hash_hex(std::string_view text);
/// What identifies a result over the runs: scenario, target, plane.
std::string identity(const ScenarioResult& result);

/// Where a repository's files are, for tools that want paths from its root.
struct SourceRoot {
  std::string root{};     ///< absolute; "": paths stay as they are
  std::string current{};  ///< the working directory, which relative paths count from
};
/// The path from the root, with "/" and without "."; unchanged when it is not below. Unsafe.
std::string from_root(const std::string& path, const SourceRoot& root);

/// JSON with two spaces, ends in a newline. Octets that are no UTF-8 are replaced: texts should
/// have been made safe before.
std::string dump(const Json& json);

/// A file has a size that its reader takes; what was spent on long texts is gone for the others.
class Budget {
 public:
  explicit Budget(std::size_t bytes) : left_(bytes) {}
  /// The text that `make` gives while there is room for it, else `instead`. Once one was too long,
  /// no other is made: the worst come first, and making them takes time.
  template <class Make>
  std::string spend(Make make, const std::string& instead) {
    if (left_ == 0)
      return instead;
    std::string text = make();
    if (text.size() > left_) {
      left_ = 0;
      return instead;
    }
    left_ -= text.size();
    return text;
  }

 private:
  std::size_t left_;
};

}  // namespace relapse::formats
