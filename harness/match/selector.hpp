#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>

#include "model/event.hpp"

/// Which events an expectation or claim speaks about, and whether they match. The live driver and
/// the judge use the same functions, so that what ended a wait is what the verdict sees.
namespace relapse {

using Variables = std::map<std::string, std::string>;

/// Why a pattern does not match: where in the view, what was wanted, what was there.
struct Mismatch {
  std::string pointer;  ///< JSON pointer into the view; empty: the view itself
  std::string expected;
  std::string actual;
};

/// Nothing when the pattern matches. ${name} in the pattern's strings is looked up in variables.
std::optional<Mismatch> mismatch(const Json& pattern, const Json& view, const Variables& variables);

/// What the pattern of this kind is applied to; nothing when events[index] is of another kind or
/// was not done by the target. The events around it answer who closed first and whether the close
/// was clean.
std::optional<Json> view_of(SelectorKind kind, std::span<const Event> events, std::size_t index);

/// Why events[index] does not match the selector; nothing when it does. An event of another kind is
/// a mismatch too.
std::optional<Mismatch> mismatch(const Selector& selector, std::span<const Event> events,
                                 std::size_t index, const Variables& variables);

/// Whether an expectation stops at this event: something the target did on the expectation's
/// connection that is neither a part of a message nor (unless wanted) a ping, a pong or a 1xx.
bool is_candidate(const Selector& selector, const Event& event);

/// Events of a probe or of the harness's own log marks: no claim speaks about them.
bool is_aside(const Event& event);

/// How far an expectation has come on events[from, until).
struct Progress {
  enum class State { waiting, matched, mismatched };
  State state = State::waiting;
  std::size_t index = 0;  ///< of the event that decided
  std::size_t skipped = 0;
  std::optional<Mismatch> why{};
};
/// `live` is for a driver that cannot see the future yet: whether a close was clean is then left to
/// the judge.
Progress advance(const Expect& expect, std::span<const Event> events, std::size_t from,
                 std::size_t until, const Variables& variables, bool live);

/// Takes the captures of a matched expectation out of its event. False when a pointer leads
/// nowhere; `missing` then names it.
bool capture(const Expect& expect, std::span<const Event> events, std::size_t index,
             Variables& variables, std::string& missing);

/// Replaces ${name} by its value; unknown names stay as they are.
std::string substitute(const std::string& text, const Variables& variables);
Json substitute(const Json& json, const Variables& variables);

}  // namespace relapse
