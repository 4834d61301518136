#include "task.hpp"

Task<int> sample() {
  while (!co_await ready()) {
  }
  co_return 0;
}
