#include "task.hpp"

Task<int> sample() {
  if (co_await count() > 3)
    co_return 1;
  co_return 0;
}
