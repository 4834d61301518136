#include "base/regex.hpp"

#include <boost/regex.hpp>
#include <exception>

namespace relapse {

std::optional<std::string> regex_error(std::string_view pattern) {
  try {
    const boost::regex compiled(pattern.begin(), pattern.end());
    return std::nullopt;
  } catch (const boost::regex_error& error) {
    return error.what();
  }
}

RegexAnswer regex_search(std::string_view pattern, std::string_view text) {
  try {
    const boost::regex compiled(pattern.begin(), pattern.end());
    return {boost::regex_search(text.begin(), text.end(), compiled), false};
  } catch (const std::exception&) {
    return {false, true};
  }
}

}  // namespace relapse
