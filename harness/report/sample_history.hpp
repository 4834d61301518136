#pragma once
#include "model/history.hpp"

namespace relapse::testing {

/// Thirty nights before sample_run(): one relapse is new, one fails since days and is acknowledged,
/// a target has another version, something recovered, is new, is slow, is lost.
Comparison sample_comparison();
/// The run that it belongs to: sample_run() with owners, redactions and more that holds.
Run night_run();
/// Every field that a file or a target controls holds hostile octets.
Comparison hostile_comparison();

/// A library of `results` results on five targets in 40 families, of which `failing` fail in seven
/// ways, and thirty nights of each.
Run library_run(int results, int failing);
Comparison large_comparison(const Run& run, int nights);
/// What each of its attempts would hold: library_run() leaves timelines elsewhere.
Timeline large_timeline();

}  // namespace relapse::testing
