#include "drive/lateness.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "catch.hpp"

using namespace relapse;

namespace {

Duration recorded(const Recorder& recorder) {
  Duration sum{};
  for (const Event& event : recorder.events()) {
    sum += std::get<Delayed>(event.payload).late;
  }
  return sum;
}

}  // namespace

TEST_CASE("lateness: a stalled executor is on record with its length", "[drive]") {
  asio::io_context context;
  Recorder recorder(context.get_executor());
  std::optional<LatenessWatch> watch(std::in_place, context.get_executor(), recorder);
  asio::steady_timer stall(context, std::chrono::milliseconds{20});
  stall.async_wait([](const boost::system::error_code&) {
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
  });
  context.run_for(std::chrono::milliseconds{250});
  watch.reset();
  CHECK(recorded(recorder) >= std::chrono::milliseconds{140});
  CHECK(recorded(recorder) <= std::chrono::milliseconds{400});
}

TEST_CASE("lateness: the watch keeps nothing alive and outlives nothing", "[drive]") {
  asio::io_context context;
  auto recorder = std::make_unique<Recorder>(context.get_executor());
  { const LatenessWatch watch(context.get_executor(), *recorder); }
  recorder.reset();
  const auto begin = Clock::now();
  context.run_for(std::chrono::seconds{5});
  CHECK(context.stopped());
  CHECK(Clock::now() - begin < std::chrono::seconds{1});
}
