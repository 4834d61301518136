#pragma once
#include <cstddef>
#include <vector>

namespace relapse {

/// Which of a row of suspects are needed to bring something about that all of them together are
/// said to have brought about. Asks for experiments, one after another, each with some of them:
///
///   all -> ever shorter ends of the row, down to the last one with which it still works
///       -> that one alone -> if it needs company: ever shorter rows that begin with it -> the two
///
/// About 2 log2(n) + 3 experiments. The last one that is needed set it off.
class CulpritSearch {
 public:
  explicit CulpritSearch(std::size_t suspects);

  /// The suspects of the next experiment, in their order; empty: the search is over.
  const std::vector<std::size_t>& next() const { return next_; }
  void answer(bool happened);

  int experiments() const { return experiments_; }
  /// Those with which it happened, in their order, as few as could be found; empty: it did not even
  /// happen with all of them.
  const std::vector<std::size_t>& needed() const { return needed_; }
  /// The first and the last are not enough, and which of those between them are needed is unknown.
  bool coarse() const { return coarse_; }

 private:
  enum class Phase { all, ends, alone, rows, pair, over };
  void ask(std::size_t from, std::size_t to);
  void ask_ends();
  void ask_rows();
  void finish(std::vector<std::size_t> needed);

  std::size_t count_;
  Phase phase_ = Phase::all;
  std::size_t low_ = 0;   ///< ends: happens from here on. rows: does not happen up to here
  std::size_t high_ = 0;  ///< ends: does not happen from here on. rows: happens up to here
  std::size_t first_ = 0;
  std::vector<std::size_t> next_;
  std::vector<std::size_t> needed_;
  int experiments_ = 0;
  bool coarse_ = false;
};

}  // namespace relapse
