#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/event.hpp"

namespace relapse {

/// A text in the log that means an unhandled fault of this target, beside the built-in ones.
struct LogSignature {
  std::string name{};
  std::string contains{};
  bool late = false;  ///< told by a garbage collector or a poll: any session before may be meant
  bool operator==(const LogSignature&) const = default;
};

/// The ordered record of everything that was done and observed. Immutable once the engine has
/// returned it.
struct Timeline {
  std::string scenario{};
  std::string target{};
  std::string started{};                           ///< UTC
  std::map<std::string, std::string> variables{};  ///< what ${...} stood for, secrets excluded
  /// The target's own, so that a stored timeline is judged as it was when it was fresh.
  std::vector<LogSignature> fault_signatures{};
  bool complete = false;  ///< the replay came to its end; false: it was cut off
  std::vector<Event> events{};
  bool operator==(const Timeline&) const = default;
};

/// The one JSON form (format version 1). Octets that are valid UTF-8 are written as text, others
/// as base64 under the key with suffix "_base64".
Json to_json(const Event& event);
Json to_json(const Timeline& timeline);
Result<Event> event_from_json(const Json& json);
Result<Timeline> timeline_from_json(const Json& json);

/// The name of the payload's kind in the JSON form: "frame", "log", "process_exited".
std::string_view kind_name(const Payload& payload);

/// One line for one event, in the style of a packet trace, without number and time:
/// "→ TEXT fin=1 len=2 "hi"". Outside bytes go through safe_text and are cut to about
/// `preview` columns.
std::string describe(const Event& event, std::size_t preview = 60);
/// What an event amounts to, in the words of describe(const Selector&), so that "expected" and
/// "observed" can be read side by side: "TEXT "hi"", "CLOSE 1000 "bye"", "HTTP 101", "RST".
std::string observed_text(const Event& event, std::size_t preview = 60);
/// "  12  0.193 ← RST": number, seconds since start, lane when it is not "main", description.
std::string trace_line(const Event& event);
/// The words for an expectation, the same as describe uses: "CLOSE 1000", "TEXT contains "x"".
std::string describe(const Selector& selector);
/// The words for a step: "send TEXT "hi"".
std::string describe(const Step& step);

}  // namespace relapse
