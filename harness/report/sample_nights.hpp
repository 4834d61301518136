#pragma once
#include <vector>

#include "model/history.hpp"

namespace relapse::testing {

/// What the nights before say of sample_run(): a relapse that held for 212 nights, one that still
/// fails, one that recovered, a lost scenario and a new version of a target.
Comparison sample_nights();
/// Every text of it holds hostile octets.
Comparison hostile_nights();
/// sample_run() with an acknowledged relapse.
Run acknowledged_run();
/// `count` results on four targets; of each hundred three relapse, one is inconclusive, one flaky.
/// `all_relapse`: every one relapses in a way of its own, the worst that a file can hold.
Run large_run(std::size_t count, bool all_relapse = false);

/// One string of everything that some format gives a meaning: escapes of terminals, ends of CDATA,
/// commands of CI logs, Markdown, YAML, TAP directives, NUL, invalid UTF-8, bidi controls.
const Bytes& nasty_octets();
/// hostile_run() with these octets in place of its own.
Run nasty_run();

}  // namespace relapse::testing
