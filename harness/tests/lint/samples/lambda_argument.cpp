#include "task.hpp"

// A capturing lambda as a temporary in the awaited expression: use after free.
Task<int> sample(std::string text) {
  const int result = co_await call([text] { return text.size(); });
  co_return result;
}
