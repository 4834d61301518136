#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace relapse {

/// Wall time as "2026-11-22T03:12:07.193Z" (UTC, milliseconds).
std::string utc_timestamp(std::chrono::system_clock::time_point when);
/// Compact form for names of directories: "20261122T031207Z".
std::string utc_compact(std::chrono::system_clock::time_point when);

/// `bytes` random octets from the operating system, as lower-case hex.
std::string random_hex(std::size_t bytes);

}  // namespace relapse
