#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/known_values.hpp"
#include "base/result.hpp"
#include "drive/credentials.hpp"
#include "match/selector.hpp"
#include "model/timeline.hpp"

namespace relapse {

/// What one run must not write, gathered from all its targets and replays, and how often each rule
/// hid something. Holds the key of the run's tags. For several threads.
class Vault {
 public:
  Vault();
  /// A value from the command line: it is looked for on every target. An error when it is too short
  /// to be told from other text.
  Result<void> give(const std::string& name, const std::string& value);
  /// A value of one target: only looked for in what was written.
  void add(const std::string& name, const std::string& value);
  void count(std::string_view rule, long times);

  KnownValues given() const;
  KnownValues all() const;
  std::map<std::string, long> counts() const;
  /// "[redacted cookie, 43 bytes, #a1b2]": the tag is the same for the same value in this run, and
  /// says nothing outside of it.
  std::string mark(std::string_view what, std::string_view value) const;

 private:
  mutable std::mutex mutex_;
  KnownValues given_;
  KnownValues all_;
  std::map<std::string, long> counts_;
  std::string key_;
};

/// A part of a text and the mark that takes its place.
struct Redaction {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view rule{};
  std::string mark{};
};

/// The rules of redaction for one target: known values in all their spellings (KnownValues), and
/// what shows itself to be a credential (credentials.hpp). What is hidden is replaced by a mark.
///
/// A record is kept as it was seen while it is made, so that what is expected and captured during
/// the replay is the truth; it is redacted as a whole before anything else gets it, so that a value
/// is found across the borders of reads, chunks, frames and fragments too.
class Secrets {
 public:
  explicit Secrets(std::shared_ptr<Vault> vault = nullptr);
  /// With everything that the run knows by now.
  static Secrets of_run(std::shared_ptr<Vault> vault);

  /// An error when the value is too short to be told from other text.
  Result<void> add(const std::string& name, const std::string& value);
  /// Those of the variables that stand for a secret.
  Result<void> add_from(const Variables& variables);

  /// Text that is no part of a record: messages, names, words of a command.
  void redact(std::string& text, TextKind kind = TextKind::plain) const;
  /// Whether anything was hidden.
  bool redact(Timeline& timeline) const;
  /// The variables as a timeline may hold them: a mark for a secret.
  Variables shown(Variables variables) const;

  const KnownValues& known() const { return known_; }
  /// The known values and credentials of a text, merged where they overlap.
  std::vector<Redaction> find(std::string_view text, TextKind kind = TextKind::plain) const;
  /// The same for a header's value.
  std::vector<Redaction> find_in_header(std::string_view name, std::string_view value) const;
  /// What was found by other means, known values as hits.
  std::vector<Redaction> merge(std::string_view text, const std::vector<KnownValues::Hit>& hits,
                               const std::vector<Credential>& credentials) const;
  Vault& vault() const { return *vault_; }

 private:
  std::shared_ptr<Vault> vault_;
  KnownValues known_;
};

/// Puts the marks into the text.
void put_marks(std::string& text, const std::vector<Redaction>& redactions);
/// Where the mark ends that begins here; `at` when none does.
std::size_t end_of_mark(std::string_view text, std::size_t at);

/// Whether ${name} stands for a value that is to be hidden: secret:NAME and token:NAME.
bool is_secret(const std::string& name);

}  // namespace relapse
