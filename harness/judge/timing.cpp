#include "judge/timing.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "judge/asgi_evidence.hpp"
#include "match/asgi_view.hpp"

namespace relapse {
namespace {

/// A deadline is meaningful while what it lost, or what an answer needs at least, is at most this
/// part of it.
constexpr int meaningful_part = 4;

Duration worse_round_trip(const Timeline& timeline) {
  Duration worst{};
  for (const Event& event : timeline.events) {
    if (const auto* paced = std::get_if<Paced>(&event.payload)) {
      worst = std::max(worst, paced->round_trip);
    }
  }
  return worst;
}

std::string lost_text(Duration deadline, Duration late) {
  return "nothing came in " + human_duration(deadline) +
         ", but this machine let the harness wait " + human_duration(late) + " of it";
}

std::string slow_text(Duration deadline, Duration round_trip) {
  return "nothing came in " + human_duration(deadline) +
         ", but this target's shortest round trip was " + human_duration(round_trip);
}

/// What was sent and not answered yet on one connection.
struct Exchange {
  std::int64_t sent_at = -1;
  std::optional<Duration> took{};
  bool http = false;
};

struct Traffic {
  bool sent = false;
  bool received = false;
  bool http = false;  ///< a head, or octets: they are answered one by one
};

Traffic traffic_of(const Event& event) {
  const auto make = [](Direction direction, bool http) {
    return Traffic{direction == Direction::sent, direction == Direction::received, http};
  };
  if (const auto* message = std::get_if<HttpMessage>(&event.payload)) {
    return make(message->direction, true);
  }
  if (const auto* raw = std::get_if<RawBytes>(&event.payload)) {
    return make(raw->direction, true);
  }
  if (const auto* frame = std::get_if<WsFrame>(&event.payload); frame && !frame->automatic) {
    return make(frame->direction, false);
  }
  // The order of a call is exact: what comes next is never older than what it was given.
  const bool given = std::holds_alternative<AsgiCalled>(event.payload) ||
                     std::holds_alternative<AsgiFed>(event.payload);
  return {given, is_outcome_of_call(event), true};
}

}  // namespace

Duration lateness(const Timeline& timeline, const StepWindow& window) {
  Duration sum{};
  for (std::size_t i = window.begin; i < std::min(window.end, timeline.events.size()); ++i) {
    if (const auto* delayed = std::get_if<Delayed>(&timeline.events[i].payload)) {
      sum += delayed->late;
    }
  }
  return sum;
}

std::optional<std::string> stalled(const Timeline& timeline, const StepWindow& window,
                                   Duration deadline) {
  const Duration late = lateness(timeline, window);
  return late * meaningful_part > deadline ? std::optional(lost_text(deadline, late))
                                           : std::nullopt;
}

std::optional<std::string> untimely(const Timeline& timeline, const StepWindow& window,
                                    Duration deadline) {
  if (auto lost = stalled(timeline, window, deadline)) {
    return lost;
  }
  const Duration round_trip = worse_round_trip(timeline);
  if (round_trip * meaningful_part > deadline) {
    return slow_text(deadline, round_trip);
  }
  return std::nullopt;
}

std::optional<std::string> unobserved_silence(const Timeline& timeline, const StepWindow& window,
                                              Duration silence) {
  const Duration late = lateness(timeline, window);
  if (late * meaningful_part > silence) {
    return lost_text(silence, late);
  }
  const Duration round_trip = worse_round_trip(timeline);
  if (round_trip > silence) {
    return slow_text(silence, round_trip);
  }
  return std::nullopt;
}

bool timed_out(const ConnectFailed& failed) {
  return failed.reason.find("timed out") != std::string::npos;
}

std::optional<Payload> excuse(const Scenario& scenario, const Timeline& timeline) {
  const auto windows = windows_of(timeline.events, scenario.steps.size());
  for (const Event& event : timeline.events) {
    if (event.step < 0 || static_cast<std::size_t>(event.step) >= scenario.steps.size()) {
      continue;
    }
    const Step& step = scenario.steps[static_cast<std::size_t>(event.step)];
    const Duration limit = step.within.value_or(scenario.within);
    const auto* hit = std::get_if<DeadlineHit>(&event.payload);
    const auto* failed = std::get_if<ConnectFailed>(&event.payload);
    const bool missed =
        (hit != nullptr && hit->waited >= limit) || (failed != nullptr && timed_out(*failed));
    if (!missed || is_exact(scenario, timeline, step.lane)) {
      continue;
    }
    const StepWindow& window = windows[static_cast<std::size_t>(event.step)];
    if (const Duration late = lateness(timeline, window); late * meaningful_part > limit) {
      return Delayed{late};
    }
    if (untimely(timeline, window, limit)) {
      return Paced{worse_round_trip(timeline), false};
    }
  }
  return std::nullopt;
}

std::optional<std::string> untimely_probe(const Timeline& timeline, std::size_t index) {
  if (index == 0 || timeline.events[index - 1].lane != timeline.events[index].lane) {
    return std::nullopt;
  }
  const Payload& reason = timeline.events[index - 1].payload;
  const auto* probe = std::get_if<Probed>(&timeline.events[index].payload);
  if (probe == nullptr || probe->ok ||
      !(std::holds_alternative<Delayed>(reason) || std::holds_alternative<Paced>(reason))) {
    return std::nullopt;
  }
  return probe->detail;
}

std::optional<Duration> shortest_round_trip(const Timeline& timeline) {
  std::optional<Duration> shortest;
  std::map<std::string, Exchange> open;
  const auto settle = [&](Exchange& exchange) {
    if (exchange.took && (!shortest || *exchange.took < *shortest)) {
      shortest = exchange.took;
    }
    exchange = {};
  };
  for (const Event& event : timeline.events) {
    const Traffic traffic = traffic_of(event);
    Exchange& exchange = open[event.lane];
    if (traffic.sent) {
      settle(exchange);
      exchange = {event.at_ns, std::nullopt, traffic.http};
    } else if (traffic.received && exchange.took && !exchange.http) {
      exchange = {};
    } else if (traffic.received && exchange.sent_at >= 0 && !exchange.took) {
      exchange.took = std::chrono::nanoseconds{event.at_ns - exchange.sent_at};
    }
  }
  for (auto& [lane, exchange] : open) {
    settle(exchange);
  }
  return shortest;
}

}  // namespace relapse
