#include "drive/redact_stream.hpp"

#include <algorithm>

namespace relapse {
namespace {

constexpr const char* continued = "[redacted, continued]";

bool is_cut(std::string_view kept, const std::uint64_t* size) {
  return size != nullptr && *size > kept.size();
}

}  // namespace

void apply_counted(std::string& text, std::uint64_t* size,
                   const std::vector<Redaction>& redactions) {
  const std::size_t before = text.size();
  put_marks(text, redactions);
  if (size != nullptr && *size >= before) {
    *size = *size - before + text.size();
  }
}

void RedactionStream::begin_unit(TextKind kind, bool counted) {
  units_.push_back({kind, counted, pieces_.size()});
}

void RedactionStream::add(std::string& text, std::uint64_t* size) {
  if (units_.empty()) {
    begin_unit();
  }
  pieces_.push_back({&text, size, {}});
}

void RedactionStream::separate(std::string_view octets) {
  pieces_.push_back({nullptr, nullptr, std::string(octets)});
}

std::string RedactionStream::unit_text() const {
  std::string text;
  const std::size_t from = units_.empty() ? 0 : units_.back().first_piece;
  for (std::size_t i = from; i < pieces_.size(); ++i) {
    text += pieces_[i].view();
  }
  return text;
}

std::size_t RedactionStream::unit_of(std::size_t piece) const {
  const auto behind = std::partition_point(units_.begin(), units_.end(), [piece](const Unit& unit) {
    return unit.first_piece <= piece;
  });
  return static_cast<std::size_t>(behind - units_.begin()) - 1;
}

/// Nothing is known that could cross a border, so no text has to be put together.
bool RedactionStream::redact_apart(const Secrets& secrets, RedactionCounts& counts) {
  bool any = false;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    for (std::size_t i = units_[unit].first_piece; i < end_piece(unit); ++i) {
      if (pieces_[i].text == nullptr) {
        continue;
      }
      const auto redactions = secrets.find(*pieces_[i].text, units_[unit].kind);
      for (const Redaction& one : redactions) {
        counts[one.rule] += units_[unit].counted ? 1 : 0;
      }
      apply_counted(*pieces_[i].text, pieces_[i].size, redactions);
      any = any || !redactions.empty();
    }
  }
  return any;
}

std::vector<Redaction> RedactionStream::find(const std::string& all,
                                             const std::vector<std::size_t>& starts,
                                             const Secrets& secrets) const {
  const std::string_view text(all);
  std::vector<KnownValues::Hit> hits = secrets.known().find(text);
  std::vector<Credential> credentials;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    const std::size_t begin = starts[units_[unit].first_piece];
    const std::size_t end = starts[end_piece(unit)];
    for (Credential one : find_credentials(text.substr(begin, end - begin), units_[unit].kind)) {
      one.begin += begin;
      one.end += begin;
      credentials.push_back(one);
    }
  }
  // Where something was left out, and at the end, a value may have begun.
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const bool last = i + 1 == pieces_.size();
    if (last || is_cut(pieces_[i].view(), pieces_[i].size)) {
      if (const auto begun = secrets.known().cut_off(text.substr(0, starts[i + 1]))) {
        hits.push_back(*begun);
      }
    }
  }
  std::sort(hits.begin(), hits.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  return hits.empty() && credentials.empty() ? std::vector<Redaction>{}
                                             : secrets.merge(text, hits, credentials);
}

void RedactionStream::put(const std::vector<Redaction>& redactions,
                          const std::vector<std::size_t>& starts, RedactionCounts& counts) {
  std::size_t piece = 0;
  std::vector<std::vector<Redaction>> per_piece(pieces_.size());
  for (const Redaction& one : redactions) {
    while (starts[piece + 1] <= one.begin) {
      ++piece;
    }
    counts[one.rule] += units_[unit_of(piece)].counted ? 1 : 0;
    bool first = true;
    for (std::size_t i = piece; i < pieces_.size() && starts[i] < one.end; ++i) {
      Redaction part = one;
      part.begin = std::max(one.begin, starts[i]) - starts[i];
      part.end = std::min(one.end, starts[i + 1]) - starts[i];
      part.mark = first ? one.mark : continued;
      if (pieces_[i].text != nullptr && part.begin < part.end) {
        per_piece[i].push_back(std::move(part));
        first = false;
      }
    }
  }
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (!per_piece[i].empty()) {
      apply_counted(*pieces_[i].text, pieces_[i].size, per_piece[i]);
    }
  }
}

bool RedactionStream::redact(const Secrets& secrets, RedactionCounts& counts) {
  if (pieces_.empty()) {
    return false;
  }
  const bool single = pieces_.size() == units_.size();
  if (secrets.known().empty() && single) {
    return redact_apart(secrets, counts);
  }
  std::string all;
  std::vector<std::size_t> starts;
  for (const Piece& piece : pieces_) {
    starts.push_back(all.size());
    all += piece.view();
  }
  starts.push_back(all.size());
  const auto redactions = find(all, starts, secrets);
  put(redactions, starts, counts);
  return !redactions.empty();
}

}  // namespace relapse
