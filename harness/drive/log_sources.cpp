#include "drive/log_sources.hpp"

#include <algorithm>
#include <utility>

namespace relapse {
namespace {

constexpr auto tick_interval = std::chrono::milliseconds{10};
/// How long a source must be silent before its last entry counts as whole. A traceback is written
/// at once or nearly so.
constexpr auto silence = std::chrono::milliseconds{30};

}  // namespace

LogSources::LogSources(asio::any_io_executor executor, Handlers handlers)
    : executor_(std::move(executor)),
      handlers_(std::move(handlers)),
      timer_(executor_),
      process_(feed("process")) {}

LogSources::Feed& LogSources::feed(std::string name) {
  return feeds_.emplace_back(Feed{std::move(name)});
}

asio::awaitable<Result<void>> LogSources::open(std::vector<LogSource> sources,
                                               Variables variables) {
  for (LogSource& source : sources) {
    if (source.kind == LogSource::Kind::file) {
      const std::string path = substitute(source.path, variables);
      files_.push_back({FileFollower(path), &feed(path)});
    }
    if (source.kind != LogSource::Kind::command) {
      continue;
    }
    commanded_ = true;
    LaunchSpec spec;
    spec.cwd = source.cwd;
    for (const std::string& word : source.command) {
      spec.command.push_back(substitute(word, variables));
    }
    Feed& to = feed(spec.command.front());
    Child::Handlers handlers;
    handlers.on_line = [this, &to](std::string text) { line(to, std::move(text)); };
    handlers.on_exit = [](ExitStatus) {};
    handlers.on_output_end = [this, &to] { flush(to); };
    auto child = co_await Child::launch(executor_, std::move(spec), std::move(handlers));
    if (!child) {
      Error error = std::move(child).error();
      error.message = "the log command failed: " + error.message;
      co_return error;
    }
    commands_.push_back(std::move(*child));
  }
  arm();
  co_return Result<void>();
}

void LogSources::process_line(std::string line) {
  this->line(process_, std::move(line));
}

void LogSources::line(Feed& to, std::string text) {
  handlers_.on_line(text);
  const std::size_t before = to.joiner.size();
  to.joiner.line(std::move(text), [&](std::string entry) { deliver(to, std::move(entry)); });
  // A line that passed by an unfinished traceback does not keep it waiting.
  if (to.joiner.pending() && to.joiner.size() != before) {
    to.grew = Clock::now();
  }
  arm();
}

void LogSources::deliver(const Feed& from, std::string entry) const {
  LogLine said{from.name, entry_text(entry)};
  if (said.text != entry) {
    said.raw = std::move(entry);
  }
  handlers_.on_entry(std::move(said));
}

void LogSources::flush(Feed& one) {
  one.joiner.flush([&](std::string entry) { deliver(one, std::move(entry)); });
}

void LogSources::poll() {
  for (File& file : files_) {
    file.follower.poll([&](std::string text) {
      line(*file.feed, std::move(text));
      return true;
    });
  }
}

void LogSources::flush() {
  poll();
  for (Feed& one : feeds_) {
    flush(one);
  }
}

void LogSources::finish() {
  for (File& file : files_) {
    file.follower.finish([&](std::string text) {
      line(*file.feed, std::move(text));
      return true;
    });
  }
  flush();
}

bool LogSources::complete() const {
  return !commanded_ && std::all_of(files_.begin(), files_.end(),
                                    [](const File& file) { return file.follower.seen(); });
}

void LogSources::arm() {
  const bool waiting = std::any_of(feeds_.begin(), feeds_.end(),
                                   [](const Feed& one) { return one.joiner.pending(); });
  if (armed_ || (!waiting && files_.empty())) {
    return;
  }
  armed_ = true;
  timer_.expires_after(tick_interval);
  // A handler may already be on its way when the object goes: it must not find it gone.
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled) {
      self->tick();
    }
  });
}

void LogSources::tick() {
  armed_ = false;
  poll();
  const auto now = Clock::now();
  for (Feed& one : feeds_) {
    if (one.joiner.pending() && now - one.grew >= silence) {
      flush(one);
    }
  }
  arm();
}

}  // namespace relapse
