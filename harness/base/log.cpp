#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "base/text.hpp"

namespace relapse::log {
namespace {

/// Made at first use, so that the order of initialization does not matter.
spdlog::logger& logger() {
  static const std::unique_ptr<spdlog::logger> instance = [] {
    const char* no_color = std::getenv("NO_COLOR");
    // "automatic" looks at the stream and at TERM.
    const auto mode = no_color != nullptr && *no_color != '\0' ? spdlog::color_mode::never
                                                               : spdlog::color_mode::automatic;
    auto made = std::make_unique<spdlog::logger>(
        "relapse", std::make_shared<spdlog::sinks::stderr_color_sink_mt>(mode));
    made->set_pattern("relapse: %^%l%$: %v");
    made->set_level(spdlog::level::info);
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

void write(spdlog::level::level_enum level, std::string_view message) {
  if (!logger().should_log(level)) {
    return;
  }
  // A message may quote what a target sent: it must not reach the terminal as control characters.
  const std::string line = safe_text(message, std::size_t{16} << 10).str();
  logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void set_level(Level level) {
  switch (level) {
    case Level::debug:
      logger().set_level(spdlog::level::debug);
      return;
    case Level::info:
      logger().set_level(spdlog::level::info);
      return;
    case Level::warning:
      logger().set_level(spdlog::level::warn);
      return;
    case Level::error:
      logger().set_level(spdlog::level::err);
      return;
    case Level::off:
      logger().set_level(spdlog::level::off);
      return;
  }
}

void debug(std::string_view message) {
  write(spdlog::level::debug, message);
}
void info(std::string_view message) {
  write(spdlog::level::info, message);
}
void warning(std::string_view message) {
  write(spdlog::level::warn, message);
}
void error(std::string_view message) {
  write(spdlog::level::err, message);
}

}  // namespace relapse::log
