#include "scenario/argv_check.hpp"

#include <algorithm>

#include "scenario/diagnostics.hpp"
#include "scenario/flow_names.hpp"

namespace relapse {
namespace {

class Arguments {
 public:
  explicit Arguments(const Node& root) {
    steps(root.find("steps"));
    add(root.find("launch"), "command");
    add(&root, "version_command");
    add(root.find("asgi"), "python");
    if (const Node* faults = root.find("faults")) {
      for (const Member& fault : faults->members) {
        add(&fault.value, "command");
        add(&fault.value, "args");
        add(fault.value.find("revision"), "build");
      }
    }
    if (const Node* logs = root.find("logs")) {
      for (const Node& log : logs->items) {
        add(&log, "command");
      }
    }
  }

  bool holds(const Span& span) const {
    return std::any_of(lists_.begin(), lists_.end(),
                       [&](const Node* list) { return inside(span, list->span); });
  }

 private:
  void add(const Node* object, std::string_view key) {
    const Node* list = object != nullptr ? object->find(key) : nullptr;
    if (list != nullptr) {
      lists_.push_back(list);
    }
  }

  void steps(const Node* list) {
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      add(list->items[i].find("start"), "args");
    }
  }

  std::vector<const Node*> lists_;
};

}  // namespace

void check_arguments(const Node& root, const std::vector<VariableUse>& uses,
                     const std::filesystem::path& file, std::vector<Diagnostic>& out) {
  const Arguments arguments(root);
  for (const VariableUse& use : uses) {
    if (use.name.starts_with("secret:") && arguments.holds(use.span)) {
      out.push_back(
          make_error(file, use.span,
                     quote("${" + use.name + "}") + " in " + use.where +
                         " would be an argument, which every user of the machine can read",
                     {}, "pass a secret through \"env\" or \"files\""));
    }
  }
}

}  // namespace relapse
