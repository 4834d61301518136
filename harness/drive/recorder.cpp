#include "drive/recorder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "base/clock.hpp"

namespace relapse {
namespace {
constexpr auto tok = asio::as_tuple(asio::use_awaitable);

/// Takes the timer off the list however the waiting coroutine ends.
class Registration {
 public:
  Registration(std::list<asio::steady_timer*>& list, asio::steady_timer& timer)
      : list_(list), at_(list.insert(list.end(), &timer)) {}
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() { list_.erase(at_); }

 private:
  std::list<asio::steady_timer*>& list_;
  std::list<asio::steady_timer*>::iterator at_;
};

/// Octets that an event of the wire or the log holds; nothing for the events that are always kept.
struct DataOctets {
  using Size = std::optional<std::uint64_t>;
  Size operator()(const HttpMessage& message) const {
    std::uint64_t size = message.head.size() + message.body.size() + message.target.size();
    for (const Header& header : message.headers) {
      size += header.name.size() + header.value.size();
    }
    return size;
  }
  Size operator()(const WsFrame& frame) const {
    return frame.head.size() + frame.payload.size() + frame.message.size();
  }
  Size operator()(const RawBytes& raw) const { return raw.data.size(); }
  Size operator()(const LogLine& line) const { return line.text.size() + line.raw.size(); }
  // What a Python value takes is not counted; the bridge bounds an answer (drive/asgi/bridge.py).
  Size operator()(const AsgiSent&) const { return 0; }
  Size operator()(const AsgiComplaint& p) const { return p.text.size() + p.traceback.size(); }
  template <class T>
  Size operator()(const T&) const {
    return std::nullopt;
  }
};
}  // namespace

void Notifier::notify() {
  for (asio::steady_timer* timer : waiting_) {
    timer->cancel();
  }
}

asio::awaitable<void> Notifier::wait_until(Clock::time_point deadline) {
  asio::steady_timer timer(executor_, deadline);
  const Registration registration(waiting_, timer);
  co_await timer.async_wait(tok);
}

Recorder::Recorder(asio::any_io_executor executor, RecordLimits limits)
    : limits_(limits), start_(Clock::now()), changed_(std::move(executor)) {
  timeline_.started = utc_timestamp(std::chrono::system_clock::now());
}

void Recorder::set_step(int step) {
  step_ = step;
  lane_steps_.clear();
}

void Recorder::set_step(int step, const std::vector<std::string>& lanes) {
  step_ = step;
  for (const std::string& lane : lanes) {
    lane_steps_[lane] = step;
  }
}

void Recorder::add(std::string lane, Payload payload) {
  const auto beside = lane_steps_.find(lane);
  add(beside != lane_steps_.end() ? beside->second : step_, std::move(lane), std::move(payload));
}

void Recorder::add(int step, std::string lane, Payload payload) {
  add_at(Clock::now().time_since_epoch().count(), step, std::move(lane), std::move(payload));
}

void Recorder::add_at(std::int64_t steady_ns, int step, std::string lane, Payload payload) {
  const Clock::time_point at{Clock::duration(steady_ns)};
  const bool was_full = full_;
  if (fits(payload)) {
    append(at, step, std::move(lane), std::move(payload));
  } else if (!was_full) {
    append(at, step, "", Overflowed{});
  }
}

bool Recorder::fits(const Payload& payload) {
  const auto octets = std::visit(DataOctets{}, payload);
  if (!octets) {
    return true;
  }
  full_ = full_ || kept_events_ >= limits_.events || kept_octets_ + *octets > limits_.octets;
  if (full_) {
    ++left_out_.events;
    left_out_.octets += *octets;
    return false;
  }
  ++kept_events_;
  kept_octets_ += *octets;
  return true;
}

void Recorder::append(Clock::time_point at, int step, std::string lane, Payload payload) {
  Event event;
  event.seq = static_cast<std::uint32_t>(timeline_.events.size()) + 1;
  event.at_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(at - start_).count();
  event.step = step;
  event.lane = std::move(lane);
  event.payload = std::move(payload);
  timeline_.events.push_back(std::move(event));
  changed_.notify();
}

Timeline Recorder::take_unredacted() {
  if (full_) {
    append(Clock::now(), step_, "", left_out_);
  }
  return std::move(timeline_);
}

Timeline Recorder::take() {
  Timeline timeline = take_unredacted();
  if (secrets_ != nullptr) {
    secrets_->redact(timeline);
  }
  return timeline;
}

}  // namespace relapse
