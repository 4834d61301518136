#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.hpp"

namespace relapse {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool wants_colour(const std::string& flag, int stream) {
  if (flag != "auto") {
    return flag == "always";
  }
  if (!environment("NO_COLOR").empty()) {
    return false;
  }
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    const std::string forced = environment(name);
    if (!forced.empty() && forced != "0") {
      return true;
    }
  }
  return isatty(stream) != 0 && environment("TERM") != "dumb" && environment("CLICOLOR") != "0";
}

bool wants_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = to_lower(environment(name));
    if (!value.empty()) {
      return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
  }
  return isatty(STDOUT_FILENO) == 0;
}

bool may_redraw(int stream) {
  return isatty(stream) != 0 && environment("CI").empty() && environment("TERM") != "dumb";
}

int columns_of(int stream, int fallback) {
  winsize size{};
  if (ioctl(stream, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return fallback;
  }
  return size.ws_col;
}

}  // namespace relapse
