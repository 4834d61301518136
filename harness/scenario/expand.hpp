#pragma once
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "scenario/diagnostics.hpp"
#include "scenario/fragments.hpp"
#include "scenario/put_in.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {

/// How many steps a scenario may have once everything is written out.
inline constexpr std::size_t max_steps = 20000;

/// A file whose steps are written out: use, repeat and together have given their steps, in one
/// list, with every parameter and counter put in.
struct Expansion {
  Node root{};                    ///< the file's, but for its "steps"
  std::vector<StepMeta> metas{};  ///< one for each of them
  std::vector<Diagnostic> diagnostics{};
  std::vector<std::unique_ptr<Origin>> origins{};  ///< what the spans point to
};

/// Writes out a scenario. `parameters` are the names that a case has put in already: nothing in the
/// file may be called like them.
Expansion expand_scenario(const Node& root, const std::filesystem::path& file,
                          FragmentFolder& fragments, Scope parameters = {});
/// Writes out a fragment by itself: a parameter without a default is a value of which nothing is
/// known.
Expansion expand_fragment(const Fragment& fragment, FragmentFolder& fragments);

}  // namespace relapse
