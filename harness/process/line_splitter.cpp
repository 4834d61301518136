#include "process/line_splitter.hpp"

#include <algorithm>
#include <utility>

namespace relapse {

bool LineSplitter::emit(const Sink& sink) {
  return sink(std::exchange(partial_, std::string{}));
}

bool LineSplitter::feed(std::string_view octets, const Sink& sink) {
  while (!octets.empty()) {
    if (octets.front() == '\n') {
      octets.remove_prefix(1);
      if (!emit(sink))
        return false;
      continue;
    }
    // Only when more of the line follows: a line of exactly the limit is one whole line.
    if (partial_.size() == limit_ && !emit(sink))
      return false;
    const std::size_t to_newline = std::min(octets.find('\n'), octets.size());
    const std::size_t taken = std::min(to_newline, limit_ - partial_.size());
    partial_.append(octets.substr(0, taken));
    octets.remove_prefix(taken);
  }
  return true;
}

bool LineSplitter::finish(const Sink& sink) {
  return partial_.empty() || emit(sink);
}

}  // namespace relapse
