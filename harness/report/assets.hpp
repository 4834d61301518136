#pragma once
#include <string_view>

/// The files of reports/ that the build puts into the binary (embed.cmake).
namespace relapse::assets {

std::string_view index_template();
std::string_view scenario_template();
std::string_view stylesheet();

}  // namespace relapse::assets
