#pragma once
#include <optional>

#include "match/selector.hpp"

/// The part of match/selector.hpp that is about the ASGI plane.
namespace relapse {

/// The view of an event of that kind; nothing when it is of another.
std::optional<View> asgi_view(SelectorKind kind, const Event& event);

/// Applies the pattern, which may be short: a string means the type of an exception, what a call
/// waits in, or the kind of a complaint; `true` any return.
std::optional<Mismatch> asgi_mismatch(SelectorKind kind, const Json& pattern, const View& view,
                                      const Variables& variables);

/// What an application does is a candidate for every expectation about its call: it sends, returns
/// or raises. That it waits, what tasks are left and complaints are only for those that ask.
bool is_asgi_candidate(const Selector& selector, const Event& event);
/// It sent something, returned or raised.
bool is_outcome_of_call(const Event& event);

}  // namespace relapse
