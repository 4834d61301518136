#include "report/har.hpp"

#include <cmath>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/ws_message.hpp"
#include "report/format_parts.hpp"

namespace relapse {

namespace {

/// Seconds with six decimals, which a double holds until the year 2242.
double seconds_of(std::int64_t ns) {
  return std::round(static_cast<double>(ns / 1000)) / 1e6;
}

double milliseconds_of(std::int64_t ns) {
  return std::round(static_cast<double>(ns / 1000)) / 1e3;
}

/// Octets where only text may stand: exact when they are UTF-8.
std::string text_of(const Bytes& octets) {
  return is_valid_utf8(octets) ? octets : safe_text(octets, octets.size()).str();
}

std::string header_value(const HttpMessage& message, std::string_view name) {
  for (const Header& header : message.headers) {
    if (iequals(header.name, name))
      return header.value;
  }
  return {};
}

Json headers_json(const HttpMessage& message) {
  std::vector<Json> list;
  for (const Header& header : message.headers)
    list.push_back({{"name", text_of(header.name)}, {"value", text_of(header.value)}});
  return list;
}

/// "%41" and "+" decoded; as it is when that gives no UTF-8.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2))
                                                             : std::optional<Bytes>{};
    if (octet && octet->size() == 1) {
      out += *octet;
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return is_valid_utf8(out) ? out : text_of(Bytes(text));
}

Json query_json(const std::string& target) {
  std::vector<Json> list;
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos)
    return list;
  const std::string query = target.substr(mark + 1, target.find('#') - mark - 1);
  for (const std::string& part : split(query, '&')) {
    const std::size_t equals = part.find('=');
    if (!part.empty())
      list.push_back({{"name", decoded(std::string_view(part).substr(0, equals))},
                      {"value", equals == std::string::npos
                                    ? std::string{}
                                    : decoded(std::string_view(part).substr(equals + 1))}});
  }
  return list;
}

void put_octets(Json& content, const Bytes& octets, const char* encoding_key) {
  if (is_valid_utf8(octets)) {
    content["text"] = octets;
  } else {
    content["text"] = to_base64(octets);
    content[encoding_key] = "base64";
  }
}

void say_cut(Json& json, std::uint64_t kept, std::uint64_t size) {
  if (kept < size)
    json["comment"] =
        "cut: " + std::to_string(kept) + " of " + std::to_string(size) + " octets were kept";
}

std::int64_t size_or_unknown(std::uint64_t size) {
  return size == 0 ? -1 : static_cast<std::int64_t>(size);
}

Json request_json(const HttpMessage& message, const std::string& origin) {
  Json json{{"method", text_of(message.method)},
            {"url", origin + text_of(message.target)},
            {"httpVersion", "HTTP/" + text_of(message.version)},
            {"cookies", Json::array()},
            {"headers", headers_json(message)},
            {"queryString", query_json(message.target)},
            {"headersSize", size_or_unknown(message.head.size())},
            {"bodySize", message.body_size}};
  if (message.body.empty())
    return json;
  const std::string type = header_value(message, "content-type");
  Json post{{"mimeType", type.empty() ? "application/octet-stream" : text_of(type)},
            {"params", Json::array()}};
  put_octets(post, message.body, "_encoding");
  say_cut(post, message.body.size(), message.body_size);
  json["postData"] = std::move(post);
  return json;
}

Json response_json(const HttpMessage& message) {
  const std::string type = header_value(message, "content-type");
  Json content{{"size", message.body_size},
               {"mimeType", type.empty() ? "x-unknown" : text_of(type)}};
  if (!message.body.empty())
    put_octets(content, message.body, "encoding");
  say_cut(content, message.body.size(), message.body_size);
  return {{"status", message.status},
          {"statusText", text_of(message.reason)},
          {"httpVersion", "HTTP/" + text_of(message.version)},
          {"cookies", Json::array()},
          {"headers", headers_json(message)},
          {"content", std::move(content)},
          {"redirectURL", text_of(header_value(message, "location"))},
          {"headersSize", size_or_unknown(message.head.size())},
          {"bodySize", message.body_size}};
}

Json no_response(const std::string& why) {
  return {{"status", 0},
          {"statusText", ""},
          {"httpVersion", ""},
          {"cookies", Json::array()},
          {"headers", Json::array()},
          {"content", {{"size", 0}, {"mimeType", "x-unknown"}}},
          {"redirectURL", ""},
          {"headersSize", -1},
          {"bodySize", -1},
          {"_error", why}};
}

struct Entry {
  Json request{};
  Json response{};
  std::int64_t began = 0;  ///< since the timeline's start
  std::int64_t answered = -1;
  std::int64_t ended = -1;
  bool websocket = false;
  std::vector<Json> messages{};
  std::vector<Json> control{};
  std::string error = "no answer was seen";
};

/// One connection of a timeline.
struct Lane {
  std::string address = "unknown";
  bool tls = false;
  std::deque<std::size_t> unanswered{};
  std::optional<std::size_t> socket{};  ///< the entry whose upgrade was answered with 101
  std::vector<std::size_t> all{};
};

class PageWriter {
 public:
  explicit PageWriter(const Timeline& timeline)
      : epoch_(formats::epoch_ns(timeline.started).value_or(0)) {
    for (const Event& event : timeline.events) {
      if (event.lane == "probe")
        continue;
      at_ = event.at_ns;
      lane_ = event.lane;
      std::visit([this](const auto& payload) { add(payload); }, event.payload);
    }
  }

