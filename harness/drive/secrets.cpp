#include "drive/secrets.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "codec/token.hpp"

namespace relapse {
namespace {

constexpr std::string_view opening = "[redacted ";
constexpr std::size_t longest_mark = 160;
constexpr std::string_view known_rule = "known value";

Error too_short(const std::string& name, std::size_t size) {
  return {ErrorKind::usage,
          "the value of " + name + " has " + std::to_string(size) +
              " octets: too few to be kept out of the output",
          {},
          "a secret has at least 4; use ${env:...} for a value that may be seen"};
}

/// One candidate for a mark. A known value has a name that tells more than a rule does.
struct Candidate {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view rule{};
  std::string_view what{};
  const KnownValues::Value* known = nullptr;
};

/// What is marked already is not marked again, and a scenario's ${name} is no credential.
bool leave_marks(std::string_view text, Candidate& one) {
  const std::string_view whole = text.substr(one.begin, one.end - one.begin);
  if (whole.starts_with("${") && whole.find('}') == whole.size() - 1) {
    return false;
  }
  for (std::size_t after = end_of_mark(text, one.begin); after > one.begin;
       after = end_of_mark(text, one.begin)) {
    one.begin = std::min(after, one.end);
  }
  const std::size_t from = one.begin > longest_mark ? one.begin - longest_mark : 0;
  const std::size_t before = text.substr(from, one.begin - from).rfind(opening);
  const bool inside =
      before != std::string_view::npos && end_of_mark(text, from + before) > one.begin;
  return one.begin < one.end && !inside;
}

/// Words that quote a text shorten it: "abc… (12 more bytes)".
void add_shortened(std::string_view text, const KnownValues& known,
                   std::vector<KnownValues::Hit>& hits) {
  constexpr std::string_view ellipsis = "…";
  if (known.empty()) {
    return;
  }
  for (std::size_t at = text.find(ellipsis); at != std::string_view::npos;
       at = text.find(ellipsis, at + 1)) {
    if (const auto begun = known.cut_off(text.substr(0, at))) {
      hits.push_back(*begun);
    }
  }
}

}  // namespace

Vault::Vault() : key_(random_hex(32)) {}

Result<void> Vault::give(const std::string& name, const std::string& value) {
  if (!value.empty() && value.size() < KnownValues::shortest) {
    return too_short(name, value.size());
  }
  const std::scoped_lock lock(mutex_);
  given_.add(name, value);
  all_.add(name, value);
  return {};
}

void Vault::add(const std::string& name, const std::string& value) {
  const std::scoped_lock lock(mutex_);
  all_.add(name, value);
}

void Vault::count(std::string_view rule, long times) {
  const std::scoped_lock lock(mutex_);
  counts_[std::string(rule)] += times;
}

KnownValues Vault::given() const {
  const std::scoped_lock lock(mutex_);
  return given_;
}

KnownValues Vault::all() const {
  const std::scoped_lock lock(mutex_);
  return all_;
}

std::map<std::string, long> Vault::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

std::string Vault::mark(std::string_view what, std::string_view value) const {
  const auto tag = hmac("HS256", key_, value);
  const std::string hex = to_hex(std::string_view(*tag).substr(0, 2));
  return std::string(opening) + std::string(what) + ", " + std::to_string(value.size()) +
         (value.size() == 1 ? " byte" : " bytes") + ", #" + hex.substr(0, 2) + hex.substr(3) + "]";
}

Secrets::Secrets(std::shared_ptr<Vault> vault)
    : vault_(vault ? std::move(vault) : std::make_shared<Vault>()), known_(vault_->given()) {}

Secrets Secrets::of_run(std::shared_ptr<Vault> vault) {
  Secrets made(std::move(vault));
  made.known_ = made.vault_->all();
  return made;
}

Result<void> Secrets::add(const std::string& name, const std::string& value) {
  if (value.empty()) {
    return {};  // nothing to hide
  }
  if (value.size() < KnownValues::shortest) {
    return too_short("${" + name + "}", value.size());
  }
  known_.add(name, value);
  vault_->add(name, value);
  return {};
}

Result<void> Secrets::add_from(const Variables& variables) {
  for (const auto& [name, value] : variables) {
    const bool token = name.starts_with("token:");
    if (!is_secret(name) || (token && value.size() < KnownValues::shortest)) {
      continue;
    }
    if (auto kept = add(name, value); !kept) {
      return kept;
    }
  }
  return {};
}

std::vector<Redaction> Secrets::merge(std::string_view text,
                                      const std::vector<KnownValues::Hit>& hits,
                                      const std::vector<Credential>& credentials) const {
  std::vector<Candidate> all;
  for (const KnownValues::Hit& hit : hits) {
    const KnownValues::Value& value = known_.values()[hit.value];
    all.push_back({hit.begin, hit.end, known_rule, value.name, &value});
  }
  for (const Credential& one : credentials) {
    Candidate candidate{one.begin, one.end, one.rule, one.what};
    if (leave_marks(text, candidate)) {
      all.push_back(candidate);
    }
  }
  // Known values stand before credentials of the same extent, and so name them.
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<Candidate> merged;
  for (const Candidate& one : all) {
    if (merged.empty() || one.begin >= merged.back().end) {
      merged.push_back(one);
    } else if (one.end > merged.back().end) {
      merged.back().end = one.end;
      merged.back().known = nullptr;  // it is a part now
    }
  }
  std::vector<Redaction> made;
  for (const Candidate& one : merged) {
    const std::string_view hidden = one.known != nullptr
                                        ? std::string_view(one.known->text)
                                        : text.substr(one.begin, one.end - one.begin);
    made.push_back({one.begin, one.end, one.rule, vault_->mark(one.what, hidden)});
  }
  return made;
}

std::vector<Redaction> Secrets::find(std::string_view text, TextKind kind) const {
  auto hits = known_.find(text);
  add_shortened(text, known_, hits);
  const auto credentials = find_credentials(text, kind);
  if (hits.empty() && credentials.empty()) {
    return {};
  }
  return merge(text, hits, credentials);
}

std::vector<Redaction> Secrets::find_in_header(std::string_view name,
                                               std::string_view value) const {
  const auto hits = known_.find(value);
  auto credentials = find_credentials(value);
  if (carries_credentials(name)) {
    const auto special = header_credentials(name, value);
    credentials.insert(credentials.begin(), special.begin(), special.end());
  }
  if (hits.empty() && credentials.empty()) {
    return {};
  }
  return merge(value, hits, credentials);
}

void Secrets::redact(std::string& text, TextKind kind) const {
  put_marks(text, find(text, kind));
}

Variables Secrets::shown(Variables variables) const {
  for (auto& [name, value] : variables) {
    if (is_secret(name) && !value.empty()) {
      value = vault_->mark(name, value);
    } else {
      redact(value);
    }
  }
  return variables;
}

void put_marks(std::string& text, const std::vector<Redaction>& redactions) {
  for (auto one = redactions.rbegin(); one != redactions.rend(); ++one) {
    text.replace(one->begin, one->end - one->begin, one->mark);
  }
}

std::size_t end_of_mark(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with(opening)) {
    return at;
  }
  const std::string_view rest = text.substr(at, longest_mark);
  const std::size_t close = rest.find(']');
  // ", 43 bytes, #a1b2" stands before it.
  constexpr std::size_t tag = 7;
  const bool tagged = close != std::string_view::npos && close > opening.size() + tag &&
                      rest.substr(close - tag, 3) == ", #" &&
                      rest.substr(0, close - tag).find(" byte") != std::string_view::npos;
  const bool continued =
      close != std::string_view::npos && rest.substr(0, close + 1) == "[redacted, continued]";
  return tagged || continued ? at + close + 1 : at;
}

bool is_secret(const std::string& name) {
  return name.starts_with("secret:") || name.starts_with("token:");
}

}  // namespace relapse
