#include "report/markdown.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "report/format_parts.hpp"
#include "report/view_calls.hpp"

namespace relapse {

namespace {

using formats::Case;
using view::Group;

/// Rows that failed in the same way beyond which they share one.
constexpr std::size_t most_alike = 3;
constexpr std::size_t most_families = 60;
constexpr std::size_t most_targets = 20;

/// Longer than any row of backticks in the text, so that none of them ends the span.
std::string code_span(const std::string& text) {
  std::size_t longest = 0, row = 0;
  for (const char c : text) {
    row = c == '`' ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  const std::string fence(longest + 1, '`');
  const bool padded =
      text.front() == '`' || text.back() == '`' || text.front() == ' ' || text.back() == ' ';
  return fence + (padded ? " " : "") + text + (padded ? " " : "") + fence;
}

/// A table with a heading; rows go in while there is room.
class Page {
 public:
  explicit Page(std::size_t most) : most_(most) {}

  void text(const std::string& block) {
    if (fits(block))
      out_ += block;
    else
      ++left_out_;
  }
  /// The head stands only when at least one row follows.
  void table(const std::string& head, const std::vector<std::string>& rows) {
    if (rows.empty())
      return;
    if (!fits(head + rows.front())) {
      left_out_ += rows.size();
      return;
    }
    out_ += head;
    for (const std::string& row : rows)
      text(row);
    out_ += "\n";
  }
  std::string finish() const {
    if (left_out_ == 0)
      return out_;
    return out_ + "\n**" + std::to_string(left_out_) +
           " more rows are left out**: this summary is limited to " + std::to_string(most_ / 1024) +
           " KB. The report has them all.\n";
  }

 private:
  /// Keeps room for the words at the end.
  bool fits(const std::string& block) const { return out_.size() + block.size() + 200 <= most_; }

  std::size_t most_;
  std::string out_;
  std::size_t left_out_ = 0;
};

std::string sign(Group group) {
  switch (group) {
    case Group::relapsed:
      return "✗ Relapsed";
    case Group::inconclusive:
      return "? Inconclusive";
    case Group::flaky:
      return "≈ Flaky";
    case Group::known:
      return "✗ Known";
    case Group::skipped:
      return "– Skipped";
    case Group::holds:
      break;
  }
  return "✓ Holds";
}

std::string kind_text(ChangeKind kind) {
  return std::string(to_string(kind));
}

class Writer {
 public:
  Writer(const Run& run, const Comparison& comparison, std::size_t most)
      : run_(run), comparison_(comparison), since_(comparison), page_(most) {}

  std::string document() {
    head();
    const std::vector<Case> cases = formats::worst_first(run_);
    failing(cases);
    changes();
    known(cases);
    matrix(cases);
    again(cases);
    return page_.finish();
  }

 private:
  void head() {
    const int code = exit_code(run_);
    const std::string mark = code == 0 ? "✓" : code == 1 ? "✗" : "?";
    // A headline may quote the reason that all inconclusive results share.
    const std::string line = headline(run_);
    const std::size_t colon = line.find(": ");
    page_.text("## " + mark + " " +
               (colon == std::string::npos || code == 1
                    ? line
                    : line.substr(0, colon) + ": " + markdown_code(line.substr(colon + 2))) +
               "\n\n");
    std::string counts = "relapse: " + view::counts_text(run_) + "; " +
                         human_duration(run_.duration) + "; run " + markdown_code(run_.id, 60);
    counts += comparison_.baseline
                  ? "; compared with the night of " +
                        markdown_code(formats::date_of(comparison_.baseline->started), 40) + "."
                  : ". No earlier run to compare with: nothing can be called a regression tonight.";
    page_.text(counts + "\n\n");
    std::vector<std::string> rows;
    for (const TargetInfo& target : run_.targets)
      rows.push_back("| " + markdown_cell(target.id, 60) + " | " + markdown_cell(target.version) +
                     " | " + markdown_cell(target.fault, 60) + " | " +
                     (target.tls_unverified ? tls_unverified_text : "") + " |\n");
    page_.table("| target | version | fault | |\n|---|---|---|---|\n", rows);
  }

  std::string row(const Case& one, std::size_t alike) const {
    const ScenarioResult& result = *one.result;
    const Change* change = since_.change(result);
    std::string since = change == nullptr ? std::string{} : kind_text(change->kind);
    if (const std::string text = since_.text(result); !text.empty())
      since += (since.empty() ? "" : ": ") + markdown_cell(text);
    return "| " + sign(one.group) + " | " +
           markdown_cell(result.scenario + view::plane_mark(result)) +
           (alike > 1 ? " and " + std::to_string(alike - 1) + " more" : "") + " | " +
           markdown_cell(result.target, 60) + " | " + markdown_cell(result.incident.ref, 80) +
           " | " + markdown_cell(view::summary(result)) + " | " + since + " |\n";
  }

  /// What does not hold, from the run itself, so that nothing of it can be missing here; one row
  /// for many that failed in the same way on one target.
  void failing(const std::vector<Case>& cases) {
    std::vector<const Case*> chosen;
    std::map<std::string, std::size_t> alike;
    const auto key = [](const Case& one) {
      return one.result->target + '\n' + sign(one.group) + '\n' +
             (one.group == Group::inconclusive ? view::summary(*one.result)
                                               : formats::signature(*one.result));
    };
    for (const Case& one : cases) {
      if (one.group == Group::relapsed || one.group == Group::inconclusive ||
          one.group == Group::flaky) {
        chosen.push_back(&one);
        ++alike[key(one)];
      }
    }
    std::vector<std::string> rows;
    std::set<std::string> told;
    for (const Case* one : chosen) {
      const std::size_t count = alike[key(*one)];
      if (count <= most_alike)
        rows.push_back(row(*one, 1));
      else if (told.insert(key(*one)).second)
        rows.push_back(row(*one, count));
    }
    page_.table("### Does not hold (" + std::to_string(chosen.size()) +
                    ")\n\n| | scenario | target | incident | what was seen | since |\n"
                    "|---|---|---|---|---|---|\n",
                rows);
  }

  /// The changes that are no failures of this run.
  void changes() {
    std::vector<std::string> rows;
    for (const ChangeKind kind : {ChangeKind::lost, ChangeKind::slower, ChangeKind::recovered,
                                  ChangeKind::target_changed, ChangeKind::new_and_holding}) {
      for (const Change* change : changes_of(comparison_, kind))
        rows.push_back("| " + kind_text(kind) + " | " + markdown_cell(change->key.scenario) +
                       " | " + markdown_cell(change->key.target, 60) + " | " +
                       markdown_cell(formats::since_text(*change)) + " |\n");
    }
    page_.table("### Changed otherwise (" + std::to_string(rows.size()) +
                    ")\n\n| | scenario | target | |\n|---|---|---|---|\n",
                rows);
  }

  void known(const std::vector<Case>& cases) {
    std::vector<std::string> rows;
    for (const Case& one : cases) {
      if (one.group == Group::known)
        rows.push_back("| " + markdown_cell(one.result->scenario + view::plane_mark(*one.result)) +
                       " | " + markdown_cell(one.result->target, 60) + " | " +
                       markdown_cell(formats::known_text(*one.result)) + " |\n");
      else if (view::known_but_holds(*one.result))
        rows.push_back("| " + markdown_cell(one.result->scenario + view::plane_mark(*one.result)) +
                       " | " + markdown_cell(one.result->target, 60) +
                       " | **holds**: take it off the list |\n");
    }
    page_.table("### Known (" + std::to_string(rows.size()) +
                    ")\n\n| scenario | target | why |\n|---|---|---|\n",
                rows);
  }

  /// Families by targets, the worst family first.
  void matrix(const std::vector<Case>& cases) {
    std::vector<std::string> families;
    std::map<std::string, std::map<std::string, std::map<Group, int>>> cells;
    for (const Case& one : cases) {
      const std::string family = view::family(one.result->scenario);
      if (!cells.contains(family))
        families.push_back(family);
      ++cells[family][one.result->target][one.group];
    }
    std::vector<std::string> targets = formats::targets(run_);
    const std::size_t hidden =
        targets.size() > most_targets ? targets.size() - most_targets : std::size_t{0};
    targets.resize(targets.size() - hidden);
    std::string head = "### Families\n\n| |";
    std::string rule = "|---|";
    for (const std::string& target : targets) {
      head += " " + markdown_cell(target, 60) + " |";
      rule += "---|";
    }
    std::vector<std::string> rows;
    for (const std::string& family : families) {
      if (rows.size() == most_families)
        break;
      std::string line = "| " + markdown_cell(family) + " |";
      for (const std::string& target : targets)
        line += " " + cell(cells[family][target]) + " |";
      rows.push_back(line + "\n");
    }
    page_.table(head + "\n" + rule + "\n", rows);
    if (hidden > 0 || families.size() > rows.size())
      page_.text("Of " + std::to_string(families.size()) + " families and " +
                 std::to_string(targets.size() + hidden) + " targets, " +
                 std::to_string(rows.size()) + " and " + std::to_string(targets.size()) +
                 " are shown.\n\n");
  }

  static std::string cell(const std::map<Group, int>& counts) {
    std::vector<std::string> parts;
    for (const auto& [group, count] : counts)
      parts.push_back(sign(group) + " " + std::to_string(count));
    return join(parts, ", ");
  }

  void again(const std::vector<Case>& cases) {
    std::vector<std::string> rows;
    std::set<std::string> told;
    for (const Case& one : cases) {
      const bool wanted = one.group == Group::relapsed || one.group == Group::inconclusive ||
                          one.group == Group::flaky;
      if (wanted && rows.size() < 20 &&
          told.insert(one.result->target + '\n' + formats::signature(*one.result)).second)
        rows.push_back("- " + markdown_code(rerun_command(*one.result), 400) + "\n");
    }
    page_.table("### Run it again\n\n", rows);
  }

  const Run& run_;
  const Comparison& comparison_;
  formats::Since since_;
  Page page_;
};

}  // namespace

std::string markdown_code(std::string_view text, std::size_t most) {
  const std::string safe = safe_text(text, most).str();
  return safe.empty() ? safe : code_span(safe);
}

std::string markdown_cell(std::string_view text, std::size_t most) {
  const std::string safe = safe_text(text, most).str();
  std::string out;
  for (const char c : safe) {
    if (c != '|')
      out += c;
    else if (!out.empty() && out.back() == '\\')
      out += "\\x7c";  // GFM takes the backslash before it for an escape of its own
    else
      out += "\\|";
  }
  return out.empty() ? out : code_span(out);
}

std::string markdown_summary(const Run& run, const Comparison& comparison, std::size_t most_bytes) {
  return Writer(run, comparison, most_bytes).document();
}

}  // namespace relapse
