#pragma once
#include <string>
#include <string_view>

#include "model/history.hpp"

namespace relapse {

/// The run in Prometheus' text format, for the textfile collector of node_exporter: counts by
/// target and verdict, duration, exit code, when it ended and when one last held. The last is 0
/// when no run is known to have held, so that an alert on its age fires. Series of single results
/// are bounded: only of what does not hold, at most `most_series`, and how many are left out.
std::string prometheus_text(const Run& run, const Comparison& comparison = {},
                            std::size_t most_series = 200);

/// Safe text as the value of a label.
std::string prometheus_label(std::string_view text);

}  // namespace relapse
