#include "cli/live_progress.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/terminal.hpp"
#include "report/view.hpp"

namespace relapse {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto tick = std::chrono::milliseconds{100};

/// What deserves a line of its own at once.
bool is_news(const ScenarioResult& result) {
  switch (view::group_of(result)) {
    case view::Group::relapsed:
    case view::Group::inconclusive:
    case view::Group::flaky:
    case view::Group::known:
      return true;
    case view::Group::skipped:
    case view::Group::holds:
      break;
  }
  return false;
}

/// A process in the background that touches the terminal's settings or reads it is stopped.
bool in_foreground() {
  return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

}  // namespace

LiveProgress::LiveProgress(std::size_t planned, LiveOptions options)
    : options_(std::move(options)), progress_(planned, Clock::now()), pace_(Clock::now()) {
  if (options_.keyboard) {
    take_keyboard();
  }
  thread_ = std::thread([this] { loop(); });
}

LiveProgress::~LiveProgress() {
  done_ = true;
  thread_.join();
  const std::scoped_lock lock(mutex_);
  erase();
  give_keyboard_back();
}

void LiveProgress::started(const std::string& scenario, const std::string& target) {
  const std::scoped_lock lock(mutex_);
  progress_.started(scenario, target, Clock::now());
}

void LiveProgress::finished(const ScenarioResult& result) {
  const std::scoped_lock lock(mutex_);
  progress_.finished(result, Clock::now());
  if (!options_.silent && is_news(result)) {
    if (options_.redraw) {
      options_.console.columns = columns_of(STDERR_FILENO, options_.console.columns);
    }
    print(live_line(result, options_.console));
  }
}

void LiveProgress::tell() {
  const std::scoped_lock lock(mutex_);
  print(progress_.running_now(Clock::now(), options_.console.unicode));
}

void LiveProgress::loop() {
  while (!done_) {
    std::this_thread::sleep_for(tick);
    if (options_.on_tick) {
      options_.on_tick();
    }
    if (keyboard_before_) {
      read_keys();
    }
    const std::scoped_lock lock(mutex_);
    if (options_.silent) {
      continue;
    }
    if (options_.redraw) {
      draw();
    } else if (pace_.due(progress_, Clock::now())) {
      print(progress_.log_line(Clock::now(), options_.console.unicode) + "\n");
    }
  }
}

void LiveProgress::draw() {
  const int columns = columns_of(STDERR_FILENO, 80);
  // The last cell stays free: a terminal that has been written full goes to the next line.
  const std::size_t room = static_cast<std::size_t>(std::max(columns - 1, 1));
  std::string line = progress_.line(Clock::now(), room, options_.console.unicode);
  if (drawn_ && line == shown_) {
    return;
  }
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
  shown_ = std::move(line);
}

void LiveProgress::erase() {
  if (drawn_) {
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
  }
}

/// Lines that stay, above the one that is redrawn.
void LiveProgress::print(const std::string& lines) {
  erase();
  std::fputs(lines.c_str(), stderr);
  std::fflush(stderr);
}

void LiveProgress::read_keys() {
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  char key = 0;
  while (in_foreground() && poll(&keys, 1, 0) == 1 && (keys.revents & POLLIN) != 0 &&
         read(STDIN_FILENO, &key, 1) == 1) {
    if (key == 't' || key == 'T') {
      tell();
    }
  }
}

/// Keys come one by one and are not shown; signals from the keyboard stay.
void LiveProgress::take_keyboard() {
  termios now{};
  if (!in_foreground() || tcgetattr(STDIN_FILENO, &now) != 0) {
    return;
  }
  keyboard_before_ = now;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  now.c_cc[VMIN] = 0;
  now.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

void LiveProgress::give_keyboard_back() {
  if (keyboard_before_ && in_foreground()) {
    tcsetattr(STDIN_FILENO, TCSANOW, &*keyboard_before_);
  }
}

}  // namespace relapse
