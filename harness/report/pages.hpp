#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/history.hpp"

namespace relapse {

struct ReportOptions {
  std::string now{};           ///< UTC; with it times also say how long ago they were
  std::string history{};       ///< the file of the history that was used
  TimelineSource timelines{};  ///< of attempts whose timeline is elsewhere
};

/// A run beside its nights, and which of its results have a page of their own: those that do not
/// hold, have changed or are slow, at most 300; beyond that three for each way of failing first.
/// Refers to all that it is made of.
class Pages {
 public:
  static constexpr std::size_t most = 300;

  Pages(const Run& run, const Comparison& comparison, ReportOptions options = {});

  const Run& run() const { return run_; }
  const Comparison& comparison() const { return comparison_; }
  const ReportOptions& options() const { return options_; }

  /// Worst first.
  const std::vector<const ScenarioResult*>& all() const { return all_; }
  /// Those with a page, in the same order.
  const std::vector<const ScenarioResult*>& paged() const { return paged_; }
  bool has_page(const ScenarioResult& result) const;
  /// The result of the run with this key; nullptr: not in it.
  const ScenarioResult* find(const ResultKey& key) const;
  /// What has changed about the result, in the order of ChangeKind.
  std::vector<const Change*> changes(const ScenarioResult& result) const;
  bool changed(const ScenarioResult& result) const;
  /// With its timelines, as far as they can be fetched.
  ScenarioResult load(const ScenarioResult& result) const;

 private:
  void choose();

  const Run& run_;
  const Comparison& comparison_;
  ReportOptions options_;
  std::vector<const ScenarioResult*> all_{};
  std::vector<const ScenarioResult*> paged_{};
  std::map<ResultKey, bool> has_page_{};
  std::map<ResultKey, const ScenarioResult*> by_key_{};
  std::map<ResultKey, std::vector<const Change*>> changes_{};
};

/// The results that have a page s/SLUG.html.
std::vector<const ScenarioResult*> results_with_page(const Run& run,
                                                     const Comparison& comparison = {});

}  // namespace relapse
