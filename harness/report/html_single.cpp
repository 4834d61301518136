#include <algorithm>

#include "report/assets.hpp"
#include "report/html_parts.hpp"

namespace relapse {

namespace {

/// Its styles stand inside, so only these are allowed; and no script.
std::string styled_head() {
  std::string head(assets::head_template());
  const auto replace = [&head](std::string_view from, const std::string& to) {
    const std::size_t at = head.find(from);
    if (at != std::string::npos)
      head.replace(at, from.size(), to);
  };
  replace("style-src 'self'; script-src 'self'", "style-src 'unsafe-inline'");
  replace(R"(<link rel="stylesheet" href="{{#UP}}../{{/UP}}style.css">)",
          "<style>\n" + std::string(assets::stylesheet()) + "</style>");
  replace("<script src=\"{{#UP}}../{{/UP}}app.js\" defer></script>\n", "");
  const std::size_t from = head.find("<nav aria-label=\"Pages\">");
  const std::size_t to = head.find("{{#CRUMBS}}");
  head.replace(from, to - from,
               "<nav aria-label=\"Parts\"><ol><li><a href=\"#main\">The night</a></li>"
               "<li><a href=\"#again\">Run it again</a></li></ol></nav>\n");
  return head;
}

/// Pages that are not in the file are told by what stands in it: "s/NAME.html" is "#NAME-top", and
/// lists are nothing to go to.
std::string with_links_inside(std::string body, const std::vector<std::string>& inside) {
  for (std::size_t at = body.find("<a href=\""); at != std::string::npos;
       at = body.find("<a href=\"", at + 1)) {
    const std::size_t begin = at + 9;
    const std::size_t end = body.find('"', begin);
    const std::string link = body.substr(begin, end - begin);
    if (link.starts_with("https://") || link.starts_with("#"))
      continue;
    const std::string name =
        link.starts_with("s/") ? link.substr(2, link.size() - 7) : std::string();
    if (!name.empty() && std::ranges::find(inside, name) != inside.end()) {
      body.replace(begin, end - begin, "#" + name + "-top");
      continue;
    }
    const std::size_t text = body.find('>', end) + 1;
    const std::size_t close = body.find("</a>", text);
    body.replace(at, close + 4 - at, body.substr(text, close - text));
  }
  return body;
}

bool is_told(const ScenarioResult& result) {
  const view::Group group = view::group_of(result);
  return group != view::Group::holds && group != view::Group::skipped;
}

}  // namespace

std::string single_file_html(const Pages& pages) {
  static const html::Template head(styled_head());
  static const html::Template foot(assets::foot_template());
  html::Limits limits;
  limits = limits.halved().halved();
  std::vector<std::string> inside;
  std::string results;
  std::size_t left_out = 0;
  constexpr std::size_t room = html::most_single - html::most_index - std::size_t{64} * 1024;
  for (const ScenarioResult* result : pages.paged()) {
    if (!is_told(*result))
      continue;
    const std::string name = view::slug(*result);
    const std::string body = html::result_body(pages, pages.load(*result), limits, name + "-");
    if (results.size() + body.size() + 100 > room ||
        std::ranges::find(inside, name) != inside.end()) {
      ++left_out;
      continue;
    }
    inside.push_back(name);
    results += "<article class=\"part\">\n" + body + "</article>\n";
  }
  const html::Document top(head);
  const html::Document bottom(foot);
  top.root().text("TITLE", headline(pages.run()) + " – relapse " + pages.run().id, 200);
  bottom.root().text("VERSION", pages.run().harness_version, 60);
  bottom.root().text("RUN_ID", pages.run().id, 80);
  const std::string begin = top.expand();
  const std::string index = html::index_body(pages, true);
  if (begin.empty() || index.empty())
    return {};
  if (left_out > 0)
    results += "<p>" + std::to_string(left_out) +
               " more results that do not hold are left out to keep this file small.</p>\n";
  return begin + with_links_inside(index + results, inside) + bottom.expand();
}

}  // namespace relapse
