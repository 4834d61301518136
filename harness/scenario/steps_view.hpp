#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "scenario/jsonc.hpp"

namespace relapse {

/// What a step that came out of an expansion does not say itself.
struct StepMeta {
  std::string label{};   ///< "step 3.2"
  std::string rounds{};  ///< " (2 of 5)" in a repeat
  std::string suffix{};  ///< behind its own name, where that would not be the only one
  int group = -1;        ///< of `together`
  int branch = 0;
};

/// One step of the tree, as far as it can be understood.
struct StepView {
  const Node* node = nullptr;
  std::size_t index = 0;
  std::string label{};  ///< "step 3", "step 3.2": where it stands in the file
  std::string name{};   ///< what findings call it: its own, or its label, and the round
  bool named = false;   ///< by the file
  int group = -1;       ///< of `together`; -1: in line with all others
  int branch = 0;
  std::string lane{};    ///< "main" when it names none
  std::string action{};  ///< "send"; empty when it has none or several
  const Node* body = nullptr;
  Span action_span{};  ///< of the action's key
  std::string what{};  ///< of a send or expect: "upgrade", "close"; empty when unclear
};

/// The steps of a list; elements that are no objects are left out. `metas` stand beside the
/// elements when the list was expanded.
std::vector<StepView> view_steps(const Node* list, const std::vector<StepMeta>& metas = {});
/// Every step has one action, and every send and expect one object of it: the order can be judged.
bool all_clear(const std::vector<StepView>& steps);
/// An expectation that looks at the process, its log or its tasks and not at a connection or call.
bool is_off_wire(const StepView& step);
/// A step that does or expects what only the ASGI plane has.
bool is_asgi(const StepView& step);
/// A step that does or expects what only a connection has.
bool is_wire(const StepView& step);

/// The same by the keys, of steps and of claims.
bool is_asgi_action(std::string_view action);
bool is_asgi_selector(std::string_view what);
/// What belongs to no connection or call: log, exit, pending_tasks, complaint.
bool is_off_wire_selector(std::string_view what);
/// A pause that is different in every replay.
bool is_sweep(const StepView& step);

/// A step that stands for several: use, repeat, together.
bool is_composition(const StepView& step);

/// The string under the key; empty when there is none.
std::string_view text_of(const Node& node, std::string_view key);

}  // namespace relapse
