#include "judge/restart.hpp"

#include <charconv>

#include "base/text.hpp"

namespace relapse {
namespace {

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string shown(const std::string& value) {
  return safe_text(value, 80).str();
}

}  // namespace

std::optional<std::string> restarted(const Identified& was, const Identified& is) {
  const bool another = is.grows ? number(is.value) < number(was.value) : is.value != was.value;
  if (!another) {
    return std::nullopt;
  }
  return std::string("the target restarted: its ") + (is.grows ? "uptime" : "identity") + " was " +
         shown(was.value) + ", is " + shown(is.value);
}

std::optional<std::string> restarted_before(const Timeline& timeline) {
  const Identified* last = nullptr;
  for (const Event& event : timeline.events) {
    const auto* now = std::get_if<Identified>(&event.payload);
    if (now == nullptr || !now->before) {
      continue;
    }
    if (last != nullptr) {
      if (const auto words = restarted(*last, *now)) {
        return "after the previous scenario and before this one's first step " + *words;
      }
    }
    last = now;
  }
  return std::nullopt;
}

std::optional<Restart> restarted_during(const Timeline& timeline) {
  const Identified* before = nullptr;
  for (const Event& event : timeline.events) {
    const auto* now = std::get_if<Identified>(&event.payload);
    if (now == nullptr) {
      continue;
    }
    if (now->before) {
      before = now;
    } else if (before != nullptr) {
      if (auto words = restarted(*before, *now)) {
        return Restart{std::move(*words), event.seq};
      }
    }
  }
  return std::nullopt;
}

}  // namespace relapse
