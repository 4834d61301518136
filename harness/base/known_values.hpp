#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace relapse {

/// Texts that must not be written, and where they stand in other text, however they are spelt:
///
///   as they are, percent-encoded, with escapes of JSON, Python, C, HTML or safe_text (all or some
///   of the characters), as hex digits with and without blanks, and in base64 of both alphabets,
///   also in the midst of other octets, as in a Basic credential
///
/// A value that spans lines (a private key) is also found line by line.
class KnownValues {
 public:
  /// Shorter ones cannot be told from other text and are ignored.
  static constexpr std::size_t shortest = 4;

  /// The same name may stand for several values, and is told for each.
  void add(const std::string& name, const std::string& value);
  bool empty() const { return forms_.empty(); }
  std::size_t size() const { return values_.size(); }

  struct Value {
    std::string name;
    std::string text;
  };
  struct Hit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t value = 0;  ///< index into values()
  };
  const std::vector<Value>& values() const { return values_; }
  /// From left to right, without overlaps; of two that begin at the same place the longer one.
  std::vector<Hit> find(std::string_view text) const;
  std::optional<Hit> first(std::string_view text) const;
  /// The longest end of the text that may be the beginning of a value which was cut off there, when
  /// it is a good part of one.
  std::optional<Hit> cut_off(std::string_view text) const;

 private:
  struct Form {
    std::string text;
    std::size_t value = 0;
    bool spelt = false;  ///< any character may be escaped
  };

  void add_form(std::string text, std::size_t value, bool spelt);
  bool may_start(unsigned char first, unsigned char second) const {
    return starts_[(static_cast<std::size_t>(first) << 8) | second];
  }
  void match_forms(std::string_view text, std::size_t at, std::uint16_t key,
                   std::optional<Hit>& best) const;
  std::optional<Hit> match_at(std::string_view text, std::size_t at) const;

  std::vector<Value> values_;
  std::vector<Form> forms_;
  std::size_t longest_ = 0;  ///< of all forms
  /// By the first two octets, those that may be spelt apart; each list in order of the text.
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_start_;
  std::vector<bool> starts_ = std::vector<bool>(std::size_t{1} << 16);
};

}  // namespace relapse
