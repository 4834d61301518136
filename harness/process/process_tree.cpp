#include "process/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "process/unique_fd.hpp"

namespace relapse {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};
using Directory = std::unique_ptr<DIR, CloseDir>;

std::optional<pid_t> number(std::string_view text) {
  pid_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// "pid (name) state ppid pgrp ...": the name may hold spaces and brackets, so the fields count
/// from the last closing one (proc(5)).
std::optional<ProcessEntry> read_entry(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    return std::nullopt;
  std::array<char, 512> buffer{};
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size() - 1);
  if (size <= 0)
    return std::nullopt;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= text.size())
    return std::nullopt;
  char state = 0;
  int parent = 0;
  int group = 0;
  // buffer is zero-terminated: one octet of it was left unread.
  if (std::sscanf(buffer.data() + name_end + 2, "%c %d %d", &state, &parent, &group) != 3)
    return std::nullopt;
  if (state == 'Z' || state == 'X')
    return std::nullopt;
  return ProcessEntry{.pid = pid, .parent = parent, .group = group};
}

std::vector<ProcessEntry> all_processes() {
  std::vector<ProcessEntry> found;
  const Directory proc(::opendir("/proc"));
  if (!proc)
    return found;
  while (const dirent* item = ::readdir(proc.get())) {
    const std::optional<pid_t> pid = number(item->d_name);
    if (!pid)
      continue;
    if (const std::optional<ProcessEntry> entry = read_entry(*pid))
      found.push_back(*entry);
  }
  return found;
}

}  // namespace

std::vector<ProcessEntry> descendants_of(pid_t root) {
  std::vector<ProcessEntry> rest = all_processes();
  std::vector<ProcessEntry> tree;
  std::vector<pid_t> parents{root};
  while (!parents.empty()) {
    const pid_t parent = parents.back();
    parents.pop_back();
    for (const ProcessEntry& entry : rest) {
      if (entry.parent != parent)
        continue;
      tree.push_back(entry);
      parents.push_back(entry.pid);
    }
  }
  return tree;
}

bool holds_pipe(pid_t pid, ino_t inode) {
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  const std::string wanted = "pipe:[" + std::to_string(inode) + "]";
  const Directory fds(::opendir(folder.c_str()));
  if (!fds)
    return ::access(("/proc/" + std::to_string(pid)).c_str(), F_OK) == 0;
  while (const dirent* item = ::readdir(fds.get())) {
    std::array<char, 64> link{};
    const ssize_t size = ::readlinkat(::dirfd(fds.get()), item->d_name, link.data(), link.size());
    if (size > 0 && std::string_view(link.data(), static_cast<std::size_t>(size)) == wanted)
      return true;
  }
  return false;
}

}  // namespace relapse
