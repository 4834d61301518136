#include "judge/asgi_protocol.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "judge/asgi_call.hpp"
#include "judge/asgi_evidence.hpp"

namespace relapse {
namespace {

/// Follows the calls of all lanes.
class ProtocolFollower {
 public:
  ProtocolFollower(const Scenario& scenario, const Timeline& timeline)
      : scenario_(scenario), timeline_(timeline) {}

  std::vector<ProtocolViolation> run() {
    const std::size_t end = cleanup_begins(timeline_);
    for (index_ = 0; index_ < end; ++index_) {
      const Event& event = timeline_.events[index_];
      if (event.lane == "probe") {
        continue;
      }
      note_cancel(event);
      follow(event);
    }
    return std::move(found_);
  }

 private:
  void follow(const Event& event) {
    if (const auto* called = std::get_if<AsgiCalled>(&event.payload)) {
      calls_.insert_or_assign(event.lane, AsgiCall(called->scope.json()));
      return;
    }
    const auto call = calls_.find(event.lane);
    if (call == calls_.end()) {
      return;
    }
    if (const auto* fed = std::get_if<AsgiFed>(&event.payload)) {
      call->second.fed(fed->event.json());
    } else if (const auto* sent = std::get_if<AsgiSent>(&event.payload)) {
      note(call->second.sent(sent->number, sent->event.json()));
    } else if (const auto* fate = std::get_if<AsgiSendFate>(&event.payload)) {
      if (fate->kind == AsgiSendFate::Kind::raised) {
        call->second.send_raised(fate->number);
      }
    } else if (std::holds_alternative<AsgiReturned>(event.payload)) {
      note(call->second.returned());
      calls_.erase(call);
    } else if (std::holds_alternative<AsgiRaised>(event.payload)) {
      calls_.erase(call);
    }
  }

  void note_cancel(const Event& event) {
    const bool begins = std::holds_alternative<StepStarted>(event.payload) && event.step >= 0 &&
                        static_cast<std::size_t>(event.step) < scenario_.steps.size();
    if (!begins) {
      return;
    }
    const Step& step = scenario_.steps[static_cast<std::size_t>(event.step)];
    const auto call = calls_.find(step.lane);
    if (std::holds_alternative<Cancel>(step.action) && call != calls_.end()) {
      call->second.cancelled();
    }
  }

  void note(std::vector<AsgiProblem> problems) {
    for (AsgiProblem& problem : problems) {
      found_.push_back({index_, std::move(problem.text), std::move(problem.section)});
    }
  }

  const Scenario& scenario_;
  const Timeline& timeline_;
  std::size_t index_ = 0;
  std::map<std::string, AsgiCall> calls_;
  std::vector<ProtocolViolation> found_;
};

}  // namespace

std::vector<ProtocolViolation> protocol_violations(const Scenario& scenario,
                                                   const Timeline& timeline) {
  return ProtocolFollower(scenario, timeline).run();
}

}  // namespace relapse
