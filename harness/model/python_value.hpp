#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/value.hpp"

/// What a Python value in its tagged JSON form is (model/asgi.hpp).
namespace relapse::python {

enum class Type { none, boolean, integer, real, str, bytes, list, tuple, dict, other };
Type type_of(const Json& value);
/// "None", "an int", "a str", "a bytearray": for "text is an int".
std::string a_type(const Json& value);

/// The value of a dict's key; nullptr when there is no such key or no dict.
const Json* at(const Json& dict, std::string_view key);
/// The same, with None as nothing.
const Json* given(const Json& dict, std::string_view key);
/// The items of a list or tuple; nullptr for anything else.
const Json* items(const Json& value);
/// The pairs of a dict are none.
bool is_empty_dict(const Json& value);

/// The octets of bytes, or of a str as UTF-8.
std::optional<std::string> octets(const Json& value);
/// The octets of bytes; nothing for anything else.
std::optional<std::string> octets_of_bytes(const Json& value);
/// Bytes of these octets.
Json bytes(std::string_view octets);
/// An int of 64 bits.
std::optional<std::int64_t> integer(const Json& value);

}  // namespace relapse::python
