#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "model/correlate.hpp"
#include "report/view.hpp"
#include "report/view_calls.hpp"

namespace relapse::view {

namespace {

template <class T>
bool is(const Event& event) {
  return std::holds_alternative<T>(event.payload);
}

bool is_step_mark(const Event& event) {
  return is<StepStarted>(event) || is<StepEnded>(event);
}

/// Happens around the exchange: marks, probes on a connection of their own and how fast they were,
/// the log.
bool is_aside(const Event& event) {
  return is_step_mark(event) || event.lane == "probe" || is<Probed>(event) || is<Paced>(event) ||
         is<LogLine>(event) || is<LogMarked>(event);
}

bool names(const Finding* finding, std::uint32_t seq) {
  return finding != nullptr && std::ranges::find(finding->evidence, seq) != finding->evidence.end();
}

/// The first line and the last, like describe, with more room.
std::string one_line(const std::string& entry) {
  std::vector<std::string> lines;
  for (const std::string& line : split(entry, '\n')) {
    if (!trim(line).empty())
      lines.push_back(line);
  }
  if (lines.empty())
    return {};
  std::string text = safe_text(trim(lines.front()), 400).str();
  if (lines.size() > 1)
    text += " ⋯ " + safe_text(trim(lines.back()), 400).str();
  return text;
}

bool reads_like_an_error(const std::string& text) {
  for (const char* sign : {"ERROR", "CRITICAL", "FATAL", "Traceback", "Exception", "Error:"}) {
    if (text.find(sign) != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

std::optional<std::uint32_t> divergence(const Timeline& timeline, const Finding* finding) {
  if (finding == nullptr || finding->evidence.empty())
    return std::nullopt;
  const std::uint32_t seq = finding->evidence.front();
  const auto found = std::ranges::find(timeline.events, seq, &Event::seq);
  if (found == timeline.events.end())
    return std::nullopt;
  if (!is<StepEnded>(*found))
    return seq;
  for (auto before = found; before != timeline.events.begin();) {
    --before;
    if (before->step != found->step)
      continue;  // of a step that ran beside it
    if (is<StepStarted>(*before))
      break;
    if (!is_aside(*before))
      return before->seq;
  }
  return seq;
}

std::vector<Row> exchange(const Timeline& timeline, const Finding* finding) {
  const auto diverging = divergence(timeline, finding);
  std::vector<Row> rows;
  for (const Event& event : timeline.events) {
    const bool diverges = diverging == event.seq;
    const bool evidence = diverges || (names(finding, event.seq) && !is_step_mark(event));
    if (is_aside(event) && !evidence)
      continue;
    rows.push_back({.event = &event, .folded = 0, .evidence = evidence, .diverges = diverges});
  }
  return rows;
}

namespace {

/// What makes two messages alike: "← BINARY". Empty for what is never joined.
std::string kind_of(const Row& row) {
  if (row.event == nullptr || row.evidence)
    return {};
  const auto side = [](Direction direction) {
    return std::string(direction == Direction::sent ? "→ " : "← ");
  };
  if (const auto* frame = std::get_if<WsFrame>(&row.event->payload)) {
    const std::string text = observed_text(*row.event);
    return frame->opcode == 8
               ? std::string()
               : side(frame->direction) + text.substr(0, text.find(' ')) + ", " + row.event->lane;
  }
  if (const auto* raw = std::get_if<RawBytes>(&row.event->payload))
    return side(raw->direction) + "octets, " + row.event->lane;
  return {};
}

std::uint64_t octets_of(const Row& row) {
  if (const auto* frame = std::get_if<WsFrame>(&row.event->payload))
    return frame->length;
  if (const auto* raw = std::get_if<RawBytes>(&row.event->payload))
    return raw->size;
  return 0;
}

Row run_of(const std::vector<Row>& rows, std::size_t first, std::size_t last,
           const std::string& kind) {
  std::uint64_t least = octets_of(rows[first]);
  std::uint64_t most = least;
  for (std::size_t i = first; i < last; ++i) {
    least = std::min(least, octets_of(rows[i]));
    most = std::max(most, octets_of(rows[i]));
  }
  Row row{.folded = last - first};
  row.text = "events " + std::to_string(rows[first].event->seq) + " to " +
             std::to_string(rows[last - 1].event->seq) + ": " + std::to_string(row.folded) + " × " +
             safe_text(kind.substr(0, kind.find(',')), 60).str() + ", " + std::to_string(least) +
             (least == most ? "" : " to " + std::to_string(most)) + " octets each";
  return row;
}

std::size_t events_in(const std::vector<Row>& rows, std::size_t first, std::size_t last) {
  std::size_t count = 0;
  for (std::size_t i = first; i < last; ++i)
    count += rows[i].event == nullptr ? rows[i].folded : 1;
  return count;
}

}  // namespace

std::vector<Row> join_runs(const std::vector<Row>& rows) {
  constexpr std::size_t least = 6;
  std::vector<Row> joined;
  for (std::size_t i = 0; i < rows.size();) {
    const std::string kind = kind_of(rows[i]);
    std::size_t end = i + 1;
    while (!kind.empty() && end < rows.size() && kind_of(rows[end]) == kind)
      ++end;
    if (end - i < least) {
      joined.insert(joined.end(), rows.begin() + static_cast<std::ptrdiff_t>(i),
                    rows.begin() + static_cast<std::ptrdiff_t>(end));
    } else {
      // The first and the last of them stay: they show what it is that is repeated.
      joined.push_back(rows[i]);
      joined.push_back(run_of(rows, i + 1, end - 1, kind));
      joined.push_back(rows[end - 1]);
    }
    i = end;
  }
  return joined;
}

std::string folded_text(const Row& row) {
  return row.text.empty() ? std::to_string(row.folded) + " more events, left out to keep this small"
                          : row.text;
}

std::vector<Row> fold(const std::vector<Row>& all, std::size_t limit) {
  const std::vector<Row> rows = join_runs(all);
  limit = std::max<std::size_t>(limit, 8);
  if (rows.size() <= limit)
    return rows;
  const std::size_t head = std::min<std::size_t>(3, limit / 4);
  const std::size_t tail = 2;
  const std::size_t middle = limit - head - tail - 2;  // two rows are folds
  const auto found = std::ranges::find(rows, true, &Row::diverges);
  const auto centre = found == rows.end()
                          ? rows.size()
                          : static_cast<std::size_t>(std::distance(rows.begin(), found));
  // Two thirds before the divergence: how it came to it matters more than what followed.
  const std::size_t wanted = centre > middle * 2 / 3 ? centre - middle * 2 / 3 : 0;
  const std::size_t last_start = rows.size() - tail - middle;
  const std::size_t begin = std::clamp(wanted, head, last_start);

  std::vector<Row> shown(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(head));
  if (begin > head)
    shown.push_back({.folded = events_in(rows, head, begin)});
  const auto from = rows.begin() + static_cast<std::ptrdiff_t>(begin);
  shown.insert(shown.end(), from, from + static_cast<std::ptrdiff_t>(middle));
  const std::size_t rest = last_start - begin;
  if (rest > 0)
    shown.push_back({.folded = events_in(rows, begin + middle, begin + middle + rest)});
  shown.insert(shown.end(), rows.end() - static_cast<std::ptrdiff_t>(tail), rows.end());
  return shown;
}

std::vector<LogRow> log_rows(const Timeline& timeline, const Finding* finding) {
  std::vector<LogRow> rows;
  const std::vector<LogOwner> owners = log_owners(timeline);
  const bool several = close_facts(timeline).size() > 1;
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    const Event& event = timeline.events[i];
    const auto* line = std::get_if<LogLine>(&event.payload);
    // What the probes and the log marks caused is not part of the exchange.
    if (line == nullptr || event.lane == "probe")
      continue;
    LogRow row{.event = &event, .text = one_line(line->text)};
    row.owner = log_owner_text(*line, owners[i], several);
    row.evidence = names(finding, event.seq);
    row.alarming = row.evidence || reads_like_an_error(line->text);
    if (!row.text.empty())
      rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<LogRow> log_excerpt(const std::vector<LogRow>& rows, std::size_t limit) {
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    order[i] = i;
  // Evidence, then what reads like an error, then the newest.
  std::ranges::stable_sort(order, [&rows](std::size_t a, std::size_t b) {
    if (rows[a].evidence != rows[b].evidence)
      return rows[a].evidence;
    if (rows[a].alarming != rows[b].alarming)
      return rows[a].alarming;
    return rows[a].alarming ? a < b : a > b;
  });
  order.resize(std::min(order.size(), limit));
  std::ranges::sort(order);
  std::vector<LogRow> excerpt;
  for (const std::size_t i : order)
    excerpt.push_back(rows[i]);
  return excerpt;
}

std::string log_state(const Timeline& timeline) {
  bool lines = false;
  const LogMarked* mark = nullptr;
  for (const Event& event : timeline.events) {
    lines = lines || is<LogLine>(event);
    if (const auto* marked = std::get_if<LogMarked>(&event.payload))
      mark = marked;
  }
  if (mark != nullptr && (mark->seen || mark->complete))
    return mark->complete ? "the log was read to its end" : "the log was seen alive";
  if (mark != nullptr)
    return "the mark was not found in the log: what is missing here proves nothing";
  return lines ? "the log was not marked: what is missing here proves nothing"
               : "no log was observed";
}

namespace {

std::string close_words(const Event& event) {
  return observed_text(event);
}

void note_frame(CloseFacts& facts, const Event& event, const WsFrame& frame) {
  if (frame.opcode != 8)
    return;
  const bool sent = frame.direction == Direction::sent;
  std::string& side = sent ? facts.sent : facts.received;
  if (side.empty())
    side = close_words(event);
  else
    side += ", then " + close_words(event);
  if (facts.first.empty())
    facts.first = sent ? "replayer" : "target";
}

void note_end(CloseFacts& facts, const Event& event, const Ended& ended) {
  const std::string words =
      observed_text(event) + (ended.direction == Direction::sent ? " by replayer" : " by target");
  facts.tcp += (facts.tcp.empty() ? "" : ", then ") + words;
  if (facts.ended_at < 0)
    facts.ended_at = static_cast<double>(event.at_ns) / 1e9;
  if (ended.direction == Direction::received && ended.kind == EndKind::fin)
    facts.clean = !facts.sent.empty() && !facts.received.empty();
}

/// Lanes of calls, on which nothing of a connection was seen: they have an end of their own.
std::set<std::string> call_lanes(const Timeline& timeline) {
  std::set<std::string> lanes;
  std::set<std::string> connections;
  for (const Event& event : timeline.events) {
    if (is<AsgiCalled>(event))
      lanes.insert(event.lane);
    if (is<Connected>(event) || is<ConnectFailed>(event) || is<HttpMessage>(event) ||
        is<WsFrame>(event) || is<RawBytes>(event) || is<Ended>(event))
      connections.insert(event.lane);
  }
  std::erase_if(lanes, [&](const std::string& lane) { return connections.contains(lane); });
  return lanes;
}

}  // namespace

std::vector<CloseFacts> close_facts(const Timeline& timeline) {
  std::vector<CloseFacts> all;
  const std::set<std::string> only_called = call_lanes(timeline);
  for (const Event& event : timeline.events) {
    if (event.lane.empty() || event.lane == "probe" || is_step_mark(event) ||
        only_called.contains(event.lane))
      continue;
    const std::string lane = safe_text(event.lane, 40).str();
    auto found = std::ranges::find(all, lane, &CloseFacts::lane);
    if (found == all.end()) {
      all.push_back({.lane = lane});
      found = std::prev(all.end());
    }
    if (const auto* frame = std::get_if<WsFrame>(&event.payload))
      note_frame(*found, event, *frame);
    else if (const auto* ended = std::get_if<Ended>(&event.payload))
      note_end(*found, event, *ended);
    else if (is<ConnectFailed>(event))
      found->tcp = observed_text(event);
    else if (is<DeadlineHit>(event))
      found->waits += (found->waits.empty() ? "" : "; ") + observed_text(event);
  }
  for (CloseFacts& facts : all) {
    for (std::string* side : {&facts.sent, &facts.received}) {
      if (side->empty())
        *side = "none";
    }
    if (facts.first.empty())
      facts.first = "nobody";
    if (facts.tcp.empty())
      facts.tcp = "still open";
    if (facts.waits.empty())
      facts.waits = "none";
  }
  return all;
}

}  // namespace relapse::view
