#include "base/clock.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string_view>

namespace relapse {
namespace {

std::tm utc_parts(std::chrono::system_clock::time_point when) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(when));
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) {
    throw std::runtime_error("a point in time is outside the calendar");
  }
  return parts;
}

}  // namespace

std::string utc_timestamp(std::chrono::system_clock::time_point when) {
  const std::tm parts = utc_parts(when);
  const auto since_second = when - std::chrono::floor<std::chrono::seconds>(when);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(since_second).count();
  std::array<char, 48> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%03dZ", static_cast<int>(millis));
  return text.data();
}

std::string utc_compact(std::chrono::system_clock::time_point when) {
  const std::tm parts = utc_parts(when);
  std::array<char, 48> text{};
  return std::string(text.data(),
                     std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts));
}

std::string random_hex(std::size_t bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes * 2);
  std::array<unsigned char, 64> block{};
  while (out.size() < bytes * 2) {
    const std::size_t wanted = std::min(block.size(), bytes - out.size() / 2);
    const auto got = getrandom(block.data(), wanted, 0);
    if (got < 0 && errno != EINTR) {
      throw std::runtime_error("the operating system gave no random octets");
    }
    for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
      out += digits[block[i] >> 4];
      out += digits[block[i] & 15];
    }
  }
  return out;
}

}  // namespace relapse
