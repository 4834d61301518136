#include "model/python_value.hpp"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace relapse::python {
namespace {

/// What is behind the one key of a tagged object; nullptr when it is not tagged so.
const Json* behind(const Json& value, std::string_view tag) {
  const bool tagged = value.is_object() && value.size() == 1 && value.begin().key() == tag;
  return tagged ? &value.begin().value() : nullptr;
}

struct Tag {
  std::string_view name;
  Type type;
};
constexpr std::array<Tag, 8> tags{{{"$bytes", Type::bytes},
                                   {"$hex", Type::bytes},
                                   {"$tuple", Type::tuple},
                                   {"$dict", Type::dict},
                                   {"$int", Type::integer},
                                   {"$float", Type::real},
                                   {"$str_hex", Type::str},
                                   {"$object", Type::other}}};

}  // namespace

Type type_of(const Json& value) {
  if (value.is_null()) {
    return Type::none;
  }
  if (value.is_boolean()) {
    return Type::boolean;
  }
  if (value.is_number_integer()) {
    return Type::integer;
  }
  if (value.is_number()) {
    return Type::real;
  }
  if (value.is_string()) {
    return Type::str;
  }
  if (value.is_array()) {
    return Type::list;
  }
  for (const Tag& tag : tags) {
    if (behind(value, tag.name) != nullptr) {
      return tag.type;
    }
  }
  return Type::dict;
}

std::string a_type(const Json& value) {
  switch (type_of(value)) {
    case Type::none:
      return "None";
    case Type::boolean:
      return "a bool";
    case Type::integer:
      return "an int";
    case Type::real:
      return "a float";
    case Type::str:
      return "a str";
    case Type::bytes:
      return "bytes";
    case Type::list:
      return "a list";
    case Type::tuple:
      return "a tuple";
    case Type::dict:
      return "a dict";
    case Type::other:
      break;
  }
  const Json* object = behind(value, "$object");
  const Json* name = object != nullptr ? at(*object, "type") : nullptr;
  return name != nullptr && name->is_string() ? "a " + name->get<std::string>() : "an object";
}

const Json* at(const Json& dict, std::string_view key) {
  if (const Json* pairs = behind(dict, "$dict"); pairs != nullptr && pairs->is_array()) {
    for (const Json& pair : *pairs) {
      if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[0] == key) {
        return &pair[1];
      }
    }
    return nullptr;
  }
  if (type_of(dict) != Type::dict) {
    return nullptr;
  }
  const auto found = dict.find(std::string(key));
  return found == dict.end() ? nullptr : &*found;
}

const Json* given(const Json& dict, std::string_view key) {
  const Json* value = at(dict, key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const Json* items(const Json& value) {
  if (value.is_array()) {
    return &value;
  }
  const Json* list = behind(value, "$tuple");
  return list != nullptr && list->is_array() ? list : nullptr;
}

bool is_empty_dict(const Json& value) {
  const Json* pairs = behind(value, "$dict");
  return pairs != nullptr ? pairs->empty() : value.is_object() && value.empty();
}

std::optional<std::string> octets(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (const Json* text = behind(value, "$bytes"); text != nullptr && text->is_string()) {
    return text->get<std::string>();
  }
  for (const std::string_view tag : {"$hex", "$str_hex"}) {
    if (const Json* hex = behind(value, tag); hex != nullptr && hex->is_string()) {
      return from_hex(hex->get_ref<const std::string&>());
    }
  }
  return std::nullopt;
}

std::optional<std::string> octets_of_bytes(const Json& value) {
  return type_of(value) == Type::bytes ? octets(value) : std::nullopt;
}

Json bytes(std::string_view octets) {
  return is_valid_utf8(octets) ? Json{{"$bytes", std::string(octets)}}
                               : Json{{"$hex", to_hex(octets)}};
}

std::optional<std::int64_t> integer(const Json& value) {
  if (!value.is_number_integer()) {
    return std::nullopt;
  }
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > most) {
    return std::nullopt;
  }
  return value.get<std::int64_t>();
}

}  // namespace relapse::python
