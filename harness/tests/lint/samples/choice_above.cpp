#include "task.hpp"

// A conditional expression around the co_await: double free.
Task<int> sample(bool first) {
  const int result = first ? co_await count() : 0;
  co_return result;
}