  std::vector<Json> entries(const std::string& page) const {
    std::vector<Json> list;
    for (const Entry& entry : entries_)
      list.push_back(entry_json(entry, page));
    return list;
  }
  std::int64_t epoch() const { return epoch_; }
  int left_out() const { return left_out_; }

 private:
  Json entry_json(const Entry& entry, const std::string& page) const {
    const std::int64_t answered = std::max(entry.answered, entry.began);
    const double wait = milliseconds_of(answered - entry.began);
    const double receive = milliseconds_of(std::max<std::int64_t>(entry.ended - answered, 0));
    Json json{{"pageref", page},
              {"startedDateTime", formats::utc_micros(epoch_ + entry.began)},
              {"time", std::round((wait + receive) * 1e3) / 1e3},
              {"request", entry.request},
              {"response", entry.answered < 0 ? no_response(entry.error) : entry.response},
              {"cache", Json::object()},
              {"timings",
               {{"blocked", -1},
                {"dns", -1},
                {"connect", -1},
                {"send", 0},
                {"wait", wait},
                {"receive", receive},
                {"ssl", -1}}}};
    if (entry.websocket) {
      json["_resourceType"] = "websocket";
      json["_webSocketMessages"] = entry.messages;
      if (!entry.control.empty())
        json["_webSocketControl"] = entry.control;
    }
    return json;
  }

  void add(const Connected& connected) {
    Lane& lane = lanes_[lane_];
    const bool six = connected.host.find(':') != std::string::npos;
    lane = Lane{.address = (six ? "[" + connected.host + "]" : text_of(connected.host)) + ":" +
                           std::to_string(connected.port),
                .tls = !connected.tls.empty()};
  }

  void add(const HttpMessage& message) {
    Lane& lane = lanes_[lane_];
    if (message.direction == Direction::sent) {
      const std::string scheme =
          message.upgrade ? (lane.tls ? "wss://" : "ws://") : (lane.tls ? "https://" : "http://");
      lane.unanswered.push_back(entries_.size());
      lane.all.push_back(entries_.size());
      entries_.push_back({.request = request_json(message, scheme + lane.address),
                          .began = at_,
                          .ended = at_,
                          .websocket = message.upgrade});
      return;
    }
    const bool interim = message.status >= 100 && message.status < 200 && message.status != 101;
    if (interim || lane.unanswered.empty()) {
      ++left_out_;
      return;
    }
    Entry& entry = entries_[lane.unanswered.front()];
    entry.response = response_json(message);
    entry.answered = entry.ended = at_;
    if (message.status == 101)
      lane.socket = lane.unanswered.front();
    lane.unanswered.pop_front();
  }

