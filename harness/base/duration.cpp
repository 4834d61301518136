#include <array>
#include <cstdint>
#include <cstdio>

#include "base/text.hpp"

namespace relapse {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

/// From the largest down.
constexpr std::array<Unit, 5> units{{{"h", 3'600'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"s", 1'000'000'000},
                                     {"ms", 1'000'000},
                                     {"us", 1'000}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits at the front of text.
std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) {
    ++n;
  }
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

/// d in this unit as an exact decimal; nothing when its digits do not end.
std::optional<std::string> decimal(std::int64_t d, std::int64_t unit) {
  std::string out = std::to_string(d / unit);
  std::int64_t rest = d % unit;
  if (rest != 0) {
    out += '.';
  }
  for (int digits = 0; rest != 0; ++digits) {
    if (digits == 12 || unit % 10 != 0) {
      return std::nullopt;
    }
    unit /= 10;
    out += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return out;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (whole.empty()) {
    return std::nullopt;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) {
      return std::nullopt;
    }
  }
  for (const Unit& unit : units) {
    if (text != unit.name) {
      continue;
    }
    std::int64_t number = 0;
    std::int64_t total = 0;
    for (const char c : whole) {
      if (__builtin_mul_overflow(number, 10, &number) ||
          __builtin_add_overflow(number, c - '0', &number)) {
        return std::nullopt;
      }
    }
    if (__builtin_mul_overflow(number, unit.nanoseconds, &total)) {
      return std::nullopt;
    }
    std::int64_t place = unit.nanoseconds;
    for (const char c : fraction) {
      if (c != '0' && place % 10 != 0) {
        return std::nullopt;  // finer than a nanosecond
      }
      place /= 10;
      if (__builtin_add_overflow(total, place * (c - '0'), &total)) {
        return std::nullopt;
      }
    }
    return Duration{total};
  }
  return std::nullopt;
}

std::string duration_text(Duration d) {
  const std::int64_t n = d.count();
  if (n == 0) {
    return "0s";
  }
  if (n < 0) {
    return n == INT64_MIN ? "-" + duration_text(Duration{INT64_MAX}) : "-" + duration_text(-d);
  }
  std::string best;
  for (const Unit& unit : units) {
    if (n < unit.nanoseconds && unit.name != "us") {
      continue;  // "200ms" reads better than "0.2s"
    }
    const std::optional<std::string> number = decimal(n, unit.nanoseconds);
    if (number && (best.empty() || number->size() + unit.name.size() < best.size())) {
      best = *number + std::string(unit.name);
    }
  }
  return best;
}

std::string human_duration(Duration d) {
  std::int64_t n = d.count();
  if (n < 0) {
    return "-" + human_duration(Duration{n == INT64_MIN ? INT64_MAX : -n});
  }
  const auto rounded = [n](std::int64_t unit) { return n / unit + (n % unit * 2 >= unit ? 1 : 0); };
  std::array<char, 64> text{};
  const std::int64_t seconds = rounded(1'000'000'000);
  if (n == 0) {
    return "0 ms";
  }
  if (rounded(1'000) < 1'000) {
    const std::int64_t micros = rounded(1'000);
    return micros == 0 ? "<1 µs" : std::to_string(micros) + " µs";
  }
  if (rounded(1'000'000) < 100) {
    return std::to_string(rounded(1'000'000)) + " ms";
  }
  if (const std::int64_t hundredths = rounded(10'000'000); hundredths < 1'000) {
    std::snprintf(text.data(), text.size(), "%d.%02d s", static_cast<int>(hundredths / 100),
                  static_cast<int>(hundredths % 100));
    return text.data();
  }
  if (const std::int64_t tenths = rounded(100'000'000); tenths < 600) {
    std::snprintf(text.data(), text.size(), "%d.%d s", static_cast<int>(tenths / 10),
                  static_cast<int>(tenths % 10));
    return text.data();
  }
  if (seconds < 3'600) {
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  }
  const std::int64_t minutes = rounded(60'000'000'000);
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

}  // namespace relapse
