#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace relapse {

/// JSON whose object keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// An immutable JSON value, cheap to copy. Keeps the JSON library out of headers.
class Value {
 public:
  Value();  ///< null
  Value(Json json);
  const Json& json() const { return *json_; }
  std::string dump() const;  ///< compact; invalid UTF-8 replaced
  bool is_null() const;
  bool operator==(const Value& other) const;  ///< see json_equal

 private:
  std::shared_ptr<const Json> json_;
};

/// Equal as JSON: the order of an object's keys does not count, 1 equals 1.0.
bool json_equal(const Json& a, const Json& b);

/// Accepts JSON without comments; null value and false when the text is not JSON. Nesting deeper
/// than 512 levels counts as not JSON, because copying and writing a value recurse.
bool parse_json(std::string_view text, Value& out);

}  // namespace relapse
