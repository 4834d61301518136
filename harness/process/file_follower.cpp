#include "process/file_follower.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace relapse {
namespace {

constexpr std::size_t chunk = std::size_t{64} << 10;
/// Of one file in one poll, so that a log which grows without end cannot hold up the replay.
constexpr int chunks_per_poll = 64;

}  // namespace

FileFollower::FileFollower(std::string path) : path_(std::move(path)) {
  current_ = open();
  if (current_) {
    current_->offset = ::lseek(current_->fd.get(), 0, SEEK_END);
  }
}

std::optional<FileFollower::Open> FileFollower::open() {
  Open file;
  // Without O_NONBLOCK a FIFO of that name would hold up the harness.
  file.fd.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.fd.get() < 0 || ::fstat(file.fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  file.device = status.st_dev;
  file.inode = status.st_ino;
  seen_ = true;
  return file;
}

bool FileFollower::is_current() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    return true;  // renamed away, and nothing in its place yet
  }
  return current_ && status.st_dev == current_->device && status.st_ino == current_->inode;
}

void FileFollower::read_new(Open& file, const LineSplitter::Sink& sink) {
  struct stat status {};
  if (::fstat(file.fd.get(), &status) == 0 && status.st_size < file.offset) {
    file.splitter.finish(sink);
    file.offset = 0;
  }
  std::array<char, chunk> buffer{};
  for (int i = 0; i < chunks_per_poll; ++i) {
    const ssize_t got = ::pread(file.fd.get(), buffer.data(), buffer.size(), file.offset);
    if (got <= 0) {
      return;
    }
    file.offset += got;
    file.splitter.feed({buffer.data(), static_cast<std::size_t>(got)}, sink);
  }
}

void FileFollower::poll(const LineSplitter::Sink& sink) {
  if (previous_) {
    read_new(*previous_, sink);
  }
  if (current_) {
    read_new(*current_, sink);
  }
  if (is_current()) {
    return;
  }
  std::optional<Open> next = open();
  if (!next) {
    return;
  }
  if (previous_) {
    previous_->splitter.finish(sink);
  }
  previous_ = std::exchange(current_, std::move(next));
  read_new(*current_, sink);
}

void FileFollower::finish(const LineSplitter::Sink& sink) {
  poll(sink);
  for (std::optional<Open>* file : {&previous_, &current_}) {
    if (*file) {
      (*file)->splitter.finish(sink);
    }
  }
}

}  // namespace relapse
