#include "engine/culprit_search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "catch.hpp"

namespace relapse {
namespace {

using Row = std::vector<std::size_t>;

CulpritSearch search(std::size_t count, const std::function<bool(const Row&)>& happens) {
  CulpritSearch search(count);
  while (!search.next().empty()) {
    const Row row = search.next();
    REQUIRE(std::is_sorted(row.begin(), row.end()));
    REQUIRE(row.back() < count);
    search.answer(happens(row));
    REQUIRE(search.experiments() < 100);
  }
  return search;
}

bool has(const Row& row, std::size_t one) {
  return std::find(row.begin(), row.end(), one) != row.end();
}

int most(std::size_t count) {
  return 2 * static_cast<int>(std::ceil(std::log2(static_cast<double>(count)))) + 3;
}

}  // namespace

TEST_CASE("culprit search: finds the one among any number", "[engine]") {
  for (std::size_t count = 1; count <= 40; ++count) {
    for (std::size_t culprit = 0; culprit < count; ++culprit) {
      INFO(culprit << " of " << count);
      Row last;
      const auto found = search(count, [&](const Row& row) {
        last = row;
        return has(row, culprit);
      });
      CHECK(found.needed() == Row{culprit});
      CHECK_FALSE(found.coarse());
      CHECK(found.experiments() <= most(count));
    }
  }
}

TEST_CASE("culprit search: one is never named that was not asked alone", "[engine]") {
  for (const std::size_t count : {1u, 2u, 7u, 8u, 33u}) {
    for (std::size_t culprit = 0; culprit < count; ++culprit) {
      bool alone = false;
      search(count, [&](const Row& row) {
        alone = alone || row == Row{culprit};
        return has(row, culprit);
      });
      CHECK(alone);
    }
  }
}

TEST_CASE("culprit search: two that are harmless alone", "[engine]") {
  for (std::size_t count = 2; count <= 24; ++count) {
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        INFO(a << " and " << b << " of " << count);
        const auto found =
            search(count, [&](const Row& row) { return has(row, a) && has(row, b); });
        CHECK(found.needed() == Row{a, b});
        CHECK_FALSE(found.coarse());
        CHECK(found.experiments() <= most(count));
      }
    }
  }
}

TEST_CASE("culprit search: three, of which the last is named with what lies between", "[engine]") {
  const auto found =
      search(20, [](const Row& row) { return has(row, 3) && has(row, 7) && has(row, 12); });
  CHECK(found.coarse());
  CHECK(found.needed().front() == 3);
  CHECK(found.needed().back() == 12);
  CHECK(found.needed().size() == 10);
}

TEST_CASE("culprit search: of two that would each do, the later", "[engine]") {
  const auto found = search(9, [](const Row& row) { return has(row, 2) || has(row, 6); });
  CHECK(found.needed() == Row{6});
}

TEST_CASE("culprit search: nothing brings it about", "[engine]") {
  const auto found = search(12, [](const Row&) { return false; });
  CHECK(found.needed().empty());
  CHECK(found.experiments() == 1);
  CHECK(search(0, [](const Row&) { return true; }).needed().empty());
}

TEST_CASE("culprit search: ends whatever the answers", "[engine]") {
  // Answers without any sense: a target that is flaky by itself.
  for (unsigned seed = 0; seed < 500; ++seed) {
    unsigned state = seed;
    const auto found = search(17, [&](const Row&) {
      state = state * 1664525u + 1013904223u;
      return (state >> 16 & 1u) != 0;
    });
    CHECK(found.experiments() <= most(17));
  }
}

}  // namespace relapse
