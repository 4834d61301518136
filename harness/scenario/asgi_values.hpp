#pragma once
#include <filesystem>
#include <vector>

#include "scenario/diagnostics.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {

/// What is wrong with single values of the ASGI plane, in steps that were written out and in
/// claims: Python values that cannot be made of what JSON has (model/asgi.hpp), changes that lead
/// nowhere in the scope, patterns that never match. Says nothing about what the tables have
/// refused.
void check_asgi_values(const Node& root, const std::vector<StepMeta>& metas,
                       const std::filesystem::path& file, std::vector<Diagnostic>& out);

}  // namespace relapse
