#include <chrono>
#include <cstdio>
#include <filesystem>

#include "base/files.hpp"
#include "report/ctrf.hpp"
#include "report/events.hpp"
#include "report/github.hpp"
#include "report/har.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/prometheus.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"
#include "report/sarif.hpp"
#include "report/tap.hpp"

namespace relapse {
namespace {

constexpr const char* token = "0123456789abcdef0123456789abcdef";

std::string events(const Run& run, const Comparison& comparison) {
  std::string out = event_run_started(run, run.results.size());
  std::size_t done = 0;
  for (const ScenarioResult& result : run.results)
    out += event_result(result, ++done, run.results.size());
  return out + event_run_finished(run, comparison, exit_code(run));
}

std::string har(const Run& run) {
  std::vector<HarPage> pages;
  for (const ScenarioResult& result : run.results) {
    if (const Attempt* attempt = result.deciding(); attempt && pages.size() < 50)
      pages.push_back({result.scenario + " on " + result.target, &attempt->timeline});
  }
  return har_json(pages, run.harness_version);
}

/// Writes one file and says how long it took to make.
template <class Make>
bool write(const std::filesystem::path& path, bool times, Make make) {
  const auto start = std::chrono::steady_clock::now();
  const std::string content = make();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (times)
    std::printf("%-24s %10zu octets %7.3f s\n", path.filename().c_str(), content.size(),
                took.count());
  auto written = write_file(path, content);
  if (!written)
    std::fprintf(stderr, "%s\n", written.error().message.c_str());
  return written.has_value();
}

bool write_all(const std::filesystem::path& folder, const Run& run, const Comparison& nights,
               bool times) {
  return write(folder / "junit.xml", times, [&] { return junit_xml(run, nights); }) &&
         write(folder / "junit-gitlab.xml", times,
               [&] { return junit_xml(run, nights, JunitDialect::gitlab); }) &&
         write(folder / "run.tap", times, [&] { return tap(run, nights); }) &&
         write(folder / "ctrf.json", times, [&] { return ctrf_json(run, nights); }) &&
         write(folder / "run.sarif", times, [&] { return sarif_json(run, nights); }) &&
         write(folder / "github.txt", times,
               [&] { return github_log(run, nights, testing::nasty_octets(), token); }) &&
         write(folder / "summary.md", times, [&] { return markdown_summary(run, nights); }) &&
         write(folder / "relapse.prom", times, [&] { return prometheus_text(run, nights); }) &&
         write(folder / "events.ndjson", times, [&] { return events(run, nights); }) &&
         write(folder / "timeline.har", times, [&] { return har(run); });
}

}  // namespace
}  // namespace relapse

/// Writes every format of the sample runs below a directory, for check_formats.py and for looking.
/// With "large" besides: two runs of 10,000 results, with what each format took.
int main(int argc, char** argv) {
  using namespace relapse;
  if (argc < 2) {
    std::fputs("usage: format_samples DIRECTORY [large]\n", stderr);
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  bool ok =
      write_all(root / "sample", testing::acknowledged_run(), testing::sample_nights(), false);
  for (const auto& [name, run] : {std::pair<const char*, Run>{"holding", testing::holding_run()},
                                  {"swept", testing::swept_run()},
                                  {"asgi", testing::asgi_run()},
                                  {"many", testing::large_run(400)},
                                  {"empty", Run{}}})
    ok = ok && write_all(root / name, run, {}, false);
  for (const auto& [name, run] : {std::pair<const char*, Run>{"hostile", testing::hostile_run()},
                                  {"nasty", testing::nasty_run()}})
    ok = ok && write_all(root / name, run, testing::hostile_nights(), false);
  for (int arg = 2; arg < argc && ok; ++arg) {
    std::puts("10,000 results, of each hundred five that do not hold");
    ok = write_all(root / "large", testing::large_run(10'000), {}, true);
    std::puts("10,000 results, every one relapsed in its own way");
    ok = ok && write_all(root / "worst", testing::large_run(10'000, true), {}, true);
  }
  return ok ? 0 : 1;
}
