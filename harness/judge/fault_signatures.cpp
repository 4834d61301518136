#include <algorithm>
#include <array>

#include "judge/evidence.hpp"
#include "judge/judge.hpp"
#include "match/selector.hpp"

namespace relapse {
namespace {

// Not here on purpose: "Invalid HTTP request received." of uvicorn 0.17 is logged at WARNING with a
// traceback although the fault is the client's (encode/uvicorn#886).
constexpr std::array signatures{
    FaultSignature{"uvicorn", "Exception in ASGI application"},
    FaultSignature{"uvicorn", "ASGI callable returned without"},
    FaultSignature{"hypercorn", "Error in ASGI Framework"},
    FaultSignature{"daphne", "Exception inside application"},
    FaultSignature{"asyncio", "Task exception was never retrieved", true},
    FaultSignature{"asyncio", "Future exception was never retrieved", true},
    FaultSignature{"asyncio", "Task was destroyed but it is pending!", true},
    FaultSignature{"asyncio", "protocol.data_received() call failed"},
    FaultSignature{"asyncio", "Exception in callback"},
    FaultSignature{"twisted", "Unhandled Error"},
    FaultSignature{"chatd", "Unhandled exception in session"},
};

template <class Signatures>
bool any_in(const LogLine& line, const Signatures& table, bool late) {
  return std::any_of(table.begin(), table.end(), [&](const auto& signature) {
    return signature.late == late && line.text.find(signature.contains) != std::string::npos;
  });
}

bool shows(const LogLine& line, const Timeline& timeline, bool late) {
  return any_in(line, fault_signatures(), late) || any_in(line, timeline.fault_signatures, late);
}

bool only_late(const LogLine& line, const Timeline& timeline) {
  return shows(line, timeline, true) && !shows(line, timeline, false);
}

}  // namespace

std::span<const FaultSignature> fault_signatures() {
  return signatures;
}

bool shows_fault(const LogLine& line, const Timeline& timeline) {
  return shows(line, timeline, false) || shows(line, timeline, true);
}

const LogLine* only_late_fault(const Verdict& verdict, const Timeline& timeline) {
  const LogLine* found = nullptr;
  for (const Finding& finding : verdict.findings) {
    if (finding.outcome == Outcome::holds) {
      continue;
    }
    if (finding.claim != guard_log || finding.evidence.empty()) {
      return nullptr;
    }
    for (const std::uint32_t seq : finding.evidence) {
      const bool known = seq >= 1 && seq <= timeline.events.size();
      const auto* line = known ? std::get_if<LogLine>(&timeline.events[seq - 1].payload) : nullptr;
      if (line == nullptr || !only_late(*line, timeline)) {
        return nullptr;
      }
      found = found == nullptr ? line : found;
    }
  }
  return found;
}

const LogLine* late_fault_aside(const Timeline& timeline) {
  for (const Event& event : timeline.events) {
    const auto* line = std::get_if<LogLine>(&event.payload);
    if (line != nullptr && is_aside(event) && only_late(*line, timeline)) {
      return line;
    }
  }
  return nullptr;
}

}  // namespace relapse
