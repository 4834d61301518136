#include "judge/asgi_evidence.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "match/asgi_view.hpp"

namespace relapse {
namespace {

template <class T>
bool is(const Event& event) {
  return std::holds_alternative<T>(event.payload);
}

bool is_of_plane(const Event& event) {
  return is<AsgiCalled>(event) || is<AsgiFed>(event) || is<AsgiSent>(event) ||
         is<AsgiSendFate>(event) || is<AsgiWaiting>(event) || is<AsgiReturned>(event) ||
         is<AsgiRaised>(event) || is<AsgiTasks>(event) || is<AsgiComplaint>(event);
}

bool wakes(const Event& event) {
  const auto* fate = std::get_if<AsgiSendFate>(&event.payload);
  return is<AsgiCalled>(event) || is<AsgiFed>(event) ||
         (fate != nullptr && fate->kind != AsgiSendFate::Kind::held);
}

/// Behind the last event of the lane before `until` for which `which` is true; `from` without one.
template <class Which>
std::size_t behind_last(std::span<const Event> events, const std::string& lane, std::size_t from,
                        std::size_t until, Which which) {
  for (std::size_t i = std::min(until, events.size()); i-- > from;) {
    if (events[i].lane == lane && which(events[i])) {
      return i + 1;
    }
  }
  return from;
}

/// The last that is known of the call: that it waits, or how it ended. nullptr: it goes on.
const Event* last_state(std::span<const Event> events, const StepWindow& window,
                        const std::string& lane) {
  for (std::size_t i = std::min(window.end, events.size()); i-- > 0;) {
    const Event& event = events[i];
    if (event.lane != lane || !is_of_plane(event)) {
      continue;
    }
    const bool state = is<AsgiWaiting>(event) || is<AsgiReturned>(event) || is<AsgiRaised>(event);
    return state ? &event : nullptr;
  }
  return nullptr;
}

const char* what_is_missing(SelectorKind kind) {
  switch (kind) {
    case SelectorKind::sent:
      return "no send()";
    case SelectorKind::returned:
      return "no return";
    case SelectorKind::raised:
      return "no exception";
    case SelectorKind::complaint:
      return "no complaint";
    default:
      return "nothing";
  }
}

}  // namespace

bool has_asgi_events(const Timeline& timeline) {
  return std::any_of(timeline.events.begin(), timeline.events.end(), [](const Event& event) {
    return event.lane != "probe" && is_of_plane(event);
  });
}

std::size_t still_in_question(const Expect& expect, std::span<const Event> events,
                              const StepWindow& window, std::size_t from) {
  const Selector& selector = expect.selector;
  if (selector.kind == SelectorKind::pending_tasks) {
    return std::max(from, window.begin);
  }
  from = behind_last(events, selector.lane, from, window.begin,
                     [](const Event& event) { return is<AsgiCalled>(event); });
  if (selector.kind != SelectorKind::waiting) {
    return from;
  }
  const std::size_t woken = behind_last(events, selector.lane, from, window.begin, wakes);
  for (std::size_t i = from; i < woken && !expect.skip; ++i) {
    if (events[i].lane == selector.lane && is_outcome_of_call(events[i])) {
      return i;  // it did something else, which the expectation is to see
    }
  }
  return woken;
}

std::optional<std::string> describe_nothing_of_call(std::span<const Event> events,
                                                    const StepWindow& window,
                                                    const Selector& selector) {
  const bool called = std::any_of(
      events.begin(), events.begin() + static_cast<std::ptrdiff_t>(window.end),
      [&](const Event& event) { return event.lane == selector.lane && is<AsgiCalled>(event); });
  if (!called) {
    return std::nullopt;
  }
  std::string words = what_is_missing(selector.kind);
  for (std::size_t i = window.end; i-- > window.begin;) {
    if (is<ProcessExited>(events[i])) {
      return "nothing; " + observed_text(events[i]);
    }
    const auto* hit = std::get_if<DeadlineHit>(&events[i].payload);
    if (hit != nullptr && window.holds(events[i]) && hit->waited > Duration{}) {
      words += " in " + human_duration(hit->waited);
      break;
    }
  }
  const Event* state = last_state(events, window, selector.lane);
  if (state == nullptr) {
    return words;
  }
  return is<AsgiWaiting>(*state) ? words + ", " + observed_text(*state)
                                 : "nothing more: " + observed_text(*state);
}

bool is_exact(const Scenario& scenario, const Timeline& timeline, const std::string& lane) {
  return scenario.virtual_clock &&
         std::any_of(timeline.events.begin(), timeline.events.end(), [&](const Event& event) {
           return event.lane == lane && is<AsgiCalled>(event);
         });
}

std::size_t cleanup_begins(const Timeline& timeline) {
  const auto& events = timeline.events;
  std::size_t last_step = events.size();
  for (std::size_t i = events.size(); i-- > 0;) {
    if (is<StepEnded>(events[i])) {
      last_step = i;
      break;
    }
  }
  const auto found =
      std::find_if(events.begin() + static_cast<std::ptrdiff_t>(last_step), events.end(),
                   [](const Event& event) { return is<AsgiTasks>(event); });
  return static_cast<std::size_t>(found - events.begin());
}

}  // namespace relapse
