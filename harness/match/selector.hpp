#pragma once
#include <cstdint>
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
  /// It might match after all: only a part of the value is on record, or the expression is too
  /// complex for the text. Such a value must neither hold a claim nor break it.
  bool undecided = false;
};

/// {"contains": "x", "not": "y"}: every key an operator. An object with any other key is a subset
/// of the view's keys.
bool is_operators(const Json& pattern);

/// What a pattern is applied to.
struct View {
  Value value;
  /// Values of which only the beginning is on record: JSON pointer to the size of the whole, or to
  /// 0 when that is not known. A pointer to something else than a string: nothing is known about
  /// that value.
  std::map<std::string, std::uint64_t> cut{};
};

/// Nothing when the pattern matches. ${name} in the pattern's strings is looked up in variables.
std::optional<Mismatch> mismatch(const Json& pattern, const Json& view, const Variables& variables);
std::optional<Mismatch> mismatch(const Json& pattern, const View& view, const Variables& variables);

/// What the pattern of this kind is applied to; nothing when events[index] is of another kind or
/// was not done by the target. The events around it answer who closed first and whether the close
/// was clean.
std::optional<View> view_of(SelectorKind kind, std::span<const Event> events, std::size_t index);

/// Why events[index] does not match the selector; nothing when it does. An event of another kind is
/// a mismatch too.
std::optional<Mismatch> mismatch(const Selector& selector, std::span<const Event> events,
                                 std::size_t index, const Variables& variables);

/// Whether an expectation stops at this event: something the target did on the expectation's
/// connection that is neither a part of a message nor (unless wanted) a ping, a pong or a 1xx.
bool is_candidate(const Selector& selector, const Event& event);

/// A selector of the ASGI plane.
bool is_of_asgi(SelectorKind kind);

/// Events of a probe or of the harness's own log marks: no claim speaks about them.
bool is_aside(const Event& event);

/// Whether the event that is waited for is kept however full the record is, and whatever was left
/// out before it does not matter.
bool outlasts_record(const Expect& expect);

/// How far an expectation has come on events[from, until). `unknown`: what decides is not on
/// record, because the record was full or holds only a part of the event.
struct Progress {
  enum class State { waiting, matched, mismatched, unknown };
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
/// nowhere, or to a value of which only a part is on record; `missing` then names it.
bool capture(const Expect& expect, std::span<const Event> events, std::size_t index,
             Variables& variables, std::string& missing);

/// Replaces ${name} by its value; unknown names stay as they are.
std::string substitute(const std::string& text, const Variables& variables);
Json substitute(const Json& json, const Variables& variables);

}  // namespace relapse
