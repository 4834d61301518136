#pragma once

namespace relapse {

/// The yardstick for the wire plane: what a bare Boost.Beast client reaches on this machine without
/// steps, timeline or judge. One after another on one io_context and one thread: connect to
/// 127.0.0.1:port, upgrade to /echo, send one text, read it back, closing handshake, until the
/// peer's FIN.
/// Returns scenarios per second of wall time. Throws when `count` is below 1 and std::runtime_error
/// when any of them did not go as described: a rate over failures would be no measure.
double beast_scenarios_per_second(int port, int count);

}  // namespace relapse
