#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "scenario/diagnostics.hpp"

namespace relapse {

/// The values of parameters and counters by name. One that is `broken` is not known yet.
using Scope = std::map<std::string, Node>;

/// Puts the values in: a string that is nothing but "${name}" becomes the value, whatever it is; in
/// a longer string it must be a string, a number or a boolean. Other names stay for later.
void put_in(Node& node, const Scope& scope, const std::filesystem::path& file,
            std::vector<Diagnostic>& out);

/// Makes texts of the counters that stand where the table wants a text.
void settle_counters(Node& step);

/// Says of the whole tree that it stands in this fragment.
void stamp(Node& node, const Origin& origin);

}  // namespace relapse
