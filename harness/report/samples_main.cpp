#include <cstdio>
#include <filesystem>

#include "report/sample_history.hpp"
#include "report/sample_run.hpp"
#include "report/write.hpp"

namespace {

namespace testing = relapse::testing;

struct Sample {
  const char* name;
  relapse::Run run;
  relapse::Comparison comparison{};
};

int fail(const char* name, const relapse::Error& error) {
  std::fprintf(stderr, "%s: %s\n", name, error.message.c_str());
  return 1;
}

}  // namespace

/// Writes the reports of the sample runs below a directory, for check_outputs.py, for the browser
/// tests and for looking.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: report_samples DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  const relapse::Run large = testing::library_run(2500, 40);
  const Sample samples[] = {{"sample", testing::sample_run()},
                            {"holding", testing::holding_run()},
                            {"hostile", testing::hostile_run(), testing::hostile_comparison()},
                            {"swept", testing::swept_run()},
                            {"asgi", testing::asgi_run()},
                            {"night", testing::night_run(), testing::sample_comparison()},
                            {"large", large, testing::large_comparison(large, 30)}};
  const relapse::ReportOptions options{
      .now = "2026-11-22T10:12:00Z",
      .history = "history.sqlite",
      .timelines = [](const relapse::StoredTimeline&) -> relapse::Result<relapse::Timeline> {
        return testing::large_timeline();
      }};
  for (const Sample& sample : samples) {
    const auto folder = root / sample.name;
    auto written = relapse::write_report(sample.run, sample.comparison, options, folder);
    if (written)
      written = relapse::write_single_file(sample.run, sample.comparison, options,
                                           folder / "single.html");
    if (!written)
      return fail(sample.name, written.error());
  }
  return 0;
}
