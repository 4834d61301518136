#pragma once
#include <string>

#include "judge/asgi_protocol.hpp"
#include "judge/story.hpp"
#include "model/asgi_scope.hpp"

/// For tests: calls of an application, told as stories.
namespace relapse::testing {

Value parsed(const std::string& text);
/// The base scope with another value for one key.
Value scope_with(const char* type, const char* key, const char* value);

inline AsgiCalled called(const char* type) {
  return {base_scope(type)};
}
/// {"type": type} and what else the text holds: "\"text\": \"hi\"".
inline Value message(const std::string& type, const std::string& rest = {}) {
  return parsed("{\"type\": \"" + type + "\"" + (rest.empty() ? "" : ", " + rest) + "}");
}
inline AsgiFed fed(const std::string& type, const std::string& rest = {}) {
  return {message(type, rest)};
}
inline AsgiSent sent(int number, const std::string& type, const std::string& rest = {}) {
  return {number, message(type, rest)};
}
inline AsgiRaised raised(std::string type, std::string text) {
  return {{{std::move(type), std::move(text), "app.py:1 in app"}}, "Traceback ...", false};
}

/// A call that was accepted, with step marks: calls, feeds connect, expects the accept.
inline Story accepted() {
  return Story()
      .begin(0)
      .add("main", called("websocket"))
      .end()
      .begin(1)
      .add("main", fed("websocket.connect"))
      .end()
      .begin(2)
      .add("main", sent(1, "websocket.accept"))
      .end();
}

/// A call that numbers what is sent.
class Talk {
 public:
  explicit Talk(const char* type) { story_.add("main", called(type)); }
  explicit Talk(Value scope) { story_.add("main", AsgiCalled{std::move(scope)}); }
  Talk& fed(const std::string& type, const std::string& rest = {}) {
    story_.add("main", testing::fed(type, rest));
    return *this;
  }
  Talk& sent(const std::string& type, const std::string& rest = {}) {
    return sends(message(type, rest));
  }
  Talk& sends(Value event) {
    story_.add("main", AsgiSent{++number_, std::move(event)});
    return *this;
  }
  Talk& raises(const char* type = "OSError") {
    story_.add("main", AsgiSendFate{AsgiSendFate::Kind::raised, number_, type, "gone"});
    return *this;
  }
  Talk& returns() {
    story_.add("main", AsgiReturned{});
    return *this;
  }
  const Story& story() const { return story_; }

 private:
  Story story_;
  int number_ = 0;
};

/// The first violation, as a finding tells it; "" when there is none.
std::string first_violation(const Scenario& scenario, Story story);

}  // namespace relapse::testing
