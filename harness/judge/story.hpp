#pragma once
#include <string>
#include <utility>

#include "judge/judge.hpp"

/// For tests: timelines told as stories, and the scenarios that they are judged by.
namespace relapse::testing {

/// Builds a timeline event by event, with step marks as the driver writes them.
class Story {
 public:
  Story& begin(int step) {
    step_ = step;
    return add("", StepStarted{});
  }
  Story& end(bool satisfied = true) {
    add("", StepEnded{satisfied});
    step_ = -1;
    return *this;
  }
  Story& add(std::string lane, Payload payload) {
    Event event;
    event.seq = static_cast<std::uint32_t>(timeline_.events.size()) + 1;
    event.step = step_;
    event.lane = std::move(lane);
    event.payload = std::move(payload);
    timeline_.events.push_back(std::move(event));
    return *this;
  }
  Story& request() {
    HttpMessage message;
    message.direction = Direction::sent;
    message.upgrade = true;
    return add("main", message);
  }
  Story& response(int status, bool upgrade = true) {
    HttpMessage message;
    message.direction = Direction::received;
    message.upgrade = upgrade;
    message.status = status;
    return add("main", message);
  }
  Story& close(int code) {
    WsFrame frame;
    frame.direction = Direction::received;
    frame.opcode = 8;
    frame.payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return add("main", frame);
  }
  Story& text(std::string words) {
    WsFrame frame;
    frame.direction = Direction::received;
    frame.opcode = 1;
    frame.length = words.size();
    frame.payload = std::move(words);
    return add("main", frame);
  }
  Story& log(std::string text) { return add("", LogLine{"process", std::move(text)}); }
  Story& mark(bool seen) { return add("", LogMarked{"n", seen, false}); }
  Timeline done(bool complete = true) {
    timeline_.complete = complete;
    return timeline_;
  }

 private:
  Timeline timeline_;
  int step_ = -1;
};

inline Step send_upgrade() {
  Step step;
  step.action = Send{SendUpgrade{}};
  return step;
}

Step expects(SelectorKind kind, const char* pattern);

Claim never_log(const char* text);

/// upgrade, expect 101, expect close 1000.
Scenario session();

inline Story upgraded() {
  return Story().begin(0).request().end().begin(1).response(101).end();
}

inline Outcome outcome(const Scenario& scenario, const Timeline& timeline) {
  return judge(scenario, timeline).outcome;
}

}  // namespace relapse::testing
