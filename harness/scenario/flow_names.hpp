#pragma once
#include <map>
#include <string>
#include <vector>

#include "scenario/check.hpp"
#include "scenario/steps_view.hpp"

// Shared by flow.cpp and target_flow.cpp: variables and the order of steps.

namespace relapse {

using Diagnostics = std::vector<Diagnostic>;

/// Whether one place of a file begins within another one of the same file.
bool inside(const Span& inner, const Span& outer);

/// A capture: the variable's name and the step that stores it.
struct Declared {
  std::string name;
  std::size_t step = 0;
  Span span{};
  std::string label{};  ///< of that step
  int group = -1;
  int branch = 0;
};
/// The captures of all steps.
std::vector<Declared> captures_of(const std::vector<StepView>& steps);

/// Reports uses inside `steps` of a name that no earlier step captures, and uses in `claims` (the
/// nodes after the steps) of one that no step captures.
void check_variables(const std::vector<StepView>& steps, const std::vector<VariableUse>& uses,
                     const std::filesystem::path& file, Diagnostics& out);

/// True for nonce, port, dir, host, bin and a name under env:, secret:, token: or public_key:.
bool is_outside_variable(std::string_view name);

/// Reports steps that cannot be reached, or that wait for what nobody could send.
void check_order(const std::vector<StepView>& steps, bool probe, const std::filesystem::path& file,
                 Diagnostics& out);

/// Reports what belongs to the wire beside what belongs to the ASGI plane; true when there is
/// nothing of that kind.
bool check_planes(const Node& root, const std::vector<StepView>& steps,
                  const std::filesystem::path& file, Diagnostics& out);

/// Reports steps about a call of the application that has not begun, or has ended.
void check_call_order(const std::vector<StepView>& steps, const std::filesystem::path& file,
                      Diagnostics& out);

/// Two captures of one name.
void check_captures(const std::vector<StepView>& steps, const std::filesystem::path& file,
                    Diagnostics& out);

/// Branches of `together` that would get in each other's way.
void check_branches(const std::vector<StepView>& steps, const std::filesystem::path& file,
                    Diagnostics& out);

}  // namespace relapse
