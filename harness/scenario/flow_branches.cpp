#include "scenario/diagnostics.hpp"
#include "scenario/flow.hpp"
#include "scenario/flow_names.hpp"

// The branches of a `together`. The order of events is exact within a branch and nobody's between
// two of them, so whatever two branches share would make the verdict a matter of luck.

namespace relapse {
namespace {

class BranchCheck {
 public:
  BranchCheck(const std::filesystem::path& file, Diagnostics& out) : file_(file), out_(out) {}

  void step(const StepView& step) {
    if (step.group != group_) {
      group_ = step.group;
      owners_.clear();
    }
    if (group_ < 0 || step.action.empty()) {
      return;
    }
    if (step.action == "start") {
      error(step, " would start the target while other branches speak to it",
            "start it before the branches");
    } else if (step.action == "signal" || step.action == "stop" || step.what == "exit") {
      shared(step, "\nprocess", " is about the process, as ",
             "the process is one for all: keep what is about it in one branch");
    } else if (step.what == "log") {
      shared(step, "\nlog", " looks at the log, as ",
             "the log is one for all: keep what is about it in one branch");
    } else if (is_asgi(step)) {
      call(step);
    } else if (step.action != "pause") {
      wire(step);
    }
  }

 private:
  void error(const StepView& step, const std::string& message, std::string note) {
    out_.push_back(make_error(file_, step.action_span, step.label + message, {}, std::move(note)));
  }

  /// Branches may act on one call. What is expected of it comes in one order, which two branches
  /// would take from each other.
  void call(const StepView& step) {
    if (step.action == "expect" && !is_off_wire(step)) {
      shared(step, "\ncall " + step.lane,
             " expects something of the call " + quote(step.lane) + ", as ",
             "what a call does comes in one order: keep what is expected of it in one branch");
    }
  }

  void wire(const StepView& step) {
    if (step.node->find("on") == nullptr) {
      error(step, " must name its connection: it runs beside other branches",
            "write \"on\" beside it, or the branch as {\"on\": \"a\", \"steps\": [...]}");
      return;
    }
    shared(step, step.lane, " uses the connection " + quote(step.lane) + ", as ",
           "each branch has connections of its own");
  }

  void shared(const StepView& step, const std::string& thing, const std::string& message,
              std::string note) {
    const auto [owner, added] = owners_.emplace(thing, &step);
    if (!added && owner->second->branch != step.branch) {
      error(step, message + owner->second->label + " of another branch does", std::move(note));
    }
  }

  const std::filesystem::path& file_;
  Diagnostics& out_;
  int group_ = -1;
  std::map<std::string, const StepView*> owners_;
};

}  // namespace

void check_branches(const std::vector<StepView>& steps, const std::filesystem::path& file,
                    Diagnostics& out) {
  BranchCheck check(file, out);
  for (const StepView& step : steps) {
    check.step(step);
  }
}

std::vector<Diagnostic> check_fragment_flow(const Node& root, const CheckResult& tree,
                                            const std::filesystem::path& file,
                                            const std::vector<StepMeta>& metas) {
  Diagnostics out;
  const std::vector<StepView> steps = view_steps(root.find("steps"), metas);
  check_variables(steps, tree.variables, file, out);
  check_captures(steps, file, out);
  check_branches(steps, file, out);
  return out;
}

}  // namespace relapse
