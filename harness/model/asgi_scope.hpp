#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/asgi.hpp"

/// The scopes that an application is called with: valid ones, and what a scenario changes in them.
namespace relapse {

/// "websocket", "http", "lifespan".
const std::vector<std::string_view>& scope_types();
/// "none", "bool", "int", "float", "str", "bytes", "list", "tuple", "dict".
const std::vector<std::string_view>& python_types();

/// A scope that is valid by ASGI 3, HTTP & WebSocket message format 2.5 and lifespan 2.0, with
/// every key that has a default spelt out.
Value base_scope(std::string_view type);

/// The same value as another Python type, as one would get it wrong: a str as its bytes, bytes as
/// the str of the same octets, a list as a dict of its pairs, anything as None. An error when
/// nothing sensible can be made of it.
Result<Value> retyped(const Value& value, std::string_view type);

/// The base scope with the changes of the call. An error names the pointer that leads nowhere; its
/// number among the changes is in Error::at.line.
Result<Value> make_scope(const Call& call);

}  // namespace relapse
