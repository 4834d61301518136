#include <algorithm>
#include <map>

#include "report/assets.hpp"
#include "report/html_parts.hpp"
#include "report/view_changes.hpp"

namespace relapse {

namespace html {

namespace {

constexpr std::size_t most_targets = 5;
constexpr std::size_t most_items = 60;
constexpr std::size_t unfolded_items = 6;

/// How much of everything the page has room for; divided until it is small enough.
struct Room {
  std::size_t full = 24;
  std::size_t lines = 150;
  std::size_t cells = 360;
  std::size_t families = 20;
  std::size_t items = most_items;
};

std::string where_text(const Pages& pages) {
  const auto& baseline = pages.comparison().baseline;
  std::vector<std::string> targets;
  for (const TargetInfo& target : pages.run().targets) {
    std::string text = view::target_text(pages.run(), target.id);
    if (baseline) {
      const auto before = baseline->versions.find(target.id);
      if (before != baseline->versions.end() && before->second != target.version &&
          !before->second.empty())
        text.insert(text.ends_with(')') ? text.size() - 1 : text.size(),
                    ", was " + safe_text(before->second, 60).str());
    }
    targets.push_back(text);
  }
  if (targets.empty())
    return "No target";
  if (targets.size() > 4) {
    const std::string more = std::to_string(targets.size() - 3) + " more targets";
    targets.resize(3);
    targets.push_back(more);
  }
  return join_and(targets);
}

void banner(Fields& page, const std::string& lead, const std::string& text) {
  Fields fields = page.section("BANNER");
  fields.text("LEAD", lead);
  fields.text("TEXT", text);
}

std::string expired_text(const std::vector<Acknowledgement>& expired) {
  std::vector<std::string> parts;
  for (const Acknowledgement& one : expired) {
    if (parts.size() == 5) {
      parts.push_back(std::to_string(expired.size() - 5) + " more");
      break;
    }
    parts.push_back(one.scenario + (one.target.empty() ? "" : "@" + one.target) + " (until " +
                    one.until + (one.owner.empty() ? "" : ", " + one.owner) + ")");
  }
  return join(parts, ", ") + ". What they covered counts as failing again.";
}

void fill_banners(Fields& page, const Pages& pages) {
  const Comparison& comparison = pages.comparison();
  if (pages.run().interrupted)
    banner(page, "This run was interrupted.", "What did not run is not shown as holding.");
  if (!comparison.baseline && !pages.run().results.empty())
    banner(page, "No earlier complete run was found:",
           "nothing can be called a regression tonight. What fails counts as failing.");
  if (!comparison.expired.empty())
    banner(page, "Acknowledgements have expired:", expired_text(comparison.expired));
  if (!comparison.unreadable.empty())
    banner(page, std::to_string(comparison.unreadable.size()) + " stored runs could not be read",
           "and are left out of every comparison; the page of the run names them.");
}

void fill_head(Fields& page, const Pages& pages) {
  const Run& run = pages.run();
  page.text("HEADLINE", headline(run));
  page.text("TONE", tone_of_run(run));
  page.text("WHERE", where_text(pages));
  page.text("COUNTS", view::counts_text(run));
  page.text("DURATION", human_duration(run.duration));
  if (!run.started.empty()) {
    Fields started = page.section("STARTED");
    started.text("ISO", run.started);
    started.text("TEXT", view::readable_time(run.started));
    const std::string age = view::age(run.started, pages.options().now);
    if (!age.empty())
      started.section("AGE").text("TEXT", age);
  }
  if (const auto& baseline = pages.comparison().baseline) {
    Fields fields = page.section("BASELINE");
    fields.text("RUN", baseline->id, 80);
    fields.text("ISO", baseline->started, 40);
    fields.text("TEXT", view::day(baseline->started));
  }
  std::size_t shown = 0;
  for (const TargetInfo& target : run.targets) {
    // What the sentence does not say already and a reader must know; the rest is on run.html.
    if (target.fault.empty() && !target.tls_unverified)
      continue;
    if (++shown > most_targets)
      break;
    Fields line = page.section("TARGET_LINE");
    line.text("NAME", target.id, 80);
    line.optional("ADDRESS", target.address, 120);
    line.optional("FAULT", target.fault, 80);
    line.optional("TITLE", target.title, 160);
    line.optional("UNVERIFIED", target.tls_unverified ? tls_unverified_text : "");
  }
  if (shown > most_targets)
    page.section("MORE_TARGETS");
  fill_banners(page, pages);
}

/// Results of which a reader must hear, beside those that do not hold.
struct Aside {
  std::string id{};
  std::string heading{};
  std::string text{};
  struct Item {
    std::string scenario{}, target{}, reason{};
  };
  std::vector<Item> items{};
  std::size_t count = 0;
};

void fill_aside(Fields& page, const Aside& aside, std::size_t most) {
  if (aside.items.empty())
    return;
  Fields section = page.section("ASIDE");
  section.text("ID", aside.id);
  section.text("HEADING", aside.heading);
  section.number("COUNT", static_cast<long>(aside.count));
  section.optional("TEXT", aside.text);
  if (aside.items.size() > unfolded_items) {
    section.section("FOLDED");
    section.section("FOLDED_END");
  }
  const std::size_t shown = std::min(most, aside.items.size());
  for (std::size_t i = 0; i < shown; ++i) {
    Fields item = section.section("ITEM");
    item.text("SCENARIO", aside.items[i].scenario, 160);
    item.text("TARGET", aside.items[i].target, 80);
    item.text("REASON", aside.items[i].reason, 300);
  }
  if (shown < aside.items.size())
    section.section("REST").number("COUNT", static_cast<long>(aside.items.size() - shown));
}

/// One line for many results with one reason: a library for several kinds of target skips many, and
/// the lists name each.
Aside skipped(const Run& run) {
  constexpr std::size_t most_alike = 12;
  Aside aside{.id = "skipped", .heading = "Skipped"};
  std::map<std::pair<std::string, std::string>, std::size_t> alike;
  for (const ScenarioResult& result : run.results) {
    if (result.outcome == Outcome::skipped) {
      ++alike[{result.target, result.reason}];
      ++aside.count;
    }
  }
  for (const ScenarioResult& result : run.results) {
    if (result.outcome != Outcome::skipped)
      continue;
    std::size_t& count = alike[{result.target, result.reason}];
    if (count == 0)
      continue;
    const bool many = count > most_alike;
    aside.items.push_back({many ? std::to_string(count) + " scenarios" : result.scenario,
                           result.target, view::summary(result)});
    if (many)
      count = 0;
  }
  return aside;
}

void fill_asides(Fields& page, const Run& run, std::size_t most) {
  Aside forgotten{.id = "forgotten",
                  .heading = "Listed as known, but holding",
                  .text = "Take them off the list."};
  Aside late{.id = "late",
             .heading = "Told late by a log",
             .text =
                 "These faults belong to a session before the one during which the log told "
                 "them. No replay showed whose they are."};
  for (const ScenarioResult& result : run.results) {
    if (view::known_but_holds(result))
      forgotten.items.push_back(
          {result.scenario, result.target, "listed because: " + result.known_reason});
    if (!result.late_fault.empty())
      late.items.push_back({result.scenario, result.target, view::late_fault_text(result)});
  }
  forgotten.count = forgotten.items.size();
  late.count = late.items.size();
  fill_aside(page, forgotten, most);
  fill_aside(page, late, most);
  fill_aside(page, skipped(run), most);
}

std::string body(const Pages& pages, const Room& room) {
  static const Template parsed(assets::index_template());
  const Document document(parsed);
  Fields page = document.root();
  page.text("P", "");
  fill_head(page, pages);
  if (exit_code(pages.run()) == 0 && totals(pages.run()).known == 0 &&
      totals(pages.run()).flaky == 0)
    page.section("ALL_HOLD");
  fill_changes(page, pages, room.full, room.lines);
  fill_asides(page, pages.run(), room.items);
  fill_families(page, pages, room.cells);
  fill_trends(page, pages, room.families);
  page.optional("COMMAND_LINE", join(pages.run().command, " "));
  page.text("REDACTED", view::redactions_text(pages.run()));
  return document.expand();
}

}  // namespace

std::string framed(const Pages& pages, const Frame& frame, const std::string& body) {
  static const Template head(assets::head_template());
  static const Template foot(assets::foot_template());
  if (body.empty())
    return {};
  const Document top(head);
  const Document bottom(foot);
  Fields fields = top.root();
  fields.text("TITLE", frame.title, 200);
  fields.text("RUN_ID", pages.run().id, 80);
  if (frame.below) {
    fields.section("UP");
    Fields crumbs = fields.section("CRUMBS");
    crumbs.text("HERE", frame.here, 120);
    if (frame.at == Frame::At::scenario)
      crumbs.section("LIST");
  }
  switch (frame.at) {
    case Frame::At::index:
      fields.section("AT_INDEX");
      break;
    case Frame::At::results:
      fields.section("AT_RESULTS");
      break;
    case Frame::At::run:
      fields.section("AT_RUN");
      break;
    case Frame::At::history:
      fields.section("AT_HISTORY");
      break;
    case Frame::At::scenario:
      break;
  }
  bottom.root().text("VERSION", pages.run().harness_version, 60);
  bottom.root().text("RUN_ID", pages.run().id, 80);
  const std::string begin = top.expand();
  const std::string end = bottom.expand();
  return begin.empty() || end.empty() ? std::string() : begin + body + end;
}

std::string index_body(const Pages& pages, bool single) {
  Room room;
  if (single)
    room.families = 0;
  std::string text = body(pages, room);
  // The frame and what it holds take less than this.
  constexpr std::size_t frame = 4 * 1024;
  for (int i = 0; i < 6 && text.size() + frame > most_index; ++i) {
    room = {room.full / 2, room.lines / 2, room.cells / 2, room.families / 2, room.items / 2};
    text = body(pages, room);
  }
  return text;
}

}  // namespace html

std::string index_html(const Pages& pages) {
  html::Frame frame{.at = html::Frame::At::index};
  frame.title = headline(pages.run()) + " – relapse " + pages.run().id;
  return html::framed(pages, frame, html::index_body(pages, false));
}

std::string index_html(const Run& run, const Comparison& comparison) {
  return index_html(Pages(run, comparison));
}

}  // namespace relapse
