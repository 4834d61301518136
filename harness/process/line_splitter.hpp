#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace relapse {

/// Cuts a stream of octets into lines at '\n'. A line longer than the limit comes out in pieces of
/// exactly that size and a rest, so that a target which never writes a newline needs no memory.
class LineSplitter {
 public:
  /// Gets each line without its newline. Returning false stops: the rest of the octets is dropped.
  using Sink = std::function<bool(std::string)>;
  static constexpr std::size_t default_limit = std::size_t{64} << 10;

  explicit LineSplitter(std::size_t limit = default_limit) : limit_(limit) {}

  /// False when the sink stopped.
  bool feed(std::string_view octets, const Sink& sink);
  /// The stream is at its end: an unfinished last line is delivered as it is.
  bool finish(const Sink& sink);

 private:
  bool emit(const Sink& sink);

  std::size_t limit_;
  std::string partial_;
};

}  // namespace relapse
