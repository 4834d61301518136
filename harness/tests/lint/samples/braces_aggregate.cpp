#include "task.hpp"

// An aggregate with a non-trivial member as a temporary: double free.
Task<int> sample(std::string text) {
  const int result = co_await run(Options{.host = text, .port = 1});
  co_return result;
}
