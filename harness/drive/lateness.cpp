#include "drive/lateness.hpp"

#include <chrono>

namespace relapse {
namespace {

constexpr auto interval = std::chrono::milliseconds{5};
/// Below this a delay is the ordinary business of a scheduler.
constexpr auto noticeable = std::chrono::milliseconds{20};

}  // namespace

/// Shared with its pending handler: the one that was cancelled may run after the watch has gone.
struct LatenessWatch::Ticker : std::enable_shared_from_this<LatenessWatch::Ticker> {
  Ticker(const asio::any_io_executor& executor, Recorder& to) : timer(executor), recorder(&to) {}

  void arm() {
    timer.expires_after(interval);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled && self->recorder != nullptr) {
        self->ring();
      }
    });
  }

  void ring() {
    const auto late = Clock::now() - timer.expiry();
    if (late >= noticeable) {
      recorder->add("", Delayed{std::chrono::duration_cast<Duration>(late)});
    }
    arm();
  }

  asio::steady_timer timer;
  Recorder* recorder;  ///< null once the watch has ended
};

LatenessWatch::LatenessWatch(asio::any_io_executor executor, Recorder& recorder)
    : ticker_(std::make_shared<Ticker>(executor, recorder)) {
  ticker_->arm();
}

LatenessWatch::~LatenessWatch() {
  ticker_->recorder = nullptr;
  ticker_->timer.cancel();
}

}  // namespace relapse