  /// The entry that a frame belongs to: a client may send before its upgrade is answered.
  Entry* socket_of(Lane& lane) {
    if (lane.socket)
      return &entries_[*lane.socket];
    for (const std::size_t index : lane.unanswered) {
      if (entries_[index].websocket)
        return &entries_[index];
    }
    return nullptr;
  }

  void add(const WsFrame& frame) {
    Entry* entry = socket_of(lanes_[lane_]);
    const bool control = frame.opcode >= 8 && frame.opcode <= 10;
    const auto message = whole_message(frame);
    if (entry == nullptr || (!control && !message)) {
      ++left_out_;
      return;
    }
    entry->ended = at_;
    Json item{{"type", frame.direction == Direction::sent ? "send" : "receive"},
              {"time", seconds_of(epoch_ + at_)},
              {"opcode", control ? frame.opcode : message->opcode}};
    if (control) {
      item["data"] = to_base64(frame.payload);
      entry->control.push_back(std::move(item));
      return;
    }
    if (message->opcode == 1) {
      item["data"] = text_of(*message->octets);
      if (!is_valid_utf8(*message->octets))
        item["_data_base64"] = to_base64(*message->octets);
    } else {
      item["data"] = to_base64(*message->octets);
    }
    if (message->cut())
      item["_size"] = message->size;
    entry->messages.push_back(std::move(item));
  }

  void add(const Ended& ended) {
    std::string how =
        ended.kind == EndKind::rst ? "the connection was reset" : "the connection ended";
    close_entries(how +
                  (ended.direction == Direction::sent ? " by the replayer" : " by the target"));
  }
  void add(const DeadlineHit&) { close_entries("no answer in time"); }
  void add(const RawBytes&) { ++left_out_; }
  void add(const Overflowed& overflowed) { left_out_ += static_cast<int>(overflowed.events); }
  template <class Other>
  void add(const Other&) {}

  void close_entries(const std::string& why) {
    Lane& lane = lanes_[lane_];
    for (const std::size_t index : lane.unanswered)
      entries_[index].error = why;
    for (const std::size_t index : lane.all) {
      if (entries_[index].websocket || entries_[index].answered < 0)
        entries_[index].ended = std::max(entries_[index].ended, at_);
    }
  }

  std::int64_t epoch_;
  std::int64_t at_ = 0;
  std::string lane_;
  std::map<std::string, Lane> lanes_;
  std::vector<Entry> entries_;
  int left_out_ = 0;
};

}  // namespace

std::string har_json(const std::vector<HarPage>& pages, const std::string& harness_version) {
  std::vector<Json> list, entries;
  int left_out = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::string id = "page_" + std::to_string(i + 1);
    const PageWriter page(*pages[i].timeline);
    list.push_back({{"startedDateTime", formats::utc_micros(page.epoch())},
                    {"id", id},
                    {"title", text_of(pages[i].title)},
                    {"pageTimings", {{"onContentLoad", -1}, {"onLoad", -1}}}});
    for (Json& entry : page.entries(id))
      entries.push_back(std::move(entry));
    left_out += page.left_out();
  }
  Json log{{"version", "1.2"},
           {"creator",
            {{"name", "relapse"},
             {"version", harness_version.empty() ? "unknown" : text_of(harness_version)}}},
           {"pages", std::move(list)},
           {"entries", std::move(entries)}};
  if (left_out > 0)
    log["comment"] = "An archive has no place for " + std::to_string(left_out) +
                     " of the frames, octets and messages of this exchange; the timeline has them.";
  return Json{{"log", std::move(log)}}.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace relapse
