#include "cli/run_store.hpp"

#include "report/write.hpp"

namespace relapse {

Result<std::filesystem::path> store_run(const CommandContext& context,
                                        const std::filesystem::path& folder, const Run& run) {
  const auto pages = folder.empty() ? context.reports_dir / "latest" : folder;
  if (auto written = write_report(run, pages); !written) {
    return std::move(written).error();
  }
  const auto kept = context.reports_dir / "runs" / run.id;
  std::error_code error;
  std::filesystem::create_directories(kept, error);
  std::filesystem::copy_file(pages / "data" / "run.json", kept / "run.json", error);
  if (error) {
    return Error{ErrorKind::environment,
                 "cannot keep the run: " + error.message(),
                 {(kept / "run.json").string(), 0, 0},
                 "make room, or pass --no-report"};
  }
  return pages;
}

}  // namespace relapse
