#include "model/describe_words.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/value.hpp"

namespace relapse::words {

namespace {

/// Characters, which is near enough to columns for cutting.
std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The first `count` characters of valid UTF-8, and "…" when there are more.
std::string cut(const std::string& utf8, std::size_t count) {
  if (characters(utf8) <= count)
    return utf8;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < utf8.size(); ++end) {
    if ((static_cast<unsigned char>(utf8[end]) & 0xC0U) != 0x80U && seen++ == count)
      break;
  }
  return utf8.substr(0, end) + "…";
}

bool is_json_container(std::string_view text) {
  constexpr std::size_t largest = 65536;  // a preview must not cost a parse of megabytes
  if (text.size() < 2 || text.size() > largest || (text[0] != '{' && text[0] != '['))
    return false;
  Value ignored;
  return parse_json(text, ignored);
}

}  // namespace

std::string preview(std::string_view octets, std::size_t columns) {
  constexpr std::size_t room_for_count = 24;  // "… (1234567 more bytes)"
  std::size_t cap = columns;
  std::string shown = safe_text(octets, cap).str();
  while (cap > 4 && characters(shown) > columns + room_for_count) {
    cap = cap * 2 / 3;
    shown = safe_text(octets, cap).str();
  }
  return shown;
}

std::string quoted(std::string_view octets, std::size_t columns) {
  return "\"" + preview(octets, columns) + "\"";
}

std::string text(std::string_view payload, std::size_t columns) {
  return "TEXT " +
         (is_json_container(payload) ? preview(payload, columns) : quoted(payload, columns));
}

std::string log_entry(std::string_view entry, std::size_t columns) {
  entry = trim(entry);
  const std::size_t first_end = entry.find('\n');
  if (first_end == std::string_view::npos)
    return preview(entry, columns + columns / 2);
  const std::string_view first = trim(entry.substr(0, first_end));
  const std::string_view last = trim(entry.substr(entry.rfind('\n') + 1));
  // The exception says more than the line that announces it.
  return cut(safe_text(first).str(), columns / 2) + " ⋯ " + preview(last, columns + columns / 2);
}

std::string bytes(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string hex(std::string_view octets, std::size_t columns) {
  const std::size_t fits = std::max<std::size_t>(columns / 3, 1);
  if (octets.size() <= fits)
    return to_hex(octets);
  return to_hex(octets.substr(0, fits)) + " …";
}

std::string binary(std::string_view payload, std::uint64_t size, std::size_t columns) {
  std::string words = "BINARY " + bytes(size);
  if (!payload.empty())
    words += " " + hex(payload, columns);
  return words;
}

std::string close(std::optional<int> code, std::string_view reason, std::size_t columns) {
  if (!code)
    return "CLOSE without a code";
  std::string words = "CLOSE " + std::to_string(*code);
  if (!reason.empty())
    words += " " + quoted(reason, columns);
  return words;
}

std::string opcode(int opcode) {
  switch (opcode) {
    case 0:
      return "CONTINUATION";
    case 1:
      return "TEXT";
    case 2:
      return "BINARY";
    case 8:
      return "CLOSE";
    case 9:
      return "PING";
    case 10:
      return "PONG";
    default:
      return "opcode " + std::to_string(opcode);
  }
}

std::string signal(int number) {
  struct Name {
    int number;
    std::string_view name;
  };
  // The numbers of Linux; those that a scenario is likely to send or a crash to raise.
  constexpr std::array<Name, 13> names{{{1, "SIGHUP"},
                                        {2, "SIGINT"},
                                        {3, "SIGQUIT"},
                                        {4, "SIGILL"},
                                        {6, "SIGABRT"},
                                        {8, "SIGFPE"},
                                        {9, "SIGKILL"},
                                        {10, "SIGUSR1"},
                                        {11, "SIGSEGV"},
                                        {12, "SIGUSR2"},
                                        {13, "SIGPIPE"},
                                        {15, "SIGTERM"},
                                        {19, "SIGSTOP"}}};
  const auto* const found = std::ranges::find(names, number, &Name::number);
  if (found == names.end())
    return "signal " + std::to_string(number);
  return std::string(found->name) + " (" + std::to_string(number) + ")";
}

}  // namespace relapse::words
