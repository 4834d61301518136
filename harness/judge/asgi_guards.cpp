#include "judge/asgi_guards.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "judge/asgi_evidence.hpp"
#include "judge/asgi_protocol.hpp"
#include "judge/judge.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

constexpr std::size_t max_evidence = 20;

/// OSError and what Python derives from it.
constexpr std::array<std::string_view, 18> os_errors{"OSError",
                                                     "IOError",
                                                     "EnvironmentError",
                                                     "BlockingIOError",
                                                     "ChildProcessError",
                                                     "ConnectionError",
                                                     "BrokenPipeError",
                                                     "ConnectionAbortedError",
                                                     "ConnectionRefusedError",
                                                     "ConnectionResetError",
                                                     "FileExistsError",
                                                     "FileNotFoundError",
                                                     "InterruptedError",
                                                     "IsADirectoryError",
                                                     "NotADirectoryError",
                                                     "PermissionError",
                                                     "ProcessLookupError",
                                                     "TimeoutError"};

bool is_os_error(std::string_view type) {
  return std::find(os_errors.begin(), os_errors.end(), type) != os_errors.end();
}

/// What decides whether an exception that leaves this call is a fault.
struct CallFacts {
  bool lifespan = false;
  bool started = false;       ///< lifespan.startup.complete was sent
  std::string raised_type{};  ///< of the OSError that a send() raised last
  std::string raised_text{};
};

/// Follows the calls, as far as exceptions are concerned.
class ExceptionFollower {
 public:
  void note(const Event& event) {
    if (const auto* called = std::get_if<AsgiCalled>(&event.payload)) {
      const Json* type = python::at(called->scope.json(), "type");
      calls_[event.lane] = {};
      calls_[event.lane].lifespan =
          (type != nullptr && *type == "lifespan") || event.lane.starts_with("lifespan");
    } else if (const auto* sent = std::get_if<AsgiSent>(&event.payload)) {
      const Json* type = python::at(sent->event.json(), "type");
      CallFacts& call = calls_[event.lane];
      call.started = call.started || (type != nullptr && *type == "lifespan.startup.complete");
    } else if (const auto* fate = std::get_if<AsgiSendFate>(&event.payload)) {
      if (fate->kind == AsgiSendFate::Kind::raised && is_os_error(fate->type)) {
        calls_[event.lane].raised_type = fate->type;
        calls_[event.lane].raised_text = fate->message;
      }
    }
  }

  bool may_leave(const Event& event, const AsgiRaised& raised) {
    if (raised.cancelled) {
      return true;
    }
    const CallFacts& call = calls_[event.lane];
    // Lifespan 2.0, section Scope: the server goes on, without lifespan.
    if (call.lifespan && !call.started) {
      return true;
    }
    // Section Disconnected Client - send exception: the application may let it through, and the
    // server that raised it must not take it for an error.
    return !call.raised_type.empty() && !raised.chain.empty() &&
           is_os_error(raised.chain.front().type) &&
           raised.chain.front().message == call.raised_text;
  }

 private:
  std::map<std::string, CallFacts> calls_;
};

bool is_fault(const AsgiComplaint& complaint) {
  constexpr std::array<std::string_view, 6> kinds{"never_retrieved", "loop",    "unraisable",
                                                  "spinning",        "blocked", "left_loop"};
  return std::find(kinds.begin(), kinds.end(), complaint.kind) != kinds.end();
}

Finding guard(std::string_view name, std::string expected) {
  Finding finding;
  finding.claim = name;
  finding.kind = ClaimKind::guard;
  finding.outcome = Outcome::holds;
  finding.expected = std::move(expected);
  finding.observed = "none";
  return finding;
}

/// The lanes on which the scenario speaks as a client. There the harness does as a server does: it
/// logs the exception and answers, so that guard:log judges it, as on the wire.
std::set<std::string> client_lanes(const Scenario& scenario) {
  std::set<std::string> lanes;
  for (const Step& step : scenario.steps) {
    if (std::holds_alternative<Send>(step.action)) {
      lanes.insert(step.lane);
    }
  }
  return lanes;
}

void doubt_if_full(Finding& finding, const Timeline& timeline) {
  if (finding.outcome == Outcome::holds && left_out(timeline) > 0) {
    finding.outcome = Outcome::inconclusive;
    finding.observed = "not known: the record was full";
  }
}

}  // namespace

Finding judge_protocol(const Scenario& scenario, const Timeline& timeline) {
  Finding finding = guard(guard_protocol, "no message that the ASGI specification does not allow");
  const auto violations = protocol_violations(scenario, timeline);
  for (const ProtocolViolation& violation : violations) {
    const std::uint32_t seq = timeline.events[violation.index].seq;
    if (finding.evidence.size() < max_evidence &&
        (finding.evidence.empty() || finding.evidence.back() != seq)) {
      finding.evidence.push_back(seq);
    }
  }
  if (!violations.empty()) {
    finding.outcome = Outcome::relapsed;
    finding.observed = violations.front().text + " (" + violations.front().section + ")";
    if (violations.size() > 1) {
      finding.observed += ", and " + std::to_string(violations.size() - 1) + " more";
    }
  }
  doubt_if_full(finding, timeline);
  return finding;
}

Finding judge_exceptions(const Scenario& scenario, const Timeline& timeline, const Walk& walk) {
  Finding finding = guard(guard_exception, "no exception in the application that no step expected");
  ExceptionFollower calls;
  const std::set<std::string> clients = client_lanes(scenario);
  const std::size_t cleanup = cleanup_begins(timeline);
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    if (event.lane == "probe") {
      continue;
    }
    calls.note(event);
    const auto* raised = std::get_if<AsgiRaised>(&event.payload);
    const auto* complaint = std::get_if<AsgiComplaint>(&event.payload);
    const bool left = raised != nullptr && i < cleanup && !clients.contains(event.lane) &&
                      !calls.may_leave(event, *raised);
    const bool lost = complaint != nullptr && is_fault(*complaint);
    if ((!left && !lost) || walk.fulfilling.contains(i)) {
      continue;
    }
    if (finding.outcome != Outcome::relapsed) {
      finding.outcome = Outcome::relapsed;
      finding.observed = observed_text(event);
    }
    if (finding.evidence.size() < max_evidence) {
      finding.evidence.push_back(event.seq);
    }
  }
  doubt_if_full(finding, timeline);
  return finding;
}

}  // namespace relapse
