#include "codec/log_entries.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "model/value.hpp"

namespace relapse {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool indented(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

/// "Traceback (most recent call last):", "Object created at (most recent call last):" of asyncio,
/// "  + Exception Group Traceback (most recent call last):".
bool opens_traceback(std::string_view line) {
  return trim(line).ends_with("(most recent call last):");
}

/// A frame without a heading: daphne logs `Exception inside application: X` and the frames alone.
bool is_frame(std::string_view line) {
  return indented(line) && trim(line).starts_with("File \"");
}

bool is_chain(std::string_view line) {
  return line.starts_with("During handling of the above exception, another exception occurred:") ||
         line.starts_with("The above exception was the direct cause of the following exception:");
}

/// "KeyError: 'user'", "socket.timeout", "KeyboardInterrupt": a name that reads like a class, alone
/// or with a colon behind it.
bool names_exception(std::string_view line) {
  const std::size_t size =
      static_cast<std::size_t>(std::find_if(line.begin(), line.end(),
                                            [](char c) { return !word_character(c) && c != '.'; }) -
                               line.begin());
  const std::string_view name = line.substr(0, size);
  const std::string_view rest = trim(line.substr(size));
  if (name.empty() || digit(name.front()) || (!rest.empty() && !rest.starts_with(':'))) {
    return false;
  }
  const char first = name.front() == '_' && name.size() > 1 ? name[1] : name.front();
  return (first >= 'A' && first <= 'Z') || name.find('.') != std::string_view::npos;
}

/// What asyncio's exception handler prints between its message and the traceback: "future: <Task
/// …".
bool is_asyncio_context(std::string_view line) {
  static constexpr std::array<std::string_view, 8> keys{
      "future", "task", "handle", "protocol", "transport", "asyncgen", "server", "reader"};
  const std::size_t colon = line.find(": <");
  return colon != std::string_view::npos &&
         std::find(keys.begin(), keys.end(), line.substr(0, colon)) != keys.end();
}

enum class Level { none, quiet, loud };

/// The first level word near the beginning, which is where every log format has it.
Level level_of(std::string_view line) {
  static constexpr std::array<std::pair<std::string_view, Level>, 9> words{
      {{"TRACE", Level::quiet},
       {"DEBUG", Level::quiet},
       {"INFO", Level::quiet},
       {"NOTICE", Level::quiet},
       {"WARN", Level::loud},
       {"WARNING", Level::loud},
       {"ERROR", Level::loud},
       {"CRITICAL", Level::loud},
       {"FATAL", Level::loud}}};
  const std::string_view head = line.substr(0, 80);
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (!word_character(head[i]) || (i > 0 && word_character(head[i - 1]))) {
      continue;
    }
    std::size_t end = i;
    while (end < head.size() && word_character(head[end])) {
      ++end;
    }
    for (const auto& [word, level] : words) {
      if (head.substr(i, end - i) == word) {
        return level;
      }
    }
  }
  return Level::none;
}

/// The digits and separators of a date, a time or an address at the beginning of a line.
std::string_view leading_number(std::string_view line) {
  const std::size_t end = line.find_first_not_of("0123456789-/:.,T[");
  return line.substr(0, end);
}

bool begins_with_number(std::string_view line) {
  return leading_number(line).size() >= 7;
}

/// "127.0.0.1:5332 - - [11/Sep/2025:10:00:00] ..." of daphne and others.
bool is_access_line(std::string_view line) {
  const std::string_view number = leading_number(line);
  return std::count(number.begin(), number.end(), '.') == 3;
}

bool is_json_object(const std::string& line) {
  const std::string_view text = trim(line);
  return text.starts_with('{') && text.ends_with('}') && Json::accept(line);
}

/// Whether a line can only be the beginning of an entry, also in the middle of a traceback.
bool is_record(const std::string& line) {
  if (indented(line)) {
    return false;
  }
  return begins_with_number(line) || (line.starts_with('[') && level_of(line) != Level::none) ||
         level_of(line.substr(0, line.find_first_of(" :"))) != Level::none || is_json_object(line);
}

/// Whether the line may be followed by a traceback of its own. Access lines and other quiet records
/// may not: they are delivered at once, and another worker's traceback is not put on them.
bool may_have_traceback(const std::string& line) {
  return !line.empty() && level_of(line) != Level::quiet && !is_access_line(line) &&
         !is_json_object(line);
}

const Json* text_at(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? &*found : nullptr;
}

/// The fields in which structured loggers put a traceback. Without them "never Traceback" would
/// hold on a log full of them.
void add_exceptions(const Json& object, std::string& text) {
  for (const std::string_view key : {"exc_info", "exception", "exc_text", "traceback",
                                     "stack_trace", "stack_info", "stacktrace", "stack"}) {
    if (const Json* field = text_at(object, key)) {
      text += "\n" + field->get<std::string>();
    }
  }
  if (const auto error = object.find("error"); error != object.end() && error->is_object()) {
    add_exceptions(*error, text);
  }
}

}  // namespace

