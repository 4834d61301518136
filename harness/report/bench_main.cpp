#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "report/sample_history.hpp"
#include "report/write.hpp"

namespace {

namespace fs = std::filesystem;

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

int number(char** argv, int argc, int index, int otherwise) {
  return argc > index ? std::atoi(argv[index]) : otherwise;
}

}  // namespace

/// Writes the pages of a made-up night and says what they cost.
int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: report_bench DIRECTORY [RESULTS [FAILING [NIGHTS]]]\n", stderr);
    return 2;
  }
  const fs::path directory(argv[1]);
  const int results = number(argv, argc, 2, 10'000);
  const int failing = number(argv, argc, 3, 100);
  const int nights = number(argv, argc, 4, 30);
  const relapse::Run run = relapse::testing::library_run(results, failing);
  const relapse::Comparison comparison = relapse::testing::large_comparison(run, nights);
  const relapse::Timeline timeline = relapse::testing::large_timeline();
  const relapse::ReportOptions options{
      .timelines = [&timeline](const relapse::StoredTimeline&)
          -> relapse::Result<relapse::Timeline> { return timeline; }};
  const long before = peak_megabytes();
  const auto start = std::chrono::steady_clock::now();
  if (auto written = relapse::write_report(run, comparison, options, directory); !written) {
    std::fprintf(stderr, "%s\n", written.error().message.c_str());
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::size_t files = 0;
  std::uintmax_t octets = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    files += entry.is_regular_file() ? 1U : 0U;
    octets += entry.is_regular_file() ? entry.file_size() : 0U;
  }
  std::printf(
      "%d results, %d failing, %d nights: %.2f s; %ld MB resident at most (%ld before); "
      "%.1f MB in %zu files; index.html %ju octets\n",
      results, failing, nights, took.count(), peak_megabytes(), before,
      static_cast<double>(octets) / 1e6, files, fs::file_size(directory / "index.html"));
  return 0;
}
