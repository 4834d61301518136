#include "report/view_diff.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace relapse::view {

namespace {

constexpr std::size_t most_cells = 400'000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// The table of lengths, from the ends, for what lies between the common beginning and end.
void fill_middle(Common& out, const std::vector<std::string>& left,
                 const std::vector<std::string>& right, std::size_t begin, std::size_t end) {
  const std::size_t rows = left.size() - begin - end;
  const std::size_t columns = right.size() - begin - end;
  if (rows == 0 || columns == 0 || rows * columns > most_cells)
    return;
  std::vector<std::uint16_t> length((rows + 1) * (columns + 1));
  const auto at = [&length, columns](std::size_t i, std::size_t j) -> std::uint16_t& {
    return length[i * (columns + 1) + j];
  };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      at(i, j) = left[begin + i] == right[begin + j]
                     ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                     : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
    if (left[begin + i] == right[begin + j]) {
      out.left[begin + i++] = true;
      out.right[begin + j++] = true;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      ++i;
    } else {
      ++j;
    }
  }
}

std::vector<DiffPart> parts_of(const std::vector<std::string>& items,
                               const std::vector<bool>& common) {
  std::vector<DiffPart> parts;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (parts.empty() || parts.back().different == common[i])
      parts.push_back({.different = !common[i]});
    parts.back().text += items[i];
  }
  return parts;
}

void add_pair(std::vector<DiffLine>& lines, const std::string& expected,
              const std::string& observed) {
  const auto left = tokens(expected);
  const auto right = tokens(observed);
  const Common both = common(left, right);
  lines.push_back({DiffLine::Kind::removed, parts_of(left, both.left)});
  lines.push_back({DiffLine::Kind::added, parts_of(right, both.right)});
}

}  // namespace

std::vector<std::string> tokens(const std::string& text) {
  std::vector<std::string> all;
  for (const char c : text) {
    if (is_word(c) && !all.empty() && is_word(all.back().back()))
      all.back() += c;
    else
      all.emplace_back(1, c);
  }
  return all;
}

Common common(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  Common out{std::vector<bool>(left.size(), false), std::vector<bool>(right.size(), false)};
  const std::size_t least = std::min(left.size(), right.size());
  std::size_t begin = 0;
  while (begin < least && left[begin] == right[begin]) {
    out.left[begin] = out.right[begin] = true;
    ++begin;
  }
  std::size_t end = 0;
  while (end < least - begin && left[left.size() - 1 - end] == right[right.size() - 1 - end]) {
    out.left[left.size() - 1 - end] = out.right[right.size() - 1 - end] = true;
    ++end;
  }
  fill_middle(out, left, right, begin, end);
  return out;
}

std::vector<DiffLine> diff(const std::string& expected, const std::string& observed) {
  const auto left = split(expected, '\n');
  const auto right = split(observed, '\n');
  const Common both = common(left, right);
  std::vector<DiffLine> lines;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() || j < right.size()) {
    const bool only_left = i < left.size() && !both.left[i];
    const bool only_right = j < right.size() && !both.right[j];
    if (only_left && only_right) {
      add_pair(lines, left[i++], right[j++]);
    } else if (only_left) {
      lines.push_back({DiffLine::Kind::removed, {{left[i++], true}}});
    } else if (only_right) {
      lines.push_back({DiffLine::Kind::added, {{right[j++], true}}});
    } else {
      lines.push_back({DiffLine::Kind::same, {{left[i], false}}});
      ++i;
      ++j;
    }
  }
  return lines;
}

}  // namespace relapse::view
