#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "model/value.hpp"

/// The words that events, selectors and steps share, so that what was expected and what was
/// observed read alike. Everything from outside goes through safe_text here.
namespace relapse::words {

/// safe_text cut to about `columns` columns however much its escapes take.
std::string preview(std::string_view octets, std::size_t columns);
/// In double quotes.
std::string quoted(std::string_view octets, std::size_t columns);
/// `TEXT "hi"`; a JSON object or array without quotes: `TEXT {"type":"ping"}`.
std::string text(std::string_view payload, std::size_t columns);
/// `BINARY 3 bytes ff 00 01`
std::string binary(std::string_view payload, std::uint64_t size, std::size_t columns);
/// `CLOSE 1000 "bye"`, `CLOSE without a code`.
std::string close(std::optional<int> code, std::string_view reason, std::size_t columns);
/// One line for a log entry: the first of its lines and the last, which in a traceback names the
/// exception, with "⋯" for those between.
std::string log_entry(std::string_view entry, std::size_t columns);
/// "5 bytes"
std::string bytes(std::uint64_t count);
/// Hex of as many octets as fit, then "…".
std::string hex(std::string_view octets, std::size_t columns);
/// "TEXT", "CLOSE", "opcode 3".
std::string opcode(int opcode);
/// A value of the ASGI plane as Python writes it: `b"host"`, `("a", None)`.
std::string python(const Json& value, std::size_t columns);
/// An ASGI event: its type, then the rest: `websocket.send text="hi"`.
std::string asgi_event(const Json& event, std::size_t columns);
/// "SIGTERM (15)", "signal 40".
std::string signal(int number);

}  // namespace relapse::words
