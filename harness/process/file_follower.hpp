#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

#include "process/line_splitter.hpp"
#include "process/unique_fd.hpp"

namespace relapse {

/// Reads the lines that are appended to a file, by its path: the file may come later, be renamed
/// away and created anew (what was written to the old one after that is still read, until the next
/// rename), or be truncated. What it holds at the beginning belongs to the past and is left out.
/// Asks the file system only when poll() is called. A file that is truncated and grows beyond its
/// old size between two polls cannot be told from one that was appended to.
class FileFollower {
 public:
  explicit FileFollower(std::string path);

  /// Delivers the lines that are new.
  void poll(const LineSplitter::Sink& sink);
  /// The same, and a last line without a newline: nobody writes any more.
  void finish(const LineSplitter::Sink& sink);
  /// The file was there at least once.
  bool seen() const { return seen_; }

 private:
  struct Open {
    UniqueFd fd;
    dev_t device = 0;
    ino_t inode = 0;
    off_t offset = 0;
    LineSplitter splitter;
  };
  bool is_current() const;
  std::optional<Open> open();
  static void read_new(Open& file, const LineSplitter::Sink& sink);

  std::string path_;
  std::optional<Open> current_;
  std::optional<Open> previous_;
  bool seen_ = false;
};

}  // namespace relapse
