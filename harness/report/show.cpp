#include "base/text.hpp"
#include "model/conclude.hpp"
#include "model/correlate.hpp"
#include "report/console.hpp"
#include "report/layout.hpp"
#include "report/paint.hpp"
#include "report/view.hpp"
#include "report/view_calls.hpp"

namespace relapse {

namespace {

using paint::Tone;

constexpr std::size_t most_octets = 4096;

std::string safe(std::string_view octets) {
  return safe_text(octets, 400).str();
}

/// A dump of what an event carried, as far as it was kept.
struct Dumper {
  const ConsoleOptions& options;

  std::string dump(std::string_view octets, std::uint64_t size) const {
    std::string out = layout::hex_dump(octets.substr(0, most_octets), "              ");
    // "##[" is a command to some CI systems; only the column of characters can hold it.
    for (std::size_t at = out.find("##["); at != std::string::npos; at = out.find("##[", at))
      out.replace(at, 2, "..");
    const std::uint64_t shown = std::min<std::uint64_t>(octets.size(), most_octets);
    if (size > shown)
      out += paint::line("              ⋯ " + std::to_string(size - shown) + " more bytes",
                         Tone::muted, options);
    return out;
  }
  std::string operator()(const HttpMessage& p) const {
    return dump(p.head, p.head.size()) + dump(p.body, p.body_size);
  }
  std::string operator()(const WsFrame& p) const {
    // A length that lies is not a number of octets that were left out.
    return dump(p.head, p.head.size()) + dump(p.payload, p.payload.size());
  }
  std::string operator()(const RawBytes& p) const { return dump(p.data, p.size); }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

std::string step_heading(const ScenarioResult* result, int step, const ConsoleOptions& options) {
  const auto index = static_cast<std::size_t>(step);
  std::string text =
      result != nullptr ? safe(result->step_label(step)) : "step " + std::to_string(step + 1);
  text.front() = 'S';
  std::string right;
  if (result != nullptr && index < result->step_texts.size())
    text += "  " + safe(result->step_texts[index]);
  if (result != nullptr && index < result->step_lines.size() && result->step_lines[index] > 0)
    right = "line " + std::to_string(result->step_lines[index]);
  return paint::ends(text, right, Tone::bold, options);
}

/// Every line of a log entry that has several, below the first, and of a traceback.
std::string further_lines(const Event& event, const ConsoleOptions& options) {
  const auto* log = std::get_if<LogLine>(&event.payload);
  const std::string_view text =
      log != nullptr ? std::string_view(log->text) : trim(view::traceback_of(event));
  if (text.empty() || (log != nullptr && text.find('\n') == std::string::npos))
    return {};
  std::string out;
  for (const std::string& line : split(text, '\n'))
    out += paint::line("              " + safe(line), Tone::muted, options);
  return out;
}

std::string trace(const Timeline& timeline, const ScenarioResult* result, const Finding* finding,
                  const ConsoleOptions& options, bool hex) {
  std::string out;
  int step = -1;
  const auto diverging = view::divergence(timeline, finding);
  const std::vector<LogOwner> owners = log_owners(timeline);
  const bool several = view::close_facts(timeline).size() > 1;
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    const bool ended_well = std::holds_alternative<StepEnded>(event.payload) &&
                            std::get<StepEnded>(event.payload).satisfied;
    if (ended_well)
      continue;
    if (event.step != step && event.step >= 0) {
      step = event.step;
      out += step_heading(result, step, options);
    }
    if (std::holds_alternative<StepStarted>(event.payload))
      continue;
    const bool diverges = diverging == event.seq;
    const view::Row row{.event = &event, .folded = 0, .evidence = diverges, .diverges = diverges};
    std::string note;
    std::string owner;
    if (const auto* entry = std::get_if<LogLine>(&event.payload); entry && event.lane != "probe")
      owner = "[" + view::log_owner_text(*entry, owners[i], several) + "]";
    if (diverges)
      note = "expected: " + layout::fit(safe(finding->expected), 36);
    else
      std::swap(note, owner);
    out += paint::trace_row(row, note, options);
    if (!owner.empty())
      out += paint::line("              " + owner, Tone::muted, options);
    out += further_lines(event, options);
    if (hex)
      out += std::visit(Dumper{options}, event.payload);
  }
  if (!timeline.complete)
    out += paint::line("The replay was cut off here.", Tone::warn, options);
  return out;
}

}  // namespace

std::string show_timeline(const Timeline& timeline, const ConsoleOptions& options, bool hex) {
  return trace(timeline, nullptr, nullptr, options, hex);
}

std::string show_attempt(const ScenarioResult& result, const Attempt& attempt,
                         const ConsoleOptions& options, bool hex) {
  std::string out =
      paint::line(std::string(badge(attempt.verdict.outcome)) + "  " + safe(result.scenario) +
                      view::plane_mark(result) + " on " + safe(result.target),
                  Tone::bold, options);
  if (!result.title.empty())
    out += paint::line(safe(result.title), Tone::plain, options);
  if (const std::string whole = paint::signs(view::over_all(result), options); !whole.empty()) {
    for (const auto& part : layout::wrap(whole, paint::columns(options), 6, paint::mark(options)))
      out += paint::line(part, Tone::plain, options);
  }
  if (const auto curve = view::curve(result); !curve.empty()) {
    out += paint::line("Sweep  " + view::curve_text(curve), Tone::plain, options);
    if (attempt.swept)
      out += paint::line("The replay at " + point_text(*attempt.swept) + ":", Tone::plain, options);
  }
  out += "\n" + trace(attempt.timeline, &result, attempt.verdict.decisive(), options, hex);
  if (attempt.verdict.findings.empty() && !attempt.verdict.reason.empty())
    out += "\n" + paint::line(safe(attempt.verdict.reason), Tone::plain, options);
  if (!attempt.verdict.findings.empty())
    out += "\n" + paint::line("Claims", Tone::bold, options);
  for (const Finding& finding : attempt.verdict.findings) {
    out += paint::line("  " + layout::pad(badge(finding.outcome), 16) + " " + safe(finding.claim) +
                           ": expected " + safe(finding.expected),
                       Tone::plain, options);
    if (finding.outcome != Outcome::holds)
      out += paint::line(std::string(19, ' ') + "observed " + safe(finding.observed), Tone::plain,
                         options);
  }
  return out;
}

}  // namespace relapse
