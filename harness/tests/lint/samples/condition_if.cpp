#include "task.hpp"

// In a condition of a function without a local variable: jumps into ud2.
Task<int> sample() {
  if (co_await ready())
    co_return 1;
  co_return 0;
}
