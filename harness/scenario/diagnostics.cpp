#include "scenario/diagnostics.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace relapse {

std::string quote(std::string_view text) {
  return '"' + safe_text(text, 60).str() + '"';
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates) {
  const auto nearest = did_you_mean(word, candidates);
  return nearest ? "did you mean \"" + *nearest + "\"?" : std::string{};
}

Diagnostic make_error(const std::filesystem::path& file, const Span& span, std::string message,
                      std::string label, std::string note) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.at = {file.generic_string(), span.line, span.column};
  diagnostic.length = static_cast<int>(std::max<std::size_t>(1, span.length));
  diagnostic.label = std::move(label);
  diagnostic.note = std::move(note);
  diagnostic.offset = span.offset;
  if (span.origin != nullptr) {
    diagnostic.at.file = span.origin->file.generic_string();
    diagnostic.text = span.origin->text;
    diagnostic.used_by = span.origin->used_by;
    diagnostic.use_offset = span.origin->use_offset;
  }
  return diagnostic;
}

std::vector<Diagnostic> finish(std::vector<Diagnostic> diagnostics,
                               const std::filesystem::path& file) {
  const auto place = [](const Diagnostic& one) {
    return one.text ? std::pair(one.use_offset, one.offset) : std::pair(one.offset, std::size_t{});
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  // What is wrong in a repeat or in a fragment that is used twice is said once.
  std::set<std::tuple<std::string, std::size_t, std::string>> said;
  std::erase_if(diagnostics, [&](const Diagnostic& one) {
    return !said.emplace(one.at.file, one.offset, one.message).second;
  });
  std::size_t errors = 0;
  std::vector<Diagnostic> shown;
  for (Diagnostic& diagnostic : diagnostics) {
    const bool error = diagnostic.severity == Diagnostic::Severity::error;
    errors += error ? 1 : 0;
    if (!error || errors <= max_shown_errors) {
      shown.push_back(std::move(diagnostic));
    }
  }
  if (errors > max_shown_errors) {
    Diagnostic rest;
    rest.folded = errors - max_shown_errors;
    rest.message = std::to_string(rest.folded) + " more " +
                   (rest.folded == 1 ? "error" : "errors") + " in this file";
    rest.at.file = file.generic_string();
    shown.push_back(std::move(rest));
  }
  return shown;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return error_count(diagnostics) > 0;
}

std::size_t error_count(const std::vector<Diagnostic>& diagnostics) {
  std::size_t count = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    count += diagnostic.severity == Diagnostic::Severity::error ? diagnostic.folded : 0;
  }
  return count;
}

std::string error_summary(std::size_t errors, std::size_t bad_files, std::size_t files) {
  return std::to_string(errors) + (errors == 1 ? " error in " : " errors in ") +
         std::to_string(bad_files) + " of " + std::to_string(files) +
         (files == 1 ? " file" : " files") + ". Nothing was sent to any target.";
}

}  // namespace relapse
