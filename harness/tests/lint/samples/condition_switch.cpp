#include "task.hpp"

Task<int> sample() {
  switch (co_await count()) {
    case 1:
      co_return 1;
    default:
      co_return 0;
  }
}
