#pragma once
#include "drive/secrets.hpp"
#include "model/run.hpp"
#include "model/scenario.hpp"
#include "model/timeline.hpp"
#include "model/verdict.hpp"

namespace relapse {

/// A record that may be kept and what it amounts to.
struct Settled {
  Timeline timeline{};  ///< redacted
  Verdict verdict{};
};

/// Judges what was seen and redacts it. The outcome is that of the record as it was seen: a
/// scenario may compare what is then hidden. The words are those of the redacted record.
Settled settle(const Scenario& scenario, Timeline seen, const Secrets& secrets);

/// What a run says beside its timelines: its command, its targets, reasons, and what it quotes of
/// the scenarios.
void redact(Run& run, const Secrets& secrets);

}  // namespace relapse
