#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/log_entries.hpp"
#include "drive/recorder.hpp"
#include "match/selector.hpp"
#include "model/target.hpp"
#include "process/child.hpp"
#include "process/file_follower.hpp"

namespace relapse {

/// Reads a target's log from all its sources and gives it out entry by entry:
///
///   process output -line-> joiner -entry-> +
///   file           -line-> joiner -entry-> + -> on_entry
///   command        -line-> joiner -entry-> +
///
/// An entry that may go on is delivered once its source was silent for 30 ms. Everything happens on
/// the executor; nothing is called after the destruction.
class LogSources : public std::enable_shared_from_this<LogSources> {
 public:
  struct Handlers {
    /// Every line as it arrives, before it is joined: for the log mark.
    std::function<void(std::string_view line)> on_line;
    std::function<void(LogLine entry)> on_entry;
  };
  LogSources(asio::any_io_executor executor, Handlers handlers);
  LogSources(const LogSources&) = delete;
  LogSources& operator=(const LogSources&) = delete;

  /// Begins to follow the files and commands of the target; what the files hold already is left
  /// out. The error says which command could not be executed.
  asio::awaitable<Result<void>> open(std::vector<LogSource> sources, Variables variables);
  /// A line that the launched process printed.
  void process_line(std::string line);
  /// Reads what the files hold now and delivers what waits for more lines.
  void flush();
  /// The launched process has ended: the files will not grow any more.
  void finish();
  /// Whether finish() is known to have read all there was: no command lags behind, and every file
  /// existed.
  bool complete() const;

 private:
  /// One source: where its lines are joined.
  struct Feed {
    std::string name;
    EntryJoiner joiner{};
    Clock::time_point grew{};
  };
  struct File {
    FileFollower follower;
    Feed* feed;
  };
  Feed& feed(std::string name);
  void line(Feed& to, std::string text);
  void deliver(const Feed& from, std::string entry) const;
  void flush(Feed& one);
  void poll();
  void tick();
  void arm();

  asio::any_io_executor executor_;
  Handlers handlers_;
  asio::steady_timer timer_;
  bool armed_ = false;
  std::list<Feed> feeds_;  ///< a list: the addresses of its members stay
  Feed& process_;
  std::vector<File> files_;
  std::vector<std::unique_ptr<Child>> commands_;
  bool commanded_ = false;
};

}  // namespace relapse