void EntryJoiner::add(std::string_view line) {
  entry_.append(blanks_, '\n');
  blanks_ = 0;
  entry_.append(1, '\n').append(line);
}

/// Whether the line belongs to the waiting entry; moves on in the entry's shape.
bool EntryJoiner::joins(std::string_view line) {
  switch (state_) {
    case State::none:
      return false;
    case State::record:
      if (opens_traceback(line)) {
        state_ = indented(line) ? State::body : State::frames;
        return true;
      }
      if (is_frame(line)) {
        state_ = State::body;
        return true;
      }
      return is_asyncio_context(line);
    case State::frames:
      if (opens_traceback(line) && !indented(line)) {
        return false;
      }
      if (names_exception(line)) {
        state_ = State::ended;
        return true;
      }
      return indented(line);
    case State::body:
      return indented(line);
    case State::ended:
    case State::gap:
      if (is_chain(line)) {
        state_ = State::chain;
        return true;
      }
      return state_ == State::ended && indented(line);
    case State::chain:
      if (opens_traceback(line)) {
        state_ = State::frames;
        return true;
      }
      return line.empty();
  }
  return false;
}

void EntryJoiner::begin(std::string line, const Sink& sink) {
  flush(sink);
  if (opens_traceback(line)) {
    state_ = indented(line) ? State::body : State::frames;
  } else if (is_chain(line)) {
    state_ = State::chain;
  } else if (may_have_traceback(line)) {
    state_ = State::record;
  } else {
    sink(std::move(line));
    return;
  }
  entry_ = std::move(line);
}

void EntryJoiner::line(std::string line, const Sink& sink) {
  const bool unfinished = state_ == State::frames || state_ == State::chain;
  if (unfinished && is_record(line)) {
    sink(std::move(line));
    return;
  }
  if ((state_ == State::ended || state_ == State::gap) && line.empty()) {
    state_ = State::gap;
    ++blanks_;
    return;
  }
  if (!joins(line)) {
    begin(std::move(line), sink);
    return;
  }
  if (entry_.size() + line.size() > max_entry) {
    sink(std::exchange(entry_, std::move(line)));
    return;
  }
  add(line);
}

void EntryJoiner::flush(const Sink& sink) {
  if (std::exchange(state_, State::none) == State::none) {
    return;
  }
  const std::size_t blanks = std::exchange(blanks_, 0);
  sink(std::exchange(entry_, std::string{}));
  for (std::size_t i = 0; i < blanks; ++i) {
    sink(std::string{});
  }
}

std::string entry_text(const std::string& entry) {
  if (!trim(entry).starts_with('{')) {
    return entry;
  }
  const Json json = Json::parse(entry, nullptr, false);
  if (!json.is_object()) {
    return entry;
  }
  const auto payload = json.find("jsonPayload");
  const Json& inner = payload != json.end() && payload->is_object() ? *payload : json;
  const Json* said = text_at(json, "textPayload");
  for (const std::string_view key : {"message", "msg", "event"}) {
    said = said != nullptr ? said : text_at(inner, key);
  }
  if (said == nullptr) {
    return entry;
  }
  std::string text = said->get<std::string>();
  add_exceptions(inner, text);
  if (&inner != &json) {
    add_exceptions(json, text);
  }
  return text;
}

}  // namespace relapse
