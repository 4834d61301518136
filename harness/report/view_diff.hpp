#pragma once
#include <string>
#include <vector>

/// What differs between what was expected and what was observed.
namespace relapse::view {

struct DiffPart {
  std::string text{};
  bool different = false;
};
/// One line of a side, cut into parts that are equal and parts that are not.
struct DiffLine {
  enum class Kind { same, removed, added };
  Kind kind = Kind::same;
  std::vector<DiffPart> parts{};
};
/// Lines that both have stand once. A line that only one side has is compared, token by token, with
/// its counterpart, if it has one.
std::vector<DiffLine> diff(const std::string& expected, const std::string& observed);

/// The longest common subsequence as two lists of flags: true where the item is in it. Beyond some
/// thousands of items only the common beginning and end are.
struct Common {
  std::vector<bool> left{};
  std::vector<bool> right{};
};
Common common(const std::vector<std::string>& left, const std::vector<std::string>& right);
/// Words, numbers, and each other character alone.
std::vector<std::string> tokens(const std::string& text);

}  // namespace relapse::view
