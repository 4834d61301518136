#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drive/secrets.hpp"

namespace relapse {

/// How often each rule hid something.
using RedactionCounts = std::map<std::string_view, long>;

/// Octets of one direction of a connection, or of one log, in the order in which they came. They
/// are redacted together: a known value is found although it began in one piece and ended in
/// another one. Pieces that make up one text (the fragments of a message, the reads of a raw
/// stream) form a unit, in which credentials are looked for.
///
///   frame "…0123456" | frame "789abc…"  ->  "…[redacted secret:KEY, 13 bytes, #a1b2]" |
///                                           "[redacted, continued]…"
class RedactionStream {
 public:
  /// What follows is another text.
  void begin_unit(TextKind kind = TextKind::plain, bool counted = true);
  /// `size` counts the octets of the whole, of which `text` may hold the beginning; it stays right
  /// for what is kept. May be null.
  void add(std::string& text, std::uint64_t* size = nullptr);
  /// Octets between two pieces that stand in none.
  void separate(std::string_view octets);
  /// Everything that was added, as the unit that is being filled has it.
  std::string unit_text() const;
  /// Whether anything was hidden.
  bool redact(const Secrets& secrets, RedactionCounts& counts);

 private:
  struct Piece {
    std::string* text = nullptr;
    std::uint64_t* size = nullptr;
    std::string between{};
    std::string_view view() const { return text != nullptr ? std::string_view(*text) : between; }
  };
  struct Unit {
    TextKind kind{};
    bool counted = true;
    std::size_t first_piece = 0;
  };

  std::size_t end_piece(std::size_t unit) const {
    return unit + 1 < units_.size() ? units_[unit + 1].first_piece : pieces_.size();
  }
  bool redact_apart(const Secrets& secrets, RedactionCounts& counts);
  std::vector<Redaction> find(const std::string& all, const std::vector<std::size_t>& starts,
                              const Secrets& secrets) const;
  std::size_t unit_of(std::size_t piece) const;
  void put(const std::vector<Redaction>& redactions, const std::vector<std::size_t>& starts,
           RedactionCounts& counts);

  std::vector<Piece> pieces_;
  std::vector<Unit> units_;
};

/// Puts the marks into a text of which `size` counts the octets, those that are not kept as well.
void apply_counted(std::string& text, std::uint64_t* size,
                   const std::vector<Redaction>& redactions);

}  // namespace relapse
