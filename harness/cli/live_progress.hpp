#pragma once
#include <termios.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/progress.hpp"
#include "report/console.hpp"

namespace relapse {

/// How a run shows itself on standard error while it goes on.
struct LiveOptions {
  bool silent = false;    ///< nothing but what is asked for
  bool redraw = false;    ///< a terminal: the last line is drawn again and again
  bool keyboard = false;  ///< `t` on the terminal tells what runs now
  ConsoleOptions console{};
  /// Called ten times a second, on the thread of the display.
  std::function<void()> on_tick{};
};

/// Draws a RunProgress: at most ten times a second on a terminal, else line by line. Thread-safe.
/// Made after the SignalWatch, whose blocked signals its thread inherits.
class LiveProgress {
 public:
  LiveProgress(std::size_t planned, LiveOptions options);
  LiveProgress(const LiveProgress&) = delete;
  LiveProgress& operator=(const LiveProgress&) = delete;
  /// Takes its last line away.
  ~LiveProgress();

  void started(const std::string& scenario, const std::string& target);
  void finished(const ScenarioResult& result);
  /// What runs now: for SIGUSR1.
  void tell();
  /// Gives the keyboard back at once: the process is about to end without leaving any scope.
  void restore_terminal() { give_keyboard_back(); }

 private:
  void loop();
  void draw();
  void erase();
  void print(const std::string& lines);
  void read_keys();
  void take_keyboard();
  void give_keyboard_back();

  LiveOptions options_;
  std::mutex mutex_;
  RunProgress progress_;
  LogPace pace_;
  bool drawn_ = false;
  std::string shown_;
  std::atomic<bool> done_{false};
  std::optional<termios> keyboard_before_;
  std::thread thread_;
};

}  // namespace relapse
