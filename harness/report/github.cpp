#include "report/github.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/console.hpp"

namespace relapse {

namespace {

/// Of each kind, for one step.
constexpr std::size_t most_annotations = 10;
constexpr std::size_t most_lines = 20;

std::string encoded(std::string_view text, std::string_view characters) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (characters.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += '%';
    out += digits[octet >> 4];
    out += digits[octet & 15];
  }
  return out;
}

/// Results that failed in the same way on one target.
struct Entry {
  formats::Case first{};
  std::size_t count = 0;
  std::string key{};
};

std::vector<Entry> entries(const std::vector<formats::Case>& cases,
                           std::initializer_list<view::Group> groups) {
  std::vector<Entry> found;
  std::map<std::string, std::size_t> places;
  for (const formats::Case& one : cases) {
    if (std::find(groups.begin(), groups.end(), one.group) == groups.end())
      continue;
    const std::string why = one.group == view::Group::inconclusive
                                ? view::summary(*one.result)
                                : formats::signature(*one.result);
    const std::string key =
        one.result->target + '\n' + std::string(view::heading(one.group)) + '\n' + why;
    const auto [place, is_new] = places.emplace(key, found.size());
    if (is_new)
      found.push_back({one, 0, key});
    ++found[place->second].count;
  }
  return found;
}

std::string annotation(const char* command, const Entry& entry, const formats::Since& since,
                       const formats::SourceRoot& root) {
  const ScenarioResult& result = *entry.first.result;
  const SourceRef at = formats::place(result);
  std::string title = view::status(result) + " " + safe_text(result.scenario, 120).str() + " on " +
                      safe_text(result.target, 60).str();
  if (entry.count > 1)
    title += " and " + std::to_string(entry.count - 1) + " more in the same way";
  std::string message = view::summary(result);
  if (!result.title.empty())
    message += "\n" + safe_text(result.title, 200).str();
  if (!result.incident.ref.empty())
    message += "\nIncident: " + safe_text(result.incident.ref, 200).str();
  if (const std::string before = since.text(result); !before.empty())
    message += "\n" + before;
  message += "\nAgain: " + safe_text(rerun_command(result), 400).str();
  std::string out = std::string("::") + command + " ";
  if (!at.file.empty())
    out += "file=" + github_property(safe_text(formats::from_root(at.file, root)).str()) + ",";
  if (at.line > 0)
    out += "line=" + std::to_string(at.line) + ",";
  return out + "title=" + github_property(title) + "::" + github_message(message) + "\n";
}

std::string annotations(const char* command, const std::vector<Entry>& all,
                        const formats::Since& since, const formats::SourceRoot& root) {
  std::string out;
  const std::size_t shown = all.size() <= most_annotations ? all.size() : most_annotations - 1;
  for (std::size_t i = 0; i < shown; ++i)
    out += annotation(command, all[i], since, root);
  std::size_t more = 0;
  for (std::size_t i = shown; i < all.size(); ++i)
    more += all[i].count;
  if (more > 0)
    out +=
        std::string("::") + command + " title=relapse::" +
        github_message(std::to_string(more) + " more results; the summary of the job names them") +
        "\n";
  return out;
}

}  // namespace

std::string github_message(std::string_view text) {
  return encoded(text, "%\r\n");
}

std::string github_property(std::string_view text) {
  return encoded(text, "%\r\n:,");
}

std::string github_annotations(const Run& run, const Comparison& comparison,
                               const formats::SourceRoot& root) {
  const formats::Since since(comparison);
  const auto cases = formats::worst_first(run);
  return annotations("error", entries(cases, {view::Group::relapsed}), since, root) +
         annotations("warning", entries(cases, {view::Group::inconclusive, view::Group::flaky}),
                     since, root);
}

std::string github_guarded(std::string_view text, const std::string& token) {
  std::string out = "::stop-commands::" + token + "\n" + std::string(text);
  if (!text.empty() && text.back() != '\n')
    out += '\n';
  return out + "::" + token + "::\n";
}

std::string github_log(const Run& run, const Comparison& comparison, std::string_view details,
                       const std::string& token, const formats::SourceRoot& root) {
  ConsoleOptions options;
  options.columns = 160;
  std::string lines;
  std::size_t more = 0, shown = 0;
  for (const formats::Case& one : formats::worst_first(run)) {
    if (one.group == view::Group::holds || one.group == view::Group::skipped)
      continue;
    if (shown < most_lines) {
      lines += result_line(*one.result, options);
      ++shown;
    } else {
      ++more;
    }
  }
  if (more > 0)
    lines += "  and " + std::to_string(more) + " more\n";
  std::string out;
  if (!details.empty())
    out += "::group::" + github_message("relapse: what was replayed, " + view::counts_text(run)) +
           "\n" + github_guarded(details, token) + "::endgroup::\n";
  return out + github_guarded(lines + closing_lines(run, options), token) +
         github_annotations(run, comparison, root);
}

}  // namespace relapse
