#include "report/write.hpp"

#include <fstream>
#include <set>
#include <system_error>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/report_json.hpp"
#include "report/view.hpp"

namespace relapse {

namespace {

namespace fs = std::filesystem;

/// What a report writes below a folder: "NAME-0123ab.html", and in results/ "01.html".
bool is_ours(const std::string& name) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view digits = "0123456789";
  const std::string stem = name.substr(0, name.rfind('.'));
  if (name != stem + ".html" && name != stem + ".txt")
    return false;
  const std::string number = stem.substr(stem.rfind('-') + 1);
  if ((stem == number || stem == "matrix-" + number) && number.size() >= 2 && number.size() < 5)
    return number.find_first_not_of(digits) == std::string::npos;
  return stem.size() > 7 && number.size() == 6 && stem != number &&
         number.find_first_not_of(hex) == std::string::npos;
}

/// The files of one report, and what was written so far.
class Writer {
 public:
  Writer(const Pages& pages, fs::path directory)
      : pages_(pages), directory_(std::move(directory)) {}

  Result<void> write() {
    const bool known = is_a_report();
    for (const auto part : {&Writer::results, &Writer::lists, &Writer::others}) {
      if (auto done = (this->*part)(); !done)
        return done;
    }
    if (known) {
      for (const char* folder : {"s", "results", "evidence"})
        remove_stale(folder);
    }
    return page("index.html", index_html(pages_));
  }

  Result<void> result(const ScenarioResult& result) {
    const ScenarioResult whole = pages_.load(result);
    const std::string name = view::slug(result);
    const std::string html = result_html(pages_, whole);
    if (html.find("href=\"../evidence/" + name + ".txt\"") != std::string::npos) {
      if (auto done = file("evidence/" + name + ".txt", evidence_text(whole)); !done)
        return done;
    }
    return page("s/" + name + ".html", html);
  }

  Result<void> assets() {
    if (auto done = file("style.css", assets::stylesheet()); !done)
      return done;
    return file("app.js", assets::script());
  }

 private:
  /// Only in a directory that holds a report already is anything removed.
  bool is_a_report() const {
    std::error_code ignored;
    return fs::exists(directory_ / "data" / "report.json", ignored) ||
           fs::exists(directory_ / "data" / "run.json", ignored);
  }

  Result<void> results() {
    for (const ScenarioResult* one : pages_.paged()) {
      if (auto done = result(*one); !done)
        return done;
    }
    return {};
  }

  Result<void> lists() {
    const std::size_t lists = result_list_count(pages_);
    for (std::size_t i = 1; i <= lists; ++i) {
      const ListPage list = result_list(pages_, i);
      if (auto done = page("results/" + list.name + ".html", list.html); !done)
        return done;
    }
    const std::size_t matrices = matrix_count(pages_);
    for (std::size_t i = 1; i <= matrices; ++i) {
      const ListPage matrix = matrix_page(pages_, i);
      if (auto done = page("results/" + matrix.name + ".html", matrix.html); !done)
        return done;
    }
    return {};
  }

  Result<void> others() {
    if (auto done = page("run.html", run_html(pages_)); !done)
      return done;
    if (auto done = page("history.html", history_html(pages_)); !done)
      return done;
    if (auto done = assets(); !done)
      return done;
    if (auto done = json(); !done)
      return done;
    if (auto done = file("junit.xml", junit_xml(pages_.run(), pages_.comparison())); !done)
      return done;
    return file("summary.md", markdown_summary(pages_.run(), pages_.comparison()));
  }

  /// In parts, beside its final name.
  Result<void> json() {
    const fs::path path = directory_ / "data" / "report.json";
    // Of a name of its own: two runs may write the same folder at once.
    const fs::path part = directory_ / "data" / (".report-" + random_hex(8) + ".part");
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    write_report_json(pages_, [&out](std::string_view text) {
      out.write(text.data(), static_cast<std::streamsize>(text.size()));
    });
    out.close();
    if (!out.fail())
      fs::rename(part, path, failed);
    if (out.fail() || failed) {
      std::error_code ignored;
      fs::remove(part, ignored);
      return Error{ErrorKind::environment,
                   "cannot write the report's data",
                   {path.string(), 0, 0},
                   "make room, or choose another folder"};
    }
    return {};
  }

  Result<void> page(const std::string& name, const std::string& html) {
    if (html.empty())
      return Error{ErrorKind::internal, "the template of " + name + " was refused"};
    return file(name, html);
  }

  Result<void> file(const std::string& name, std::string_view content) {
    written_.insert(name);
    return write_file(directory_ / name, content);
  }

  void remove_stale(const std::string& folder) {
    std::error_code ignored;
    std::vector<fs::path> stale;
    for (fs::directory_iterator it(directory_ / folder, ignored), end; !ignored && it != end;
         it.increment(ignored)) {
      const std::string name = it->path().filename().string();
      if (is_ours(name) && !written_.contains(folder + "/" + name))
        stale.push_back(it->path());
    }
    for (const fs::path& path : stale)
      fs::remove(path, ignored);
  }

  const Pages& pages_;
  fs::path directory_;
  std::set<std::string> written_{};
};

}  // namespace

Result<void> write_report(const Run& run, const Comparison& comparison,
                          const ReportOptions& options, const fs::path& directory) {
  const Pages pages(run, comparison, options);
  return Writer(pages, directory).write();
}

Result<void> write_report(const Run& run, const fs::path& directory) {
  return write_report(run, {}, {}, directory);
}

Result<void> write_single_file(const Run& run, const Comparison& comparison,
                               const ReportOptions& options, const fs::path& file) {
  const std::string html = single_file_html(Pages(run, comparison, options));
  if (html.empty())
    return Error{ErrorKind::internal, "the template of the single file was refused"};
  return write_file(file, html);
}

Result<fs::path> write_result_page(const Run& run, const Comparison& comparison,
                                   const ReportOptions& options, const ScenarioResult& result,
                                   const fs::path& directory) {
  const Pages pages(run, comparison, options);
  Writer writer(pages, directory);
  if (auto done = writer.assets(); !done)
    return std::move(done).error();
  if (auto done = writer.result(result); !done)
    return std::move(done).error();
  return directory / "s" / (view::slug(result) + ".html");
}

}  // namespace relapse
