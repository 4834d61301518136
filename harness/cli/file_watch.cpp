#include "cli/file_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace relapse {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                 IN_CREATE | IN_DELETE_SELF | IN_ONLYDIR;
constexpr milliseconds look_at_stop{100};

/// Editors save through files of other names beside it; proofs are written by relapse itself.
bool matters(std::string_view name) {
  return name.ends_with(".json") && !name.starts_with('.') && !name.ends_with(".proof.json");
}

}  // namespace

Result<FileWatch> FileWatch::make(const std::vector<fs::path>& folders) {
  FileWatch watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (watch.fd_ < 0) {
    return Error{ErrorKind::environment,
                 std::string("cannot watch files: ") + std::strerror(errno),
                 {},
                 "raise fs.inotify.max_user_instances"};
  }
  for (const fs::path& folder : folders) {
    if (auto added = watch.add(folder); !added) {
      return std::move(added).error();
    }
  }
  return watch;
}

FileWatch::FileWatch(FileWatch&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), folders_(std::move(other.folders_)) {}

FileWatch::~FileWatch() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Result<void> FileWatch::add(const fs::path& folder) {
  const int id = inotify_add_watch(fd_, folder.c_str(), wanted);
  if (id < 0) {
    return Error{ErrorKind::environment,
                 "cannot watch " + folder.string() + ": " + std::strerror(errno),
                 {},
                 errno == ENOSPC ? "raise fs.inotify.max_user_watches" : ""};
  }
  folders_[id] = folder;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::error_code ignored;
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
      if (auto added = add(entry.path()); !added) {
        return added;
      }
    }
  }
  return {};
}

bool FileWatch::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  bool changed = false;
  ssize_t size = 0;
  while ((size = read(fd_, buffer.data(), buffer.size())) > 0) {
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = event.len > 0 ? buffer.data() + at + sizeof event : "";
      at += static_cast<ssize_t>(sizeof event + event.len);
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changed = true;
      } else if ((event.mask & IN_ISDIR) != 0) {
        const auto folder = folders_.find(event.wd);
        if (folder != folders_.end() && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
          // What is in it already was made before anybody watched.
          changed = add(folder->second / name).has_value();
        }
        changed = changed || (event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0;
      } else if ((event.mask & IN_CREATE) == 0 && matters(name)) {
        changed = true;  // of a new file the end of its writing comes, too
      }
    }
  }
  return changed;
}

bool FileWatch::wait(milliseconds quiet, const std::function<bool()>& stop) {
  bool changed = false;
  auto last = steady_clock::now();
  while (!stop()) {
    pollfd ready{fd_, POLLIN, 0};
    const milliseconds patience = changed ? std::min(quiet, look_at_stop) : look_at_stop;
    if (poll(&ready, 1, static_cast<int>(patience.count())) > 0 && read_events()) {
      changed = true;
      last = steady_clock::now();
    }
    if (changed && steady_clock::now() - last >= quiet) {
      return true;
    }
  }
  return false;
}

}  // namespace relapse
