#include "model/fields.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace relapse {

namespace {

Json element_json(std::string_view octets) {
  if (is_valid_utf8(octets))
    return Json(std::string(octets));
  return Json{{"base64", to_base64(octets)}};
}

}  // namespace

void put_text(Json& object, const std::string& key, std::string_view octets) {
  if (octets.empty())
    return;
  if (is_valid_utf8(octets))
    object[key] = std::string(octets);
  else
    object[key + "_base64"] = to_base64(octets);
}

void put_texts(Json& object, const std::string& key, const std::vector<std::string>& list) {
  if (list.empty())
    return;
  std::vector<Json> array;  // not push_back on Json: see to_json(const Timeline&)
  for (const std::string& item : list)
    array.push_back(element_json(item));
  object[key] = std::move(array);
}

void put_pairs(Json& object, const std::string& key, const std::vector<TextPair>& list) {
  if (list.empty())
    return;
  std::vector<Json> array;
  for (const auto& [first, second] : list)
    array.push_back(Json::array({element_json(first), element_json(second)}));
  object[key] = std::move(array);
}

void put_source(Json& object, const std::string& key, const SourceRef& at) {
  if (at == SourceRef{})
    return;
  Json place = Json::object();
  put_text(place, "file", at.file);
  if (at.line != 0)
    place["line"] = at.line;
  if (at.column != 0)
    place["column"] = at.column;
  object[key] = std::move(place);
}

FieldReader::FieldReader(const Json& object, std::string where, std::optional<Error>& error)
    : object_(object), where_(std::move(where)), error_(error) {
  if (!object_.is_object() && !error_)
    error_ = Error{ErrorKind::usage, where_ + ": an object was expected"};
}

void FieldReader::fail(const std::string& key, const std::string& what) {
  if (!error_)
    error_ = Error{ErrorKind::usage, where_ + ": \"" + key + "\" " + what};
}

const Json* FieldReader::find(const std::string& key) {
  if (error_ || !object_.is_object())
    return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

bool FieldReader::has(const std::string& key) const {
  return object_.is_object() && object_.contains(key);
}

std::optional<std::string> FieldReader::element(const Json& json, const std::string& key) {
  if (json.is_string())
    return json.get<std::string>();
  if (json.is_object() && json.contains("base64") && json["base64"].is_string()) {
    if (auto octets = from_base64(json["base64"].get_ref<const std::string&>()))
      return octets;
    fail(key, "holds invalid base64");
    return std::nullopt;
  }
  fail(key, "must hold strings or {\"base64\": ...}");
  return std::nullopt;
}

std::string FieldReader::text(const std::string& key) {
  if (const Json* found = find(key)) {
    if (found->is_string())
      return found->get<std::string>();
    fail(key, "must be a string");
    return {};
  }
  const std::string encoded = key + "_base64";
  if (const Json* found = find(encoded)) {
    if (found->is_string()) {
      if (auto octets = from_base64(found->get_ref<const std::string&>()))
        return *octets;
    }
    fail(encoded, "must be base64 text");
  }
  return {};
}

std::vector<const Json*> FieldReader::list(const std::string& key) {
  std::vector<const Json*> items;
  const Json* found = find(key);
  if (found == nullptr)
    return items;
  if (!found->is_array()) {
    fail(key, "must be an array");
    return items;
  }
  for (const Json& item : *found)
    items.push_back(&item);
  return items;
}

std::vector<std::string> FieldReader::texts(const std::string& key) {
  std::vector<std::string> result;
  for (const Json* item : list(key)) {
    if (auto octets = element(*item, key))
      result.push_back(std::move(*octets));
  }
  return result;
}

std::vector<TextPair> FieldReader::pairs(const std::string& key) {
  std::vector<TextPair> result;
  for (const Json* item : list(key)) {
    if (!item->is_array() || item->size() != 2) {
      fail(key, "must hold pairs [name, value]");
      return result;
    }
    auto first = element((*item)[0], key);
    auto second = element((*item)[1], key);
    if (first && second)
      result.emplace_back(std::move(*first), std::move(*second));
  }
  return result;
}

bool FieldReader::boolean(const std::string& key, bool fallback) {
  const Json* found = find(key);
  if (found == nullptr)
    return fallback;
  if (found->is_boolean())
    return found->get<bool>();
  fail(key, "must be true or false");
  return fallback;
}

std::int64_t FieldReader::integer(const std::string& key, std::int64_t fallback,
                                  std::int64_t lowest, std::int64_t highest) {
  const Json* found = find(key);
  if (found == nullptr)
    return fallback;
  // get<int64_t> would wrap a large unsigned number silently.
  const bool too_large =
      found->is_number_unsigned() &&
      found->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  if (found->is_number_integer() && !too_large) {
    const auto value = found->get<std::int64_t>();
    if (value >= lowest && value <= highest)
      return value;
  }
  fail(key, "must be an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
  return fallback;
}

int FieldReader::small(const std::string& key, int fallback) {
  return static_cast<int>(
      integer(key, fallback, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

std::optional<int> FieldReader::optional_small(const std::string& key) {
  if (!has(key))
    return std::nullopt;
  return small(key);
}

std::uint64_t FieldReader::size(const std::string& key) {
  const Json* found = find(key);
  if (found == nullptr)
    return 0;
  if (found->is_number_unsigned())
    return found->get<std::uint64_t>();
  // A value built in memory, not parsed, holds small numbers as signed.
  if (found->is_number_integer() && found->get<std::int64_t>() >= 0)
    return static_cast<std::uint64_t>(found->get<std::int64_t>());
  fail(key, "must be an integer that is not negative");
  return 0;
}

std::optional<std::uint32_t> FieldReader::optional_word(const std::string& key) {
  if (!has(key))
    return std::nullopt;
  return static_cast<std::uint32_t>(
      integer(key, 0, 0, std::int64_t{std::numeric_limits<std::uint32_t>::max()}));
}

Duration FieldReader::nanoseconds(const std::string& key) {
  return Duration{integer(key, 0, std::numeric_limits<std::int64_t>::min(),
                          std::numeric_limits<std::int64_t>::max())};
}

Value FieldReader::value(const std::string& key) {
  const Json* found = find(key);
  return found == nullptr ? Value() : Value(*found);
}

SourceRef FieldReader::source(const std::string& key) {
  const Json* found = find(key);
  if (found == nullptr)
    return {};
  FieldReader place(*found, where_ + ": \"" + key + "\"", error_);
  return SourceRef{place.text("file"), place.small("line"), place.small("column")};
}

std::size_t FieldReader::one_of(const std::string& key,
                                const std::vector<std::string_view>& names) {
  const std::string value = text(key);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == value)
      return i;
  }
  std::string choices;
  for (std::string_view name : names) {
    if (!choices.empty())
      choices += ", ";
    choices += name;
  }
  fail(key, "is \"" + safe_text(value, 40).str() + "\"; known are " + choices);
  return 0;
}

void FieldReader::expect_format(std::string_view format, int version) {
  if (failed())
    return;
  if (text("format") != format) {
    fail("format", "must be \"" + std::string(format) + "\"");
    return;
  }
  const int found = small("version");
  if (found != version)
    fail("version",
         "is " + std::to_string(found) + "; this relapse reads version " + std::to_string(version));
}

}  // namespace relapse
