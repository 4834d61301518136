#include "drive/pacer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <vector>

#include "catch.hpp"

using namespace relapse;

namespace {

struct Turns {
  std::vector<Clock::time_point> at;
  Duration waited{};
};

asio::awaitable<void> take(Pacer& pacer, int count, Turns& turns) {
  for (int i = 0; i < count; ++i) {
    const Duration waited = co_await pacer.turn();
    turns.waited += waited;
    turns.at.push_back(Clock::now());
  }
}

/// A failure comes out of context.run().
void rethrow(std::exception_ptr failure) {
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace

TEST_CASE("pacer: at most so many in any second, whoever asks", "[drive]") {
  asio::io_context context;
  constexpr std::size_t limit = 5;
  Pacer pacer(context.get_executor(), limit);
  Turns turns;
  asio::co_spawn(context, take(pacer, 6, turns), rethrow);
  asio::co_spawn(context, take(pacer, 6, turns), rethrow);
  context.run();
  REQUIRE(turns.at.size() == 12);
  for (std::size_t i = limit; i < turns.at.size(); ++i) {
    CHECK(turns.at[i] - turns.at[i - limit] >= std::chrono::milliseconds{990});
  }
  CHECK(turns.at.back() - turns.at.front() >= std::chrono::milliseconds{1990});
  CHECK(turns.at.back() - turns.at.front() < std::chrono::milliseconds{3500});
  CHECK(turns.waited >= std::chrono::seconds{2});
}

TEST_CASE("pacer: without a limit nobody waits", "[drive]") {
  asio::io_context context;
  Pacer pacer(context.get_executor(), 0);
  Turns turns;
  asio::co_spawn(context, take(pacer, 1000, turns), rethrow);
  const auto begin = Clock::now();
  context.run();
  CHECK(turns.at.size() == 1000);
  CHECK(turns.waited == Duration::zero());
  CHECK(Clock::now() - begin < std::chrono::seconds{1});
}
