#pragma once
#include <sys/types.h>

#include <vector>

namespace relapse {

/// One running process, as /proc has it.
struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
};

/// All descendants of a process, zombies left out. A process that daemonised is found only when
/// `root` is a child subreaper (prctl(2)). Empty when /proc is not mounted.
std::vector<ProcessEntry> descendants_of(pid_t root);

/// Whether a process has the pipe with this inode open. True also when that cannot be seen (a
/// process of another user), since the caller asks in order to end whoever keeps the pipe open.
bool holds_pipe(pid_t pid, ino_t inode);

}  // namespace relapse
