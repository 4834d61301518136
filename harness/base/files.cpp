#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/clock.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

std::string system_text(int code) {
  return std::generic_category().message(code);
}

Error file_error(ErrorKind kind, std::string_view what, const fs::path& path,
                 const std::string& why) {
  return Error{.kind = kind,
               .message = std::string(what) + " \"" + path.string() + "\": " + why,
               .at = SourceRef{.file = path.string()}};
}

/// Closes when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  int get() const { return fd_; }
  /// Closes now; errno of the failure or 0. Some file systems report a full disk only here.
  int close() {
    const int fd = std::exchange(fd_, -1);
    return fd >= 0 && ::close(fd) != 0 ? errno : 0;
  }

 private:
  int fd_;
};

/// 0 or errno.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

Result<void> write_in_place(const fs::path& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return file_error(ErrorKind::environment, "cannot write", path, system_text(errno));
  }
  const int failure = write_all(file.get(), content);
  if (failure != 0) {
    return file_error(ErrorKind::environment, "cannot write", path, system_text(failure));
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return file_error(ErrorKind::usage, "cannot read", path, system_text(errno));
  }
  std::string content;
  std::vector<char> block(std::size_t{64} << 10);
  for (;;) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return file_error(ErrorKind::usage, "cannot read", path, system_text(errno));
    }
    if (got == 0) {
      return content;
    }
    if (static_cast<std::size_t>(got) > max_bytes - content.size()) {
      return file_error(ErrorKind::usage, "cannot read", path,
                        "it is larger than " + std::to_string(max_bytes) + " bytes");
    }
    content.append(block.data(), static_cast<std::size_t>(got));
  }
}

Result<void> write_file(const fs::path& path, std::string_view content) {
  std::error_code ignored;
  // Renaming over a link or a device would replace it; the file it stands for is meant.
  fs::path final_path = fs::is_symlink(path, ignored) ? fs::canonical(path, ignored) : path;
  if (final_path.empty()) {
    final_path = path;  // a dangling link is replaced
  }
  const fs::file_status status = fs::status(final_path, ignored);
  if (fs::is_directory(status)) {
    return file_error(ErrorKind::environment, "cannot write", path, system_text(EISDIR));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return write_in_place(final_path, content);
  }
  if (final_path.has_parent_path()) {
    std::error_code made;
    fs::create_directories(final_path.parent_path(), made);
    if (made) {
      return file_error(ErrorKind::environment, "cannot create the folder of", path,
                        made.message());
    }
  }
  // The name is of fixed length: one derived from the file's own could become too long.
  const fs::path part = final_path.parent_path() / (".relapse-" + random_hex(8) + ".part");
  Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) {
    return file_error(ErrorKind::environment, "cannot write", path, system_text(errno));
  }
  int failure = write_all(file.get(), content);
  if (failure == 0 && fs::exists(status) &&
      ::fchmod(file.get(), static_cast<mode_t>(status.permissions())) != 0) {
    failure = errno;
  }
  const int close_failure = file.close();
  failure = failure != 0 ? failure : close_failure;
  if (failure == 0 && ::rename(part.c_str(), final_path.c_str()) != 0) {
    failure = errno;
  }
  if (failure != 0) {
    ::unlink(part.c_str());
    return file_error(ErrorKind::environment, "cannot write", path, system_text(failure));
  }
  return {};
}

Result<TempDir> TempDir::make(std::string_view prefix) {
  const char* base = std::getenv("TMPDIR");
  fs::path root = base != nullptr && *base != '\0' ? fs::path(base) : fs::path("/tmp");
  std::string name = (root / (std::string(prefix) + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    return file_error(ErrorKind::environment, "cannot create a folder like", name,
                      system_text(errno));
  }
  return TempDir(fs::path(name));
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  std::swap(path_, other.path_);  // the other one removes what this one held
  return *this;
}

TempDir::~TempDir() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace relapse
