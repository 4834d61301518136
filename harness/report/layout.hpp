#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Text in columns. Everything here expects text that went through safe_text.
namespace relapse::layout {

/// Terminal cells that valid UTF-8 takes: wide East Asian characters and emoji count two,
/// combining marks none.
std::size_t width(std::string_view text);
/// "1 night", "3 nights".
std::string counted(std::size_t count, const char* one, const char* many);
/// Cut to `columns` cells; what is cut ends in `mark`.
std::string fit(std::string_view text, std::size_t columns, std::string_view mark = "…");
/// Broken at spaces where possible, else anywhere, into lines of `columns` cells; the last of
/// `most` lines is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t most,
                              std::string_view mark = "…");
/// Filled up with spaces to `columns` cells, never cut.
std::string pad(std::string_view text, std::size_t columns);
/// `left` and `right` at the two ends of a line of `columns` cells. `left` is cut to make room; a
/// `right` that leaves fewer than 20 cells goes to a line of its own.
std::string two_ends(std::string_view left, std::string_view right, std::size_t columns,
                     std::string_view mark = "…");
/// For terminals without UTF-8: known symbols become ASCII signs, other characters \u{...}.
std::string to_ascii(std::string_view text);
/// Offset, 16 octets in hex, the same as text: for every 16 octets one line that ends in \n.
std::string hex_dump(std::string_view octets, std::string_view indent);

}  // namespace relapse::layout
