#include "judge/evidence.hpp"

#include <algorithm>

#include "judge/restart.hpp"

namespace relapse {
namespace {

template <class T>
bool any(std::span<const Event> events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return std::holds_alternative<T>(event.payload); });
}

bool was_sent(const Event& event) {
  if (const auto* message = std::get_if<HttpMessage>(&event.payload)) {
    return message->direction == Direction::sent;
  }
  if (const auto* raw = std::get_if<RawBytes>(&event.payload)) {
    return raw->direction == Direction::sent;
  }
  return false;
}

bool is_data(const Event& event) {
  return std::holds_alternative<HttpMessage>(event.payload) ||
         std::holds_alternative<WsFrame>(event.payload) ||
         std::holds_alternative<RawBytes>(event.payload) ||
         std::holds_alternative<AsgiSent>(event.payload) ||
         std::holds_alternative<LogLine>(event.payload);
}

}  // namespace

std::uint64_t left_out(const Timeline& timeline) {
  std::uint64_t events = 0;
  for (const Event& event : timeline.events) {
    if (const auto* full = std::get_if<Overflowed>(&event.payload)) {
      // Without numbers it marks the moment. At least one event was left out then.
      events = std::max({events, full->events, std::uint64_t{1}});
    }
  }
  return events;
}

std::size_t full_at(const Timeline& timeline) {
  const auto found = std::find_if(
      timeline.events.begin(), timeline.events.end(),
      [](const Event& event) { return std::holds_alternative<Overflowed>(event.payload); });
  return static_cast<std::size_t>(found - timeline.events.begin());
}

bool was_flooded(const Timeline& timeline, const std::string& lane, std::size_t from) {
  std::size_t all = 0;
  std::size_t here = 0;
  const std::size_t full = full_at(timeline);
  for (std::size_t i = 0; i < full; ++i) {
    const Event& event = timeline.events[i];
    if (is_data(event)) {
      ++all;
      here += i >= from && event.lane == lane ? 1U : 0U;
    }
  }
  return here * 2 > all;
}

bool has_step_marks(const Timeline& timeline) {
  return any<StepStarted>(timeline.events);
}

bool has_log(const Timeline& timeline) {
  return any<LogMarked>(timeline.events);
}

bool log_observed(const Timeline& timeline) {
  if (!has_step_marks(timeline)) {
    return any<LogLine>(timeline.events);
  }
  // The mark that counts is the one after the last step: a log may go silent half-way.
  for (auto event = timeline.events.rbegin(); event != timeline.events.rend(); ++event) {
    if (std::holds_alternative<StepEnded>(event->payload)) {
      return false;
    }
    const auto* mark = std::get_if<LogMarked>(&event->payload);
    if (mark != nullptr && (mark->seen || mark->complete)) {
      return true;
    }
  }
  return false;
}

std::optional<std::string> cannot_judge(const Scenario& scenario, const Timeline& timeline) {
  bool stepped = false;
  bool sent = starts_itself(scenario);
  for (const Event& event : timeline.events) {
    stepped = stepped || std::holds_alternative<StepStarted>(event.payload);
    sent = sent || (was_sent(event) && !event.lane.empty());
    if (const auto* failed = std::get_if<HarnessFailed>(&event.payload)) {
      return "the harness failed: " + failed->message;
    }
    if (const auto* probe = std::get_if<Probed>(&event.payload)) {
      if (probe->before && !probe->ok) {
        return "the control probe \"" + probe->name +
               "\" failed before the first step: " + probe->detail;
      }
    }
    if (const auto* ready = std::get_if<Ready>(&event.payload)) {
      if (!stepped && !ready->ok) {
        return "the target did not become ready: " + ready->detail;
      }
    }
    if (const auto* exited = std::get_if<ProcessExited>(&event.payload)) {
      if (!stepped && has_step_marks(timeline)) {
        return "the target's process ended before the first step: " + observed_text(event);
      }
      (void)exited;
    }
    if (const auto* refused = std::get_if<ConnectFailed>(&event.payload)) {
      if (!sent) {
        return "cannot connect to " + refused->host + ":" + std::to_string(refused->port) + ": " +
               refused->reason;
      }
    }
  }
  if (auto restart = restarted_before(timeline)) {
    return restart;
  }
  if (timeline.events.empty()) {
    return "nothing was observed";
  }
  return std::nullopt;
}

std::vector<StepWindow> windows_of(std::span<const Event> events, std::size_t count) {
  std::vector<StepWindow> windows(count, StepWindow{false, 0, events.size(), -1});
  for (std::size_t i = 0; i < count; ++i) {
    windows[i].step = static_cast<int>(i);
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].step < 0 || static_cast<std::size_t>(events[i].step) >= count) {
      continue;
    }
    StepWindow& window = windows[static_cast<std::size_t>(events[i].step)];
    if (std::holds_alternative<StepStarted>(events[i].payload)) {
      window.reached = true;
      window.begin = i;
    } else if (std::holds_alternative<StepEnded>(events[i].payload) &&
               window.end == events.size()) {
      window.end = i;
    }
  }
  return windows;
}

bool was_cut_off(const Timeline& timeline, const StepWindow& window) {
  if (timeline.complete) {
    return false;
  }
  if (window.end == timeline.events.size()) {
    return true;
  }
  const auto* ended = std::get_if<StepEnded>(&timeline.events[window.end].payload);
  const auto inside = std::span(timeline.events).subspan(window.begin, window.end - window.begin);
  const bool own_deadline = std::any_of(inside.begin(), inside.end(), [&](const Event& event) {
    return window.holds(event) && std::holds_alternative<DeadlineHit>(event.payload);
  });
  return ended != nullptr && !ended->satisfied && !own_deadline;
}

std::string describe_nothing(std::span<const Event> events, const StepWindow& window,
                             const std::string& lane) {
  for (std::size_t i = window.end; i-- > 0;) {
    const Event& event = events[i];
    const bool here = event.lane == lane;
    if (const auto* refused = std::get_if<ConnectFailed>(&event.payload); refused && here) {
      return "no connection: " + refused->reason;
    }
    if (i > window.begin && std::holds_alternative<ProcessExited>(event.payload)) {
      return "nothing; " + observed_text(event);
    }
    if (std::holds_alternative<DeadlineHit>(event.payload) && i > window.begin &&
        window.holds(event)) {
      return observed_text(event);
    }
    if (const auto* ended = std::get_if<Ended>(&event.payload);
        ended && here && ended->direction == Direction::received) {
      return "nothing more: " + observed_text(event);
    }
  }
  return "nothing";
}

}  // namespace relapse
