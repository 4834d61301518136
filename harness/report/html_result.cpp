#include <algorithm>

#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/html_parts.hpp"
#include "report/view_changes.hpp"

namespace relapse {

namespace html {

namespace {

/// The step at which the claim was decided, when the table of events has it; -1 otherwise.
int step_of(const ScenarioResult& result, const Finding& finding) {
  const Attempt* attempt = result.deciding();
  if (finding.kind != ClaimKind::expectation || attempt == nullptr)
    return -1;
  const auto seq = view::divergence(attempt->timeline, &finding);
  const auto& events = attempt->timeline.events;
  const auto found = seq ? std::ranges::find(events, *seq, &Event::seq) : events.end();
  return found == events.end() ? -1 : found->step;
}

}  // namespace

std::string tone(Outcome outcome) {
  return std::string(to_string(outcome));
}

std::string tone(const ScenarioResult& result) {
  return view::group_of(result) == view::Group::known ? "known" : tone(result.outcome);
}

std::string title(const ScenarioResult& result) {
  return result.title.empty() ? result.scenario : result.title;
}

std::string tone_of_run(const Run& run) {
  const int code = exit_code(run);
  return code == 0 ? "ok" : code == 1 ? "bad" : "warn";
}

Limits Limits::halved() const {
  return {events / 2, log_rows / 2, attempts / 2, octets / 2, messages / 2, preview / 2};
}

void fill_verdict(Fields& fields, const ScenarioResult& result, std::size_t most) {
  const Attempt* attempt = result.deciding();
  const Finding* finding = view::decisive(result);
  std::string reason = result.reason;
  if (reason.empty() && attempt != nullptr)
    reason = attempt->verdict.reason;
  if (finding != nullptr) {
    Fields pair = fields.section("PAIR");
    pair.text("EXPECTED", finding->expected, most);
    pair.text("OBSERVED", finding->observed, most);
    const int step = step_of(result, *finding);
    Fields claim = pair.either(step >= 0, "STEP", "NO_STEP");
    claim.number("NUMBER", step + 1);
    claim.text("CLAIM", finding->claim, most);
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
    fields.optional("REASON", reason, most);
  std::string known = result.known_reason;
  if (!known.empty() && !result.known_owner.empty())
    known += " (" + result.known_owner +
             (result.known_until.empty() ? "" : ", until " + result.known_until) + ")";
  fields.optional("KNOWN", known, most);
  fields.optional("ALSO", join(view::also_relapsed(result), ", "), most);
}

}  // namespace html

namespace {

using html::Fields;

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

/// The nearest results before and behind this one that have a page.
void fill_neighbours(Fields& page, const Pages& pages, const ScenarioResult& result) {
  const auto& all = pages.paged();
  const auto here = std::ranges::find(all, key_of(result),
                                      [](const ScenarioResult* one) { return key_of(*one); });
  if (here == all.end() || all.size() < 2)
    return;
  Fields section = page.section("NEIGHBOURS");
  const auto fill = [&section](const char* name, const ScenarioResult& other) {
    Fields link = section.section(name);
    link.text("SLUG", view::slug(other));
    link.text("SCENARIO", other.scenario, 60);
  };
  if (here != all.begin())
    fill("PREVIOUS", **std::prev(here));
  if (std::next(here) != all.end())
    fill("NEXT", **std::next(here));
}

/// "Relapsed: held 212 nights" and since when, for everything that has changed.
void fill_since(Fields& page, const Pages& pages, const ScenarioResult& result) {
  for (const Change* change : pages.changes(result)) {
    Fields since = page.section("SINCE");
    since.text("LEAD", view::badge_text(*change));
    const std::string more = view::dates_text(*change);
    since.text("TEXT", (more.empty() ? "" : " · " + more) +
                           (change->text.empty() ? "" : " · " + change->text));
  }
}

void fill_again(Fields& page, const Pages& pages, const ScenarioResult& result) {
  page.text("COMMAND", rerun_command(result));
  page.text("SHOW_COMMAND", "relapse show " + pages.run().id + " " + result.scenario + "@" +
                                result.target + " --hex");
  page.text("VERSION", pages.run().harness_version);
  page.optional("DIGEST", result.digest.substr(0, 12));
}

}  // namespace

namespace html {

std::string result_body(const Pages& pages, const ScenarioResult& result, const Limits& limits,
                        const std::string& prefix) {
  static const Template parsed(assets::scenario_template());
  const Document document(parsed);
  Fields page = document.root();
  page.text("P", prefix);
  page.section(prefix.empty() ? "OWN_PAGE" : "INSIDE_FILE");
  // Where several results stand in one file, their landmarks need names of their own.
  page.text("OF", prefix.empty() ? "" : " of " + result.scenario + " on " + result.target, 200);
  page.text("TONE", tone(result));
  page.text("STATUS", view::status(result));
  page.text("TITLE", title(result), 400);
  page.text("SCENARIO", result.scenario, 200);
  page.text("TARGET", view::target_text(pages.run(), result.target));
  if (result.plane == Plane::asgi)
    page.section("ASGI");
  page.optional("ATTEMPTS_TEXT", view::attempts_text(result));
  page.optional("PLACE", view::place(result));
  fill_verdict(page, result, limits.preview * 2);
  fill_since(page, pages, result);
  fill_again(page, pages, result);
  fill_incident(page, result.incident);
  fill_curve(page, result);
  if (const Attempt* attempt = result.deciding()) {
    page.optional("TOOK", human_duration(view::total_duration(result)));
    fill_diagram(page, result, *attempt);
    fill_tables(page, result, *attempt, limits);
    fill_diff(page, result);
    fill_bytes(page, result, *attempt, limits);
  } else {
    page.section("NO_EXCHANGE");
    page.text("LOG_STATE", "no log was observed");
  }
  fill_attempts(page, result, limits);
  fill_nights(page, pages, result);
  if (prefix.empty())
    fill_neighbours(page, pages, result);
  return document.expand();
}

}  // namespace html

std::string result_html(const Pages& pages, const ScenarioResult& result) {
  html::Limits limits;
  std::string body = html::result_body(pages, result, limits, "");
  // The frame takes less than this.
  constexpr std::size_t frame = 4 * 1024;
  for (int i = 0; i < 6 && body.size() + frame > html::most_result; ++i) {
    limits = limits.halved();
    body = html::result_body(pages, result, limits, "");
  }
  html::Frame head{.at = html::Frame::At::scenario, .below = true};
  head.here = result.scenario + " on " + result.target;
  head.title = view::status(result) + ": " + result.scenario + " on " + result.target;
  return html::framed(pages, head, body);
}

std::string result_html(const Run& run, const ScenarioResult& result,
                        const Comparison& comparison) {
  return result_html(Pages(run, comparison), result);
}

}  // namespace relapse
