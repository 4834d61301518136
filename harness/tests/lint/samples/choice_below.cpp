#include "task.hpp"

// ... and inside the awaited expression.
Task<int> sample(bool first, std::string a, std::string b) {
  const int result = co_await run_constructed(Constructed(first ? a : b));
  co_return result;
}
