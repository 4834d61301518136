#include "model/correlate.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace relapse {
namespace {

using By = LogOwner::By;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The number is introduced as a port: what stands before and behind it.
bool introduces_port(std::string_view before, std::string_view behind) {
  if (!behind.empty() && (is_word(behind.front()) ||
                          (behind.front() == '.' && behind.size() > 1 && is_digit(behind[1])))) {
    return false;
  }
  if (before.ends_with("', ") && behind.starts_with(')')) {
    return true;
  }
  if (before.ends_with(':')) {
    const char ahead = before.size() > 1 ? before[before.size() - 2] : '\0';
    if (is_word(ahead) || ahead == ']') {
      return true;
    }
  }
  const std::size_t last = before.find_last_not_of(" \t\"'=:");
  const std::string_view word =
      last == std::string_view::npos ? std::string_view() : before.substr(0, last + 1);
  return word.size() < before.size() && word.size() >= 4 &&
         iequals(word.substr(word.size() - 4), "port");
}

/// Calls `visit` with every number of the line that is introduced as a port.
template <class Visit>
void each_port(std::string_view line, Visit visit) {
  for (std::size_t i = 0; i < line.size();) {
    if (!is_digit(line[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < line.size() && is_digit(line[end])) {
      ++end;
    }
    int port = 0;
    std::from_chars(line.data() + i, line.data() + end, port);
    if (end - i <= 5 && introduces_port(line.substr(0, i), line.substr(end))) {
      visit(port, line.substr(0, i));
    }
    i = end;
  }
}

/// A peer's address is a number; a port behind it is that of a connection.
bool behind_an_address(std::string_view before) {
  if (!before.ends_with(':')) {
    return before.ends_with("', ");
  }
  before.remove_suffix(1);
  if (before.ends_with(']')) {
    return true;
  }
  std::size_t dots = 0;
  while (!before.empty() && (is_digit(before.back()) || before.back() == '.')) {
    dots += before.back() == '.' ? 1U : 0U;
    before.remove_suffix(1);
  }
  return dots == 3;
}

/// What the connections of one replay can be known by.
struct Marks {
  std::map<std::string, std::string> request_ids;  ///< to the lane
  std::map<std::string, std::string> parent_ids;
  std::map<std::string, std::string> trace_ids;
  std::map<int, std::string> ports;
  std::vector<int> server_ports;

  explicit Marks(const Timeline& timeline) {
    for (const Event& event : timeline.events) {
      if (const auto* connected = std::get_if<Connected>(&event.payload)) {
        ports[connected->local_port] = event.lane;
        server_ports.push_back(connected->port);
      }
      const auto* message = std::get_if<HttpMessage>(&event.payload);
      if (message != nullptr && message->direction == Direction::sent) {
        note(*message, event.lane);
      }
    }
  }

  /// A value too short to be one of a kind could stand in any line.
  void note(const HttpMessage& message, const std::string& lane) {
    constexpr std::size_t telling = 8;
    for (const Header& header : message.headers) {
      if (iequals(header.name, "X-Request-Id") && header.value.size() >= telling) {
        request_ids[header.value] = lane;
      }
      const auto fields = split(header.value, '-');
      if (iequals(header.name, "traceparent") && fields.size() == 4 && fields[1].size() == 32 &&
          fields[2].size() == 16) {
        parent_ids[fields[2]] = lane;
        const auto [at, first] = trace_ids.emplace(fields[1], lane);
        if (!first && at->second != lane) {
          at->second.clear();
        }
      }
    }
  }
};

std::optional<LogOwner> by_token(const std::map<std::string, std::string>& tokens, By by,
                                 const std::string& line) {
  for (const auto& [token, lane] : tokens) {
    if (line.find(token) != std::string::npos) {
      return LogOwner{by, lane, 0};
    }
  }
  return std::nullopt;
}

std::optional<LogOwner> by_port(const Marks& marks, const std::string& line) {
  std::optional<LogOwner> ours;
  std::optional<LogOwner> other;
  each_port(line, [&](int port, std::string_view before) {
    const auto found = marks.ports.find(port);
    if (found != marks.ports.end() && !ours) {
      ours = LogOwner{By::peer_port, found->second, port};
    } else if (found == marks.ports.end() && behind_an_address(before) && !other &&
               std::ranges::find(marks.server_ports, port) == marks.server_ports.end()) {
      other = LogOwner{By::other_port, "", port};
    }
  });
  return ours ? ours : other;
}

LogOwner owner_of(const Marks& marks, const LogLine& entry) {
  // The fields of a structured entry stand only in the entry as it was logged.
  const std::string line = entry.text + "\n" + entry.raw;
  if (auto owner = by_token(marks.request_ids, By::request_id, line)) {
    return *owner;
  }
  if (auto owner = by_token(marks.parent_ids, By::parent_id, line)) {
    return *owner;
  }
  auto traced = by_token(marks.trace_ids, By::trace_id, line);
  auto port = by_port(marks, line);
  if (traced && !traced->lane.empty()) {
    return *traced;
  }
  if (port && (port->by == By::peer_port || !traced)) {
    return *port;
  }
  return traced.value_or(LogOwner());
}

}  // namespace

std::vector<LogOwner> log_owners(const Timeline& timeline) {
  const Marks marks(timeline);
  std::vector<LogOwner> owners(timeline.events.size());
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (const auto* entry = std::get_if<LogLine>(&timeline.events[i].payload)) {
      owners[i] = owner_of(marks, *entry);
    }
  }
  return owners;
}

std::string owner_text(const LogOwner& owner, bool several_lanes) {
  const std::string lane =
      several_lanes && !owner.lane.empty() ? safe_text(owner.lane, 40).str() + ", " : "";
  switch (owner.by) {
    case By::request_id:
      return lane + "request id";
    case By::parent_id:
      return lane + "parent id";
    case By::trace_id:
      return lane + "trace id";
    case By::peer_port:
      return lane + "peer port " + std::to_string(owner.port);
    case By::other_port:
      return "another connection, peer port " + std::to_string(owner.port);
    case By::time_window:
      return "by time only";
  }
  return {};
}

bool names_port(const std::string& line, int port) {
  bool found = false;
  each_port(line, [&](int one, std::string_view) { found = found || one == port; });
  return found;
}

}  // namespace relapse
