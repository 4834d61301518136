#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relapse {

using Duration = std::chrono::nanoseconds;

/// Outside bytes made safe to print anywhere as text: invalid UTF-8 becomes \xNN; control
/// characters, bidi controls, zero-width characters and non-characters become \u{...}; \n, \r and
/// \t become the two-character escapes. The result is valid UTF-8 on one line. A distinct type, so
/// that raw bytes do not compile where only SafeText may go.
class SafeText {
 public:
  SafeText() = default;
  const std::string& str() const { return text_; }
  friend SafeText safe_text(std::string_view bytes, std::size_t max_bytes);
  friend SafeText ci_safe(std::string_view bytes, std::size_t max_bytes);

 private:
  explicit SafeText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Shows at most max_bytes of the input without tearing a character, and says how many more there
/// were: "abc… (12 more bytes)". Stable: safe text stays as it is. A backslash is not escaped.
SafeText safe_text(std::string_view bytes, std::size_t max_bytes = 4096);

/// A part of what safe_text makes, for pages that set escapes apart and let long words break.
struct SafePiece {
  enum class Kind {
    text,     ///< characters as they were
    escape,   ///< what stands for one octet or character: "\\xff", "\\u{202e}", "\\t"
    newline,  ///< "\\n": a line may end behind it
    turn,     ///< empty: 120 characters without a space went before, a line may end here
    cut,      ///< "… (12 more bytes)"
  };
  Kind kind{};
  std::string text{};  ///< as in SafeText; still to be escaped for HTML
  bool operator==(const SafePiece&) const = default;
};
/// safe_text in parts; their texts one after the other are the same SafeText.
std::vector<SafePiece> safe_pieces(std::string_view bytes, std::size_t max_bytes = 4096);

/// What an XML 1.0 document may hold of it: text of several lines with its \n and \t, everything
/// else as safe_text has it. Still to be escaped.
std::string xml_text(std::string_view bytes);

/// Safe text for a line of a CI system's log, in which a command of that system can stand: "::" at
/// the front, and "##[", "##vso[" and "##teamcity[" anywhere, become "\u{3a}:" and "\u{23}#[".
SafeText ci_safe(std::string_view bytes, std::size_t max_bytes = 4096);

/// The candidate nearest to `word` by Damerau-Levenshtein distance, when it is at most
/// max(1, length / 3); nothing otherwise.
std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// "2s", "200ms", "1m", "250us": a number (decimals allowed) and a unit of us, ms, s, m or h.
/// Nothing when it is not exactly that, finer than a nanosecond, or beyond 292 years.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact form that parse_duration reads back, in a unit of which there is at least
/// one: "200ms" and not "0.2s". (A negative duration gets a minus sign, which parse_duration
/// refuses.)
std::string duration_text(Duration d);
/// For people: "0.41 s", "12 ms", "6 min 12 s".
std::string human_duration(Duration d);

/// The parts with the separator between them.
std::string join(std::span<const std::string> parts, std::string_view separator);
/// For people: "a", "a and b", "a, b and c"; `last` stands before the last part.
std::string join_and(std::span<const std::string> parts, std::string_view last = "and");
/// Letters of ASCII only, like iequals and trim.
std::string to_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
/// One part more than there are separators; empty parts are kept.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace relapse
