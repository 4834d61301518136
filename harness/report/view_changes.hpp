#pragma once
#include <string>
#include <vector>

#include "report/pages.hpp"

/// What has changed, grouped as a reader wants it: by kind, then by the way of failing.
namespace relapse::view {

/// One way of failing, with every result that fails so.
struct Entry {
  std::string signature{};
  std::vector<Change> items{};
};
struct ChangeGroup {
  ChangeKind kind{};
  std::vector<Entry> entries{};  ///< those with most results first
  std::size_t count() const;
};
/// In the order of ChangeKind, empty ones left out. A result that does not hold and of which the
/// comparison says nothing is told by its own outcome, so that none is ever missing.
std::vector<ChangeGroup> change_groups(const Pages& pages);

/// "Relapsed", "Fails differently", ...: the heading of a group.
std::string_view heading(ChangeKind kind);
/// Everything of it is told; others are lines of a list.
bool is_trouble(ChangeKind kind);
/// "held 212 nights · last good 2026-11-21 on uvicorn 0.30.6 · first bad 2026-11-22 on ..."; "".
std::string since_text(const Change& change);
/// The same without how many nights it was: badge_text() says that.
std::string dates_text(const Change& change);
/// "Relapsed: held 212 nights", "New and holding": for the head of a result's page; "" when the
/// comparison says nothing.
std::string badge_text(const Change& change);
/// "2026-11-22" of a time.
std::string day(const std::string& iso);
/// How often each rule of redaction replaced something, in one sentence.
std::string redactions_text(const Run& run);

}  // namespace relapse::view
