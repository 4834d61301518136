#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace relapse {

/// Joins the lines of a server's log into entries: a Python traceback, with those that it is
/// chained to, belongs to the record line before it.
///
///   ERROR:    Exception in ASGI application     record
///   Traceback (most recent call last):          frames
///     File "app.py", line 3, in handler
///   KeyError: 'user'                            ended
///                                               gap
///   During handling of the above exception, …   chain, and frames again
///
/// Careful rather than clever: a line that is no part of a known shape is an entry of its own, as
/// if nothing were joined. A record line of another worker in the middle of a traceback is
/// delivered by itself, and the traceback goes on behind it. Pure: the caller says when it has been
/// silent for long enough (flush).
class EntryJoiner {
 public:
  /// Gets one entry; newlines inside it are where its lines were cut.
  using Sink = std::function<void(std::string)>;
  /// An entry that grows beyond this is delivered in pieces.
  static constexpr std::size_t max_entry = std::size_t{256} << 10;

  void line(std::string line, const Sink& sink);
  /// Delivers what waits for more lines: the log was silent, ended, or is about to be judged.
  void flush(const Sink& sink);
  /// An entry waits for its next line. Changes of size show that it grew.
  bool pending() const { return state_ != State::none; }
  std::size_t size() const { return entry_.size() + blanks_; }

 private:
  enum class State {
    none,
    record,  ///< a line that may be followed by a traceback
    frames,  ///< in a traceback, before the line that names the exception
    body,    ///< in a traceback that is indented as a whole: it ends at the first line that is not
    ended,   ///< behind the exception's line
    gap,     ///< blank lines behind it: a chained traceback may follow
    chain,   ///< "During handling of the above exception, …"
  };
  bool joins(std::string_view line);
  void begin(std::string line, const Sink& sink);
  void add(std::string_view line);

  State state_ = State::none;
  std::string entry_;
  std::size_t blanks_ = 0;  ///< blank lines held back in State::gap
};

/// What an entry says. A JSON object (Cloud Logging and other structured logs) says its
/// textPayload, jsonPayload.message or message (or msg, event), and on lines of their own the
/// exception and stack fields beside it; any other entry says all of itself.
std::string entry_text(const std::string& entry);

}  // namespace relapse
