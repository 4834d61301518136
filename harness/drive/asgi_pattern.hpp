#pragma once
#include <optional>

#include "drive/asgi_script.hpp"
#include "model/scenario.hpp"

namespace relapse {

/// An expectation that the bridge can follow by itself. What it lets pass is judged here all the
/// same; what it stops at is false for the judge too.
struct SimpleExpectation {
  AsgiScript::Outcome outcome{};
  Value literal{};  ///< an object of plain values; null for none
};

/// Nothing when the expectation captures or steps over something, or its pattern has operators,
/// variables or more than plain values.
std::optional<SimpleExpectation> simple_expectation(const Expect& expect);

}  // namespace relapse
