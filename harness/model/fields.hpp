#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "model/value.hpp"

/// How the model's types become JSON objects and come back exactly. Octets that are valid UTF-8 are
/// JSON strings; others are base64 under the key with the suffix "_base64", or, as an element of a
/// list, {"base64": "..."}. Fields that have their default value are left out.
namespace relapse {

using TextPair = std::pair<std::string, std::string>;

void put_text(Json& object, const std::string& key, std::string_view octets);
void put_texts(Json& object, const std::string& key, const std::vector<std::string>& list);
void put_pairs(Json& object, const std::string& key, const std::vector<TextPair>& list);
void put_source(Json& object, const std::string& key, const SourceRef& at);

/// Reads the fields of one JSON object. The first thing wrong is kept and says where; from then on
/// every read gives the fallback, so that a reader is written without a check after each field.
class FieldReader {
 public:
  /// `where` names the object in messages: "event 3". Both references must outlive the reader.
  FieldReader(const Json& object, std::string where, std::optional<Error>& error);

  bool has(const std::string& key) const;
  std::string text(const std::string& key);
  std::vector<std::string> texts(const std::string& key);
  std::vector<TextPair> pairs(const std::string& key);
  bool boolean(const std::string& key, bool fallback);
  /// An integer within [lowest, highest]; the fallback when the key is absent.
  std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t lowest,
                       std::int64_t highest);
  int small(const std::string& key, int fallback = 0);
  std::optional<int> optional_small(const std::string& key);
  std::uint64_t size(const std::string& key);
  std::optional<std::uint32_t> optional_word(const std::string& key);
  Duration nanoseconds(const std::string& key);
  SourceRef source(const std::string& key);
  /// Any JSON; null when the key is absent.
  Value value(const std::string& key);
  /// The elements of an array; nothing when the key is absent.
  std::vector<const Json*> list(const std::string& key);
  /// Position of the text in `names`; an error that lists them otherwise.
  std::size_t one_of(const std::string& key, const std::vector<std::string_view>& names);
  /// Checks "format" and "version".
  void expect_format(std::string_view format, int version);

  void fail(const std::string& key, const std::string& what);
  bool failed() const { return error_.has_value(); }
  const std::string& where() const { return where_; }
  std::optional<Error>& error() { return error_; }

 private:
  const Json* find(const std::string& key);
  std::optional<std::string> element(const Json& json, const std::string& key);

  const Json& object_;
  std::string where_;
  std::optional<Error>& error_;
};

}  // namespace relapse
