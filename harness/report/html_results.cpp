#include <algorithm>

#include "report/assets.hpp"
#include "report/html_parts.hpp"

namespace relapse {

namespace {

using html::Fields;

constexpr std::size_t most_rows = 500;
constexpr std::size_t page_weight = std::size_t{165} * 1024;
constexpr std::size_t most_text = 160;

std::string command_of(const Pages& pages, const ScenarioResult& result) {
  return "relapse show " + pages.run().id + " " + result.scenario + "@" + result.target + " --html";
}

bool wants_command(const Pages& pages, const ScenarioResult& result) {
  const view::Group group = view::group_of(result);
  return group != view::Group::holds && group != view::Group::skipped && !pages.has_page(result);
}

std::size_t weight_of(const Pages& pages, const ScenarioResult& result) {
  std::size_t weight = 260 + 2 * (result.scenario.size() + result.target.size());
  weight += std::min(most_text + 20, view::summary(result).size());
  if (wants_command(pages, result))
    weight += command_of(pages, result).size() + 40;
  return weight;
}

/// Where each page begins, and the end.
std::vector<std::size_t> starts(const Pages& pages) {
  std::vector<std::size_t> starts{0};
  std::size_t weight = 0;
  for (std::size_t i = 0; i < pages.all().size(); ++i) {
    const std::size_t more = weight_of(pages, *pages.all()[i]);
    if (i > starts.back() && (i - starts.back() == most_rows || weight + more > page_weight)) {
      starts.push_back(i);
      weight = 0;
    }
    weight += more;
  }
  starts.push_back(pages.all().size());
  return starts;
}

std::string page_name(std::size_t number) {
  return std::string(number < 10 ? "0" : "") + std::to_string(number);
}

void fill_row(Fields row, const Pages& pages, const ScenarioResult& result) {
  const view::Group group = view::group_of(result);
  const bool failing = group != view::Group::holds && group != view::Group::skipped;
  const bool changed = pages.changed(result);
  if (failing || changed)
    row.section("CLASSED").text("CLASS", std::string(failing ? "failing" : "") +
                                             (failing && changed ? " " : "") +
                                             (changed ? "changed" : ""));
  row.text("TONE", html::tone(result));
  row.text("STATUS", view::status(result));
  Fields name = row.either(pages.has_page(result), "LINKED", "PLAIN");
  name.text("SLUG", view::slug(result));
  name.text("KEY", view::key_text(result), 300);
  row.text("WHAT", view::summary(result), most_text);
  if (wants_command(pages, result))
    row.section("COMMAND").text("TEXT", command_of(pages, result), 500);
  row.text("TOOK", result.deciding() == nullptr && result.attempts.empty()
                       ? std::string("–")
                       : human_duration(view::total_duration(result)));
}

}  // namespace

std::size_t result_list_count(const Pages& pages) {
  return starts(pages).size() - 1;
}

ListPage result_list(const Pages& pages, std::size_t number) {
  static const html::Template parsed(assets::results_template());
  const html::Document document(parsed);
  const auto all = starts(pages);
  const std::size_t first = all[number - 1];
  const std::size_t last = all[number];
  Fields page = document.root();
  page.text("HEADING", "All results: " + headline(pages.run()));
  page.text("COUNTS", view::counts_text(pages.run()));
  page.text("RUN_ID", pages.run().id);
  page.number("FIRST", static_cast<long>(last > first ? first + 1 : 0));
  page.number("LAST", static_cast<long>(last));
  page.number("ALL", static_cast<long>(pages.all().size()));
  Fields several = all.size() > 2 ? page.section("SEVERAL") : page;
  for (std::size_t i = 1; i < all.size(); ++i) {
    Fields link = several.section("PAGE");
    link.text("NAME", page_name(i));
    link.number("NUMBER", static_cast<long>(i));
    if (i == number)
      link.section("CURRENT");
  }
  for (std::size_t i = first; i < last; ++i)
    fill_row(page.section("ROW"), pages, *pages.all()[i]);
  html::Frame frame{.at = html::Frame::At::results, .below = true};
  frame.here = "All results, page " + std::to_string(number);
  frame.title = headline(pages.run()) + " – all results, page " + std::to_string(number);
  return {page_name(number), html::framed(pages, frame, document.expand())};
}

}  // namespace relapse
