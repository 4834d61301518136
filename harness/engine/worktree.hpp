#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "model/target.hpp"

namespace relapse {

/// A checkout of one revision in a folder of its own (`git worktree`), built, and removed with this
/// object. The user's own checkout is not touched.
class Worktree {
 public:
  static Result<std::unique_ptr<Worktree>> make(const Revision& revision);
  ~Worktree();
  Worktree(const Worktree&) = delete;
  Worktree& operator=(const Worktree&) = delete;

  /// The target as it is launched from here: a launch folder inside the repository becomes the same
  /// folder of this checkout, and ${worktree} is its root.
  Target rebase(const Target& target) const;

 private:
  Worktree(std::filesystem::path repository, std::filesystem::path folder)
      : repository_(std::move(repository)), folder_(std::move(folder)) {}

  std::filesystem::path repository_;
  std::filesystem::path folder_;
};

}  // namespace relapse
