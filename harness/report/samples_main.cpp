#include <cstdio>
#include <filesystem>

#include "report/sample_run.hpp"
#include "report/write.hpp"

/// Writes the reports of the sample runs below a directory, for check_outputs.py and for looking.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: report_samples DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  const std::pair<const char*, relapse::Run> runs[] = {{"sample", relapse::testing::sample_run()},
                                                       {"holding", relapse::testing::holding_run()},
                                                       {"hostile", relapse::testing::hostile_run()},
                                                       {"swept", relapse::testing::swept_run()},
                                                       {"asgi", relapse::testing::asgi_run()}};
  for (const auto& [name, run] : runs) {
    if (auto written = relapse::write_report(run, root / name); !written) {
      std::fprintf(stderr, "%s: %s\n", name, written.error().message.c_str());
      return 1;
    }
  }
  return 0;
}
