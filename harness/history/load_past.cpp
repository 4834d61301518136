#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "history/index.hpp"
#include "history/summary_json.hpp"

namespace relapse {
namespace {

/// Beyond so many nights nobody looks back, and memory stays bounded.
constexpr std::int64_t most_nights = 400;

struct NightRow {
  std::int64_t row = 0;
  RunSummary summary{};
};

std::vector<NightRow> rows_of(Statement& statement) {
  std::vector<NightRow> nights;
  while (statement.step())
    nights.push_back({statement.integer(0), summary_from_text(statement.text(1))});
  std::reverse(nights.begin(), nights.end());
  return nights;
}

std::unordered_map<std::int64_t, std::string> numbered(Database& database, const char* table) {
  std::unordered_map<std::int64_t, std::string> texts;
  Statement statement(database, std::string("SELECT row, text FROM ") + table);
  while (statement.step())
    texts.emplace(statement.integer(0), statement.text(1));
  return texts;
}

/// Fills the results of a past night by night.
class PastLoader {
 public:
  PastLoader(Database& database, const Run& run)
      : database_(database), words_(numbered(database, "words")) {
    for (const ScenarioResult& result : run.results) {
      for (const std::string& alias : result.aliases)
        past_.renamed.emplace(alias, result.scenario);
    }
  }

  void add(const NightRow& night) {
    const auto number = static_cast<std::uint32_t>(past_.nights.size());
    past_.nights.push_back(night.summary);
    Statement rows(database_,
                   "SELECT scenario, target, plane, outcome, known, ran, duration, signature, "
                   "description FROM results WHERE run=?");
    rows.bind(night.row);
    while (rows.step()) {
      const PastResult result{.night = number,
                              .signature = signature(rows.integer(7)),
                              .outcome = static_cast<Outcome>(rows.integer(3)),
                              .known = rows.integer(4) != 0,
                              .ran = rows.integer(5) != 0,
                              .duration = Duration(rows.integer(6))};
      put(series(rows.integer(0), rows.integer(1), rows.integer(2)), result);
      described_[today(words_[rows.integer(0)])] = rows.integer(8);
      past_.last_seen[words_[rows.integer(0)]] = number;
    }
  }

  Past finish() {
    const auto texts = numbered(database_, "descriptions");
    for (const auto& [scenario, row] : described_) {
      if (const auto found = texts.find(row); found != texts.end())
        past_.scenarios[scenario] = past_scenario_from_text(found->second);
    }
    return std::move(past_);
  }

 private:
  struct Series {
    std::vector<PastResult>* list = nullptr;
    bool renamed = false;
  };

  const std::string& today(const std::string& id) const {
    const auto renamed = past_.renamed.find(id);
    return renamed == past_.renamed.end() ? id : renamed->second;
  }

  Series& series(std::int64_t scenario, std::int64_t target, std::int64_t plane) {
    Series& series = series_[{scenario, target, plane}];
    if (series.list == nullptr) {
      const std::string& id = words_[scenario];
      const ResultKey key{today(id), words_[target], static_cast<Plane>(plane)};
      series = {&past_.results[key], key.scenario != id};
    }
    return series;
  }

  /// In a night that has both, the result under the id of today counts.
  static void put(const Series& series, const PastResult& result) {
    const bool taken = !series.list->empty() && series.list->back().night == result.night;
    if (!taken)
      series.list->push_back(result);
    else if (!series.renamed)
      series.list->back() = result;
  }

  std::uint32_t signature(std::int64_t row) {
    const auto [found, added] =
        signatures_.emplace(row, static_cast<std::uint32_t>(past_.signatures.size()));
    if (added)
      past_.signatures.push_back(words_[row]);
    return found->second;
  }

  Database& database_;
  Past past_{};
  std::unordered_map<std::int64_t, std::string> words_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Series> series_{};
  std::unordered_map<std::int64_t, std::uint32_t> signatures_{};
  std::map<std::string, std::int64_t> described_{};
};

}  // namespace

Past History::Index::past_of(const Run& run, const std::optional<StoredRun>& baseline) {
  Statement nights(database_,
                   "SELECT row, summary FROM runs WHERE comparable=? AND complete=1 AND "
                   "(started, id) < (?, ?) AND id != ? ORDER BY started DESC, id DESC LIMIT ?");
  const RunSummary edge = baseline ? baseline->summary : summary_of(run);
  nights.bind(baseline ? baseline->comparable : comparable_name(run))
      .bind(edge.started)
      .bind(edge.id)
      .bind(run.id)
      .bind(most_nights);
  std::vector<NightRow> rows = rows_of(nights);
  if (baseline) {
    Statement one(database_, "SELECT row, summary FROM runs WHERE id=?");
    for (NightRow& row : rows_of(one.bind(baseline->summary.id)))
      rows.push_back(std::move(row));
  }
  PastLoader loader(database_, run);
  for (const NightRow& row : rows)
    loader.add(row);
  Past past = loader.finish();
  past.unreadable = unreadable();
  return past;
}

}  // namespace relapse
