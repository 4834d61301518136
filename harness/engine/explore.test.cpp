#include "engine/explore.hpp"

#include <set>

#include "catch.hpp"

namespace relapse {
namespace {

using Orders = std::vector<std::vector<int>>;

constexpr std::size_t all = 100'000;

}  // namespace

TEST_CASE("explore: the orders of two branches keep each branch's own order") {
  CHECK(beginnings({{2, 1}}, 3, all) == Orders{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}});
  CHECK(beginnings({{2, 1}}, 0, all) == Orders{{}});
  CHECK(beginnings({{2, 1}}, 1, all) == Orders{{0}, {1}});
  CHECK(beginnings({{2, 1}}, 4, all).empty());
}

TEST_CASE("explore: whole orders are the multinomial coefficient, each once") {
  const Orders orders = beginnings({{2, 2, 1}}, 5, all);
  CHECK(orders.size() == 30);  // 5! / (2! 2! 1!)
  CHECK(std::set<std::vector<int>>(orders.begin(), orders.end()).size() == 30);
}

TEST_CASE("explore: a group begins when the one before it has ended") {
  CHECK(beginnings({{1, 1}, {1, 1}}, 3, all) == Orders{{0, 1, 0}, {0, 1, 1}, {1, 0, 0}, {1, 0, 1}});
  CHECK(beginnings({{1, 1}, {}, {2}}, 4, all) == Orders{{0, 1, 0, 0}, {1, 0, 0, 0}});
}

TEST_CASE("explore: no more orders than asked for") {
  CHECK(beginnings({{6, 6}}, 12, 10).size() == 10);
  CHECK(beginnings({}, 0, 10) == Orders{{}});
}

}  // namespace relapse
