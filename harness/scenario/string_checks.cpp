#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "scenario/schema_table.hpp"

namespace relapse::schema {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Letters, digits and the given marks, the first a letter or digit.
bool is_name(std::string_view text, std::string_view marks) {
  return !text.empty() && is_alnum(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alnum(c) || marks.find(c) != std::string_view::npos;
  });
}

bool is_identifier(std::string_view text) {
  return !text.empty() && !is_digits(text.substr(0, 1)) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_dotted(std::string_view text) {
  const std::vector<std::string> parts = split(text, '.');
  return std::all_of(parts.begin(), parts.end(), is_identifier);
}

}  // namespace

StringFault check_text(std::string_view text) {
  if (trim(text).empty()) {
    return "must not be empty";
  }
  return std::nullopt;
}

StringFault check_duration(std::string_view text) {
  if (!parse_duration(text)) {
    return "is not a duration; write 2s, 200ms or 1m";
  }
  return std::nullopt;
}

StringFault check_deadline(std::string_view text) {
  const auto parsed = parse_duration(text);
  if (parsed && *parsed <= Duration::zero()) {
    return "leaves no time; write 2s, 200ms or 1m";
  }
  return check_duration(text);
}

StringFault check_date(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      is_digits(text.substr(0, 4)) && is_digits(text.substr(5, 2)) &&
                      is_digits(text.substr(8, 2));
  if (!shaped) {
    return "is not a date; write YYYY-MM-DD, for example 2025-09-11";
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) {
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!day.ok()) {
    return "is not a day of the calendar";
  }
  return std::nullopt;
}

StringFault check_hex(std::string_view text) {
  if (!from_hex(text)) {
    return "is not hex; write pairs of digits 0-9 a-f, spaces are allowed: \"81 83\"";
  }
  return std::nullopt;
}

StringFault check_base64(std::string_view text) {
  if (!from_base64(text)) {
    return "is not base64 (RFC 4648 section 4, with padding)";
  }
  return std::nullopt;
}

StringFault check_mask(std::string_view text) {
  const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  if (text.size() != 8 || !hex) {
    return "is not a masking key; write 8 hex digits, for example \"37fa213d\"";
  }
  return std::nullopt;
}

StringFault check_relative_path(std::string_view text) {
  if (text.empty() || text[0] == '/') {
    return "is not a relative path; files count from the folder of this file";
  }
  return std::nullopt;
}

StringFault check_file_name(std::string_view text) {
  for (const std::string& part : split(text, '/')) {
    if (part.empty() || part == "." || part == "..") {
      return "is not a file name below ${dir}";
    }
  }
  return std::nullopt;
}

StringFault check_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') {
    return "is not a JSON pointer; write \"/key\", \"/list/0\", or \"\" for all of it";
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) {
      return "is not a JSON pointer; a ~ is written ~0 (RFC 6901)";
    }
  }
  return std::nullopt;
}

StringFault check_scope_pointer(std::string_view text) {
  if (text.empty()) {
    return "would be the whole scope; write \"/path\", or \"/headers/0/1\"";
  }
  if (text.find("/$") != std::string_view::npos) {
    return "leads into a Python value that JSON does not have; set the value as a whole";
  }
  if (text[0] != '/') {
    return "is not a JSON pointer; write \"/path\", or \"/headers/0/1\"";
  }
  return check_pointer(text);
}

StringFault check_identifier(std::string_view text) {
  if (!is_identifier(text)) {
    return "is not the name of an exception; write a built-in one of Python, like \"OSError\"";
  }
  return std::nullopt;
}

StringFault check_application(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_dotted(text.substr(0, colon)) ||
      !is_dotted(text.substr(colon + 1))) {
    return "is not an application; write \"module:name\" or \"package.module:name\"";
  }
  return std::nullopt;
}

StringFault check_case_name(std::string_view text) {
  if (!is_name(text, "._-")) {
    return "is not a name for a case; use letters, digits and . _ -";
  }
  return std::nullopt;
}

StringFault check_variable(std::string_view text) {
  constexpr std::array<std::string_view, 5> built_in{"nonce", "port", "dir", "host", "bin"};
  if (std::find(built_in.begin(), built_in.end(), text) != built_in.end()) {
    return "is a built-in variable; choose another name";
  }
  if (!is_name(text, "_-") || is_digits(text.substr(0, 1))) {
    return "is not a variable name; use letters, digits, - and _, a letter first";
  }
  return std::nullopt;
}

StringFault check_word(std::string_view text) {
  if (!is_name(text, "._/-")) {
    return "is not a name; use letters, digits and . _ / -";
  }
  return std::nullopt;
}

StringFault check_lane(std::string_view text) {
  if (text == "probe") {
    return "is the connection of the health probes; choose another name";
  }
  if (!is_name(text, "._-")) {
    return "is not a name for a connection; use letters, digits and . _ -";
  }
  return std::nullopt;
}

StringFault check_header_name(std::string_view text) {
  if (text != to_lower(text)) {
    return "never matches; observed header names are lower case: \"" + to_lower(text) + "\"";
  }
  return check_text(text);
}

StringFault check_env_name(std::string_view text) {
  if (text.empty() || text.find('=') != std::string_view::npos ||
      text.find('\0') != std::string_view::npos) {
    return "cannot be the name of an environment variable";
  }
  return std::nullopt;
}

StringFault check_address(std::string_view text) {
  constexpr std::array<std::string_view, 4> schemes{"ws://", "wss://", "http://", "https://"};
  const auto scheme = std::find_if(schemes.begin(), schemes.end(),
                                   [&](std::string_view s) { return text.starts_with(s); });
  if (scheme == schemes.end()) {
    return "is not an address; it starts with ws://, wss://, http:// or https://";
  }
  std::string_view rest = text.substr(scheme->size());
  if (rest.ends_with('/')) {
    rest.remove_suffix(1);
  }
  if (rest.find('@') != std::string_view::npos) {
    return "holds a user name; put credentials into \"headers\" as ${env:NAME}";
  }
  if (rest.find_first_of("/?#") != std::string_view::npos) {
    return "holds a path; an address is a host and a port, each step names its own path";
  }
  if (rest.empty() || rest[0] == ':') {
    return "names no host";
  }
  const std::size_t bracket = rest.rfind(']');  // of an IPv6 address
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket) ||
      rest.find('$') < colon) {
    return std::nullopt;
  }
  const std::string_view port = rest.substr(colon + 1);
  const bool variable = port.starts_with("${") && port.ends_with("}");
  const bool number = is_digits(port) && port.size() <= 5 && std::stoi(std::string(port)) <= 65535;
  if (!variable && !number) {
    return "names no port after its last colon";
  }
  return std::nullopt;
}

int signal_number(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, int>, types::signal_names.size()> numbers{
      {{"HUP", SIGHUP},
       {"INT", SIGINT},
       {"QUIT", SIGQUIT},
       {"ABRT", SIGABRT},
       {"KILL", SIGKILL},
       {"USR1", SIGUSR1},
       {"SEGV", SIGSEGV},
       {"USR2", SIGUSR2},
       {"PIPE", SIGPIPE},
       {"ALRM", SIGALRM},
       {"TERM", SIGTERM},
       {"CONT", SIGCONT},
       {"STOP", SIGSTOP},
       {"TSTP", SIGTSTP}}};
  for (const auto& [known, number] : numbers) {
    if (known == name) {
      return number;
    }
  }
  return 0;
}

}  // namespace relapse::schema
