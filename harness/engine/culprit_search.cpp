#include "engine/culprit_search.hpp"

#include <numeric>
#include <utility>

namespace relapse {

CulpritSearch::CulpritSearch(std::size_t suspects) : count_(suspects) {
  if (suspects == 0) {
    finish({});
  } else {
    ask(0, suspects);
  }
}

void CulpritSearch::ask(std::size_t from, std::size_t to) {
  next_.resize(to - from);
  std::iota(next_.begin(), next_.end(), from);
}

void CulpritSearch::finish(std::vector<std::size_t> needed) {
  phase_ = Phase::over;
  next_.clear();
  needed_ = std::move(needed);
}

void CulpritSearch::ask_ends() {
  phase_ = Phase::ends;
  if (high_ - low_ > 1) {
    ask((low_ + high_) / 2, count_);
    return;
  }
  first_ = low_;
  if (first_ + 1 == count_) {
    finish({first_});  // the last of the row: it was asked alone
    return;
  }
  phase_ = Phase::alone;
  ask(first_, first_ + 1);
}

void CulpritSearch::ask_rows() {
  phase_ = Phase::rows;
  if (high_ - low_ > 1) {
    ask(first_, (low_ + high_) / 2 + 1);
    return;
  }
  if (high_ == first_ + 1) {
    finish({first_, high_});
    return;
  }
  phase_ = Phase::pair;
  next_ = {first_, high_};
}

void CulpritSearch::answer(bool happened) {
  ++experiments_;
  switch (phase_) {
    case Phase::all:
      if (!happened) {
        finish({});
        return;
      }
      low_ = 0;
      high_ = count_;
      ask_ends();
      return;
    case Phase::ends:
      (happened ? low_ : high_) = (low_ + high_) / 2;
      ask_ends();
      return;
    case Phase::alone:
      if (happened) {
        finish({first_});
        return;
      }
      low_ = first_;
      high_ = count_ - 1;
      ask_rows();
      return;
    case Phase::rows:
      (happened ? high_ : low_) = (low_ + high_) / 2;
      ask_rows();
      return;
    case Phase::pair:
      coarse_ = !happened;
      if (coarse_) {
        ask(first_, high_ + 1);
      }
      finish(next_);
      return;
    case Phase::over:
      return;
  }
}

}  // namespace relapse
