#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "match/selector.hpp"
#include "model/event.hpp"
#include "model/target.hpp"

namespace relapse {

/// The values that must never be stored or shown, and the words that stand for them: an event is
/// redacted before it is recorded, so that nothing behind the recorder ever sees a secret.
///
/// A value is found as it is, percent-encoded, escaped as in JSON, and in base64 (both alphabets,
/// also in the midst of other octets, as in a Basic credential). It is not found when it is cut by
/// the border of two frames, chunks or reads, or compressed.
class Secrets {
 public:
  /// An error when the value is too short to be told from other text.
  Result<void> add(const std::string& name, const std::string& value);
  /// Those of the variables that stand for a secret of this target.
  Result<void> add_from(const Variables& variables, const Target& target);
  bool empty() const { return forms_.empty(); }

  void redact(std::string& text) const;
  void redact(Payload& payload) const;
  /// The variables as a timeline may hold them: "[redacted secret:NAME]" for a secret.
  Variables shown(Variables variables) const;
  /// Undoes redact() in what was captured from a recorded event, before it is sent again.
  Variables revealed(Variables captured) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;  ///< stand-in, value
  std::vector<std::pair<std::string, std::string>> forms_;   ///< form, stand-in; long ones first
  std::set<std::string> names_;
};

/// Whether ${name} stands for a secret: secret:NAME, and a token that is made with one or signed
/// with a private key from a file.
bool is_secret(const std::string& name, const Target& target);

}  // namespace relapse
