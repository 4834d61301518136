#include "drive/pacer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace relapse {
namespace {
constexpr auto tok = asio::as_tuple(asio::use_awaitable);
}  // namespace

Pacer::Pacer(asio::any_io_executor executor, double per_second)
    : executor_(std::move(executor)),
      limit_(per_second < 1 ? 0 : static_cast<std::size_t>(per_second)) {}

Clock::time_point Pacer::reserve() {
  const auto asked = Clock::now();
  if (limit_ == 0) {
    return asked;
  }
  auto at = asked;
  if (turns_.size() == limit_) {
    at = std::max(asked, turns_.front() + std::chrono::seconds{1});
    turns_.pop_front();
  }
  turns_.push_back(at);
  return at;
}

asio::awaitable<Duration> Pacer::turn() {
  const auto asked = Clock::now();
  const auto at = reserve();
  if (at <= Clock::now()) {
    co_return Duration::zero();
  }
  asio::steady_timer timer(executor_, at);
  co_await timer.async_wait(tok);
  co_return Clock::now() - asked;
}

}  // namespace relapse
