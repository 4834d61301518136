#pragma once
#include <string_view>

/// The files of reports/ that the build puts into the binary (embed.cmake).
namespace relapse::assets {

std::string_view head_template();
std::string_view foot_template();
std::string_view chart_template();
std::string_view index_template();
std::string_view results_template();
std::string_view matrix_template();
std::string_view run_template();
std::string_view history_template();
std::string_view scenario_template();
std::string_view stylesheet();
std::string_view script();

}  // namespace relapse::assets
