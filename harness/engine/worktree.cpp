#include "engine/worktree.hpp"

#include <chrono>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "match/selector.hpp"
#include "process/command.hpp"

namespace relapse {
namespace {

constexpr auto git_time = std::chrono::seconds{60};
constexpr auto build_time = std::chrono::minutes{20};

LaunchSpec command_in(std::vector<std::string> command, const std::filesystem::path& folder) {
  LaunchSpec spec;
  spec.command = std::move(command);
  spec.cwd = folder.string();
  // A hook or a bisect that runs us points these at its own repository.
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}) {
    spec.env[name] = std::nullopt;
  }
  return spec;
}

}  // namespace

Result<std::unique_ptr<Worktree>> Worktree::make(const Revision& revision) {
  const auto root = run_to_end(
      command_in({"git", "rev-parse", "--show-toplevel"}, revision.repository), git_time);
  if (!root) {
    return root.error();
  }
  const auto folder =
      std::filesystem::temp_directory_path() / ("relapse-worktree-" + random_hex(6));
  auto added = run_to_end(
      command_in({"git", "worktree", "add", "--detach", folder.string(), revision.commit}, *root),
      git_time);
  if (!added) {
    return std::move(added).error();
  }
  std::unique_ptr<Worktree> made(new Worktree(*root, folder));
  if (!revision.build.empty()) {
    auto built = run_to_end(command_in(revision.build, folder), build_time);
    if (!built) {
      return std::move(built).error();
    }
  }
  return made;
}

Worktree::~Worktree() {
  const auto removed = run_to_end(
      command_in({"git", "worktree", "remove", "--force", folder_.string()}, repository_),
      git_time);
  if (!removed) {
    log::warning("cannot remove the worktree " + folder_.string() + ": " + removed.error().message);
  }
}

Target Worktree::rebase(const Target& target) const {
  Target moved = target;
  if (moved.asgi) {
    const auto folder = std::filesystem::path(moved.asgi->folder).lexically_relative(repository_);
    if (!folder.empty() && *folder.begin() != "..") {
      moved.asgi->folder = (folder_ / folder).lexically_normal().string();
    }
  }
  if (!moved.launch) {
    return moved;
  }
  const auto inside = std::filesystem::path(moved.launch->cwd).lexically_relative(repository_);
  if (!inside.empty() && *inside.begin() != "..") {
    moved.launch->cwd = (folder_ / inside).lexically_normal().string();
  }
  const Variables here{{"worktree", folder_.string()}};
  for (std::string& word : moved.launch->command) {
    word = substitute(word, here);
  }
  return moved;
}

}  // namespace relapse
