#pragma once
#include <string_view>

namespace relapse::log {

enum class Level { debug, info, warning, error, off };

/// The harness's own log, on standard error. Facts about a target belong in its timeline, not here.
void set_level(Level level);
void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

}  // namespace relapse::log
