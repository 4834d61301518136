#pragma once
#include "model/run.hpp"

namespace relapse::testing {

/// A run as a night would give it, made by hand: every outcome, two targets, real-looking traffic.
Run sample_run();
/// One relapse in which every field that a target, a log or a file controls holds hostile octets.
Run hostile_run();
Run hostile_run(const Bytes& octets);
/// The octets of hostile_run: terminal escapes, bidi controls, markup, invalid UTF-8, NUL.
const Bytes& hostile_octets();
/// Held on both targets; nothing to complain about.
Run holding_run();

/// A sweep that relapsed at three of its points, and a scenario that another one disturbed.
Run swept_run();

/// The ASGI plane: a relapse with a call, a traceback and a complaint, beside scope faults that
/// hold.
Run asgi_run();

/// Builds a timeline: numbers the events, and keeps the step and the lane until they are changed.
class TimelineBuilder {
 public:
  TimelineBuilder& step(int index);
  TimelineBuilder& end_step(bool satisfied = true);
  TimelineBuilder& lane(std::string name);
  TimelineBuilder& add(double milliseconds_later, Payload payload);
  TimelineBuilder& log(double milliseconds_later, std::string text);
  std::uint32_t last() const { return seq_; }
  Timeline timeline{};

 private:
  std::uint32_t seq_ = 0;
  std::int64_t at_ns_ = 0;
  int step_ = -1;
  std::string lane_ = "main";
};

Payload sent_frame(int opcode, Bytes payload);
Payload received_frame(int opcode, Bytes payload);
Payload upgrade_request(std::string target);
Payload response(int status, std::string reason, Bytes body = {});
/// Close payload: two octets of code, then the reason.
Bytes close_octets(int code, const std::string& reason = {});

/// A call of which all that an application controls are these octets.
void add_hostile_call(TimelineBuilder& builder, const Bytes& octets);

}  // namespace relapse::testing
