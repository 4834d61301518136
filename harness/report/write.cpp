#include "report/write.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "base/files.hpp"
#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

namespace fs = std::filesystem;

/// A page's name ends in a hyphen, six hex digits and ".html" (view::slug).
bool is_page_name(const std::string& name) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (name.size() < 12 || !name.ends_with(".html") || name[name.size() - 12] != '-')
    return false;
  return name.substr(name.size() - 11, 6).find_first_not_of(hex) == std::string::npos;
}

/// Only in a directory that holds a report already, and only what a report writes.
void remove_stale_pages(const fs::path& directory, const std::set<std::string>& kept) {
  std::error_code ignored;
  if (!fs::exists(directory / "data" / "run.json", ignored))
    return;
  std::vector<fs::path> stale;
  for (fs::directory_iterator it(directory / "s", ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    if (is_page_name(name) && !kept.contains(name))
      stale.push_back(it->path());
  }
  for (const fs::path& path : stale)
    fs::remove(path, ignored);
}

}  // namespace

Result<void> write_report(const Run& run, const fs::path& directory) {
  std::set<std::string> names;
  for (const ScenarioResult* result : results_with_page(run)) {
    const std::string name = view::slug(*result) + ".html";
    names.insert(name);
    const std::string page = result_html(run, *result);
    if (page.empty())
      return Error{ErrorKind::internal, "the template of a result's page was refused"};
    if (auto written = write_file(directory / "s" / name, page); !written)
      return written;
  }
  remove_stale_pages(directory, names);
  const std::string index = index_html(run);
  if (index.empty())
    return Error{ErrorKind::internal, "the template of index.html was refused"};
  const std::string json = to_json(run).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  for (const auto& [name, content] : {std::pair<const char*, std::string>{"data/run.json", json},
                                      {"junit.xml", junit_xml(run)},
                                      {"style.css", std::string(assets::stylesheet())},
                                      {"index.html", index}}) {
    if (auto written = write_file(directory / name, content); !written)
      return written;
  }
  return {};
}

}  // namespace relapse
