#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/source_ref.hpp"

namespace relapse {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Damerau-Levenshtein distance over octets: insertion, deletion, substitution and the swap of two
/// neighbours cost 1 each, and swapped letters may be edited again ("ca" to "abc" is 2).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 2;
  const std::size_t unreachable = a.size() + b.size();
  std::vector<std::size_t> cells((a.size() + 2) * width);
  const auto cell = [&cells, width](std::size_t i, std::size_t j) -> std::size_t& {
    return cells[i * width + j];
  };
  cell(0, 0) = unreachable;
  for (std::size_t i = 0; i <= a.size(); ++i) {
    cell(i + 1, 0) = unreachable;
    cell(i + 1, 1) = i;
  }
  for (std::size_t j = 0; j <= b.size(); ++j) {
    cell(0, j + 1) = unreachable;
    cell(1, j + 1) = j;
  }
  std::array<std::size_t, 256> last_row{};  // row in which an octet of b was last seen in a
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t last_column = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t row = last_row[static_cast<unsigned char>(b[j - 1])];
      const std::size_t column = last_column;
      const bool same = a[i - 1] == b[j - 1];
      if (same) {
        last_column = j;
      }
      cell(i + 1, j + 1) =
          std::min({cell(i, j) + (same ? 0U : 1U), cell(i + 1, j) + 1, cell(i, j + 1) + 1,
                    cell(row, column) + (i - row - 1) + 1 + (j - column - 1)});
    }
    last_row[static_cast<unsigned char>(a[i - 1])] = i;
  }
  return cell(a.size() + 1, b.size() + 1);
}

}  // namespace

std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 256;  // bounds the work on hostile input
  if (word.empty() || word.size() > longest) {
    return std::nullopt;
  }
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  std::optional<std::string> found;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > word.size() + limit || candidate.size() + limit < word.size()) {
      continue;
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= limit && distance < best) {
      best = distance;
      found = std::string(candidate);
    }
  }
  return found;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      out += separator;
    }
    out += parts[i];
  }
  return out;
}

std::string join_and(std::span<const std::string> parts, std::string_view last) {
  if (parts.size() < 2) {
    return join(parts, "");
  }
  std::string out = join(parts.first(parts.size() - 1), ", ");
  out += ' ';
  out += last;
  out += ' ';
  return out + parts.back();
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + 1);
  }
}

std::string to_string(const SourceRef& at) {
  std::string out = at.file;
  if (at.line <= 0) {
    return out;
  }
  if (!out.empty()) {
    out += ':';
  }
  out += std::to_string(at.line);
  if (at.column > 0) {
    out += ':' + std::to_string(at.column);
  }
  return out;
}

}  // namespace relapse
