#include "scenario/steps_view.hpp"

#include <algorithm>
#include <array>

#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 7> asgi_actions{
    "call", "receive", "fail_send", "hold_send", "release_send", "disconnect", "cancel"};
constexpr std::array<std::string_view, 6> asgi_selectors{"sent",    "raised",        "returned",
                                                         "waiting", "pending_tasks", "complaint"};
constexpr std::array<std::string_view, 4> off_wire_selectors{"log", "exit", "pending_tasks",
                                                             "complaint"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The one member whose key belongs to a group of the table; nullptr when there is none or several.
const Member* only_member(const Node& node, const schema::ObjectTable& table) {
  const Member* found = nullptr;
  for (const Member& member : node.members) {
    const schema::Key* key = table.find(member.key);
    if (key == nullptr || key->group.empty()) {
      continue;
    }
    if (found != nullptr) {
      return nullptr;
    }
    found = &member;
  }
  return found;
}

StepView view_step(const Node& node, std::size_t index, const StepMeta& meta) {
  const schema::ObjectTable& table = *schema::step_list.item->table;
  StepView view;
  view.node = &node;
  view.index = index;
  view.label = meta.label.empty() ? "step " + std::to_string(index + 1) : meta.label;
  view.name = text_of(node, "name");
  view.named = !view.name.empty();
  view.name = view.named ? view.name + meta.suffix : view.label + meta.rounds;
  view.group = meta.group;
  view.branch = meta.branch;
  view.lane = text_of(node, "on");
  view.lane = view.lane.empty() ? "main" : view.lane;
  const Member* action = only_member(node, table);
  if (action == nullptr) {
    return view;
  }
  view.action = action->key;
  view.action_span = action->key_span;
  view.body = &action->value;
  const schema::ObjectTable* inner = table.find(action->key)->type->table;
  if (inner != nullptr && (view.action == "send" || view.action == "expect")) {
    if (const Member* what = only_member(action->value, *inner)) {
      view.what = what->key;
    }
  }
  return view;
}

}  // namespace

std::vector<StepView> view_steps(const Node* list, const std::vector<StepMeta>& metas) {
  std::vector<StepView> views;
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    if (list->items[i].is(Node::Kind::object)) {
      views.push_back(view_step(list->items[i], i, i < metas.size() ? metas[i] : StepMeta{}));
    }
  }
  return views;
}

bool all_clear(const std::vector<StepView>& steps) {
  return std::all_of(steps.begin(), steps.end(), [](const StepView& step) {
    const bool has_what = step.action == "send" || step.action == "expect";
    return !step.action.empty() && (!has_what || !step.what.empty());
  });
}

bool is_asgi_action(std::string_view action) {
  return contains(asgi_actions, action);
}

bool is_asgi_selector(std::string_view what) {
  return contains(asgi_selectors, what);
}

bool is_off_wire_selector(std::string_view what) {
  return contains(off_wire_selectors, what);
}

bool is_off_wire(const StepView& step) {
  return step.action == "expect" && is_off_wire_selector(step.what);
}

bool is_asgi(const StepView& step) {
  return is_asgi_action(step.action) || (step.action == "expect" && is_asgi_selector(step.what));
}

bool is_wire(const StepView& step) {
  return step.action == "send" || step.action == "end" ||
         (step.action == "expect" && !step.what.empty() && !is_asgi_selector(step.what) &&
          !is_off_wire_selector(step.what));
}

bool is_composition(const StepView& step) {
  return step.action == "use" || step.action == "repeat" || step.action == "together";
}

bool is_sweep(const StepView& step) {
  return step.action == "pause" && step.body->is(Node::Kind::object);
}

std::string_view text_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value != nullptr && value->is(Node::Kind::string) ? std::string_view(value->text)
                                                           : std::string_view{};
}

}  // namespace relapse
