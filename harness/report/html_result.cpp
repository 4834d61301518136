#include <algorithm>

#include "model/conclude.hpp"
#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/html_parts.hpp"

namespace relapse {

namespace html {

std::string tone(Outcome outcome) {
  return std::string(to_string(outcome));
}

std::string tone(const ScenarioResult& result) {
  return view::group_of(result) == view::Group::known ? "known" : tone(result.outcome);
}

std::string title(const ScenarioResult& result) {
  return result.title.empty() ? result.scenario : result.title;
}

void fill_verdict(Fields& fields, const ScenarioResult& result) {
  const Attempt* attempt = result.deciding();
  const Finding* finding = view::decisive(result);
  std::string reason = result.reason;
  if (reason.empty() && attempt != nullptr)
    reason = attempt->verdict.reason;
  if (finding != nullptr) {
    Fields pair = fields.section("PAIR");
    pair.text("EXPECTED", finding->expected);
    pair.text("OBSERVED", finding->observed);
    pair.text("CLAIM", finding->claim);
    const auto seq = view::divergence(attempt->timeline, finding);
    const auto& events = attempt->timeline.events;
    const auto found = seq ? std::ranges::find(events, *seq, &Event::seq) : events.end();
    if (found != events.end()) {
      Fields event = pair.section("EVENT");
      event.number("SEQ", static_cast<long>(found->seq));
      event.text("TIME", view::seconds(found->at_ns));
    }
  }
  // A relapse's reason repeats its claim, unless several attempts are put together; elsewhere it
  // is what there is to say.
  if (finding == nullptr || result.outcome == Outcome::inconclusive ||
      !view::over_all(result).empty())
    fields.optional("REASON", reason);
  fields.optional("KNOWN", result.known_reason);
  fields.optional("ALSO", join(view::also_relapsed(result), ", "));
}

}  // namespace html

namespace {

using html::Fields;

constexpr std::size_t most_attempts = 100;

void fill_incident(Fields& page, const Incident& incident) {
  if (incident.ref.empty() && incident.story.empty() && incident.evidence.empty())
    return;
  Fields section = page.section("INCIDENT");
  section.optional("STORY", incident.story);
  if (!incident.ref.empty()) {
    Fields ref = section.section("REF");
    // Only https: a scenario file may come from anywhere.
    if (incident.ref.starts_with("https://"))
      ref.section("LINK").text("URL", incident.ref);
    else
      ref.section("TEXT_ONLY").text("TEXT", incident.ref);
  }
  section.optional("SEEN", incident.seen);
  section.optional("EVIDENCE", incident.evidence);
  section.optional("FIX", incident.fix);
  section.optional("SPEC", incident.spec);
}

void fill_neighbours(Fields& page, const Run& run, const ScenarioResult& result) {
  const auto pages = results_with_page(run);
  const auto here = std::ranges::find(pages, &result);
  if (here == pages.end())
    return;
  const auto fill = [&page](const char* name, const ScenarioResult& other) {
    Fields link = page.section(name);
    link.text("SLUG", view::slug(other));
    link.text("SCENARIO", other.scenario, 60);
  };
  if (here != pages.begin())
    fill("PREVIOUS", **std::prev(here));
  if (std::next(here) != pages.end())
    fill("NEXT", **std::next(here));
}

/// All of them, or those that did not hold first.
std::vector<const Attempt*> attempts_to_list(const ScenarioResult& result) {
  std::vector<const Attempt*> listed;
  for (const Attempt& attempt : result.attempts)
    listed.push_back(&attempt);
  if (listed.size() > most_attempts) {
    std::ranges::stable_partition(
        listed, [](const Attempt* attempt) { return attempt->verdict.outcome != Outcome::holds; });
    listed.resize(most_attempts);
  }
  return listed;
}

void fill_attempts(Fields& page, const ScenarioResult& result) {
  if (result.attempts.size() < 2)
    return;
  Fields section = page.section("ATTEMPTS");
  const auto listed = attempts_to_list(result);
  for (const Attempt* one : listed) {
    const Attempt& attempt = *one;
    Fields item = section.section("ATTEMPT");
    const bool counted = counts(attempt, !result.disturbed_by.empty());
    item.text("TONE", counted ? html::tone(attempt.verdict.outcome) : "muted");
    item.text("STATUS", view::attempt_status(result, attempt));
    if (attempt.swept)
      item.section("POINT").text("TEXT", point_text(*attempt.swept));
    item.text("DURATION", human_duration(attempt.duration));
    if (&attempt == result.deciding())
      item.section("SHOWN");
    const Finding* finding = attempt.verdict.decisive();
    item.optional("WHY", finding == nullptr
                             ? attempt.verdict.reason
                             : "expected " + finding->expected + ", observed " + finding->observed);
  }
  if (listed.size() < result.attempts.size())
    section.section("MORE").number("COUNT",
                                   static_cast<long>(result.attempts.size() - listed.size()));
}

}  // namespace

std::string result_html(const Run& run, const ScenarioResult& result) {
  const html::Document document(assets::scenario_template());
  Fields page = document.root();
  page.text("TONE", html::tone(result));
  page.text("STATUS", view::status(result));
  page.text("TITLE", html::title(result));
  page.text("SCENARIO", result.scenario, 200);
  page.text("TARGET", view::target_text(run, result.target));
  if (result.plane == Plane::asgi)
    page.section("ASGI");
  page.text("RUN_ID", run.id);
  page.text("VERSION", run.harness_version);
  page.text("SLUG", view::slug(result));
  page.text("COMMAND", rerun_command(result));
  page.optional("ATTEMPTS_TEXT", view::attempts_text(result));
  page.optional("PLACE", view::place(result));
  html::fill_verdict(page, result);
  fill_neighbours(page, run, result);
  fill_incident(page, result.incident);
  html::fill_curve(page, result);
  if (const Attempt* attempt = result.deciding()) {
    page.optional("TOOK", human_duration(view::total_duration(result)));
    html::fill_diagram(page, result, *attempt);
    html::fill_tables(page, result, *attempt);
  } else {
    page.section("NO_EXCHANGE");
    page.text("LOG_STATE", "no log was observed");
  }
  fill_attempts(page, result);
  return document.expand();
}

}  // namespace relapse
