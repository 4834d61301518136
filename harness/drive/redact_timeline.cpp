#include <deque>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "codec/deflate.hpp"
#include "codec/ws_frame.hpp"
#include "drive/redact_json.hpp"
#include "drive/redact_stream.hpp"
#include "drive/secrets.hpp"
#include "process/line_splitter.hpp"

namespace relapse {
namespace {

constexpr int rsv1 = 4;
constexpr std::size_t most_inflated = std::size_t{1} << 20;

/// Whether the octets are masked frames in which something is to be hidden: the key that undoes the
/// mask stands beside it.
bool masks_something(const std::string& octets, const Secrets& secrets) {
  constexpr std::size_t shortest = 6;
  if (octets.size() < shortest || (static_cast<unsigned char>(octets[1]) & 0x80U) == 0) {
    return false;
  }
  ws::Decoder decoder(octets.size());
  decoder.feed(octets);
  while (const auto frame = decoder.next()) {
    if (frame->mask_key && !secrets.find(frame->payload).empty()) {
      return true;
    }
  }
  const Bytes& rest = decoder.pending();
  if (rest.size() < shortest || (static_cast<unsigned char>(rest[1]) & 0x80U) == 0) {
    return false;
  }
  const unsigned announced = static_cast<unsigned char>(rest[1]) & 0x7FU;
  const std::size_t key_at = announced < 126 ? 2 : announced == 126 ? 4 : 10;
  if (rest.size() <= key_at + 4) {
    return false;
  }
  std::uint32_t key = 0;
  for (std::size_t i = key_at; i < key_at + 4; ++i) {
    key = (key << 8) | static_cast<unsigned char>(rest[i]);
  }
  Bytes part = rest.substr(key_at + 4);
  ws::apply_mask(part, key);
  return !secrets.find(part).empty() || secrets.known().cut_off(part);
}

/// The frames of one message of a connection's direction.
struct Fragments {
  std::vector<WsFrame*> frames;
  std::size_t octets = 0;
};

/// Redacts one timeline: what stands alone at once, what belongs to a stream when all of it is
/// there.
class TimelineRedactor {
 public:
  TimelineRedactor(const Secrets& secrets, Timeline& timeline)
      : secrets_(secrets), timeline_(timeline) {}

  bool run() {
    for (Event& event : timeline_.events) {
      lane_ = &event.lane;
      std::visit([this](auto& payload) { take(payload); }, event.payload);
    }
    for (auto& [stream, pieces] : raw_runs_) {
      raw_ended_.push_back(std::move(pieces));
    }
    hide_masked();
    for (auto& [name, stream] : streams_) {
      any_ = stream.redact(secrets_, counts_) || any_;
    }
    finish_asgi();
    finish_messages();
    for (const auto& [rule, times] : counts_) {
      if (times > 0) {
        secrets_.vault().count(rule, times);
      }
    }
    return any_;
  }

 private:
  void hide(std::string& text, TextKind kind = TextKind::plain) {
    put(text, secrets_.find(text, kind), nullptr);
  }
  void put(std::string& text, const std::vector<Redaction>& found, std::uint64_t* size) {
    for (const Redaction& one : found) {
      ++counts_[one.rule];
    }
    apply_counted(text, size, found);
    any_ = any_ || !found.empty();
  }

  std::string stream_name(Direction direction, const char* part = "") const {
    return *lane_ + (direction == Direction::sent ? "\n>" : "\n<") + part;
  }

  void take(HttpMessage& p) {
    hide(p.target, TextKind::target);
    hide(p.reason);
    bool form = false;
    for (Header& header : p.headers) {
      put(header.value, secrets_.find_in_header(header.name, header.value), nullptr);
      form = form || (iequals(header.name, "content-type") &&
                      header.value.find("x-www-form-urlencoded") != std::string::npos);
    }
    RedactionStream& stream = streams_[stream_name(p.direction)];
    end_raw_run(stream);
    stream.begin_unit(TextKind::plain, false);  // its headers were counted above
    stream.add(p.head);
    if (!p.body.empty()) {
      stream.begin_unit(form ? TextKind::query : TextKind::plain);
      stream.add(p.body, &p.body_size);
    }
  }

  void take(WsFrame& p) {
    if (p.opcode >= ws::close) {
      RedactionStream& control = streams_[stream_name(p.direction, "control")];
      control.begin_unit();
      control.add(p.payload, &p.length);
      return;
    }
    const std::string name = stream_name(p.direction);
    RedactionStream& stream = streams_[name];
    end_raw_run(stream);
    Fragments& message = open_[name];
    const bool fresh = p.opcode != ws::continuation || message.frames.empty();
    if (fresh) {
      message = {};
    }
    message.frames.push_back(&p);
    message.octets += p.payload.size();
    const bool compressed = (message.frames.front()->rsv & rsv1) != 0;
    if (!compressed) {
      if (fresh) {
        stream.begin_unit();
      }
      stream.add(p.payload, &p.length);
    }
    if (!p.fin) {
      return;
    }
    if (compressed) {
      take_compressed(stream, message);
    } else if (p.message_opcode) {
      wholes_.push_back(std::move(message));
    }
    message = {};
  }

  void take_compressed(RedactionStream& stream, Fragments& message) {
    WsFrame& last = *message.frames.back();
    Bytes inflated;
    if (last.message.empty()) {
      Bytes octets;
      for (const WsFrame* frame : message.frames) {
        octets += frame->payload;
      }
      inflated = ws::Inflater(15, true).inflate(octets, most_inflated).message;
      stream.begin_unit();
      for (WsFrame* frame : message.frames) {
        stream.add(frame->payload, &frame->length);
      }
    } else {
      stream.begin_unit();
      stream.add(last.message, &last.inflated);
      inflated = last.message;
    }
    compressed_.push_back({std::move(message), std::move(inflated)});
  }

  void take(RawBytes& p) {
    hide(p.note);
    RedactionStream& stream = streams_[stream_name(p.direction)];
    auto& pieces = raw_runs_[&stream];
    if (pieces.empty()) {
      stream.begin_unit();
    }
    pieces.push_back(&p);
    stream.add(p.data, &p.size);
  }

  /// Raw octets until something else is seen on the connection.
  void end_raw_run(RedactionStream& stream) {
    const auto run = raw_runs_.find(&stream);
    if (run != raw_runs_.end()) {
      raw_ended_.push_back(std::move(run->second));
      raw_runs_.erase(run);
    }
  }

  void hide_masked() {
    for (const auto& run : raw_ended_) {
      std::string octets;
      for (const RawBytes* raw : run) {
        octets += raw->data;
      }
      if (!masks_something(octets, secrets_)) {
        continue;
      }
      for (RawBytes* raw : run) {
        raw->data = secrets_.vault().mark("masked frame", raw->data);
        raw->size = raw->data.size();
        ++counts_["masked frame"];
      }
      any_ = true;
    }
  }

  void take(LogLine& p) {
    hide(p.raw);
    RedactionStream& stream = streams_["\nlog " + p.source];
    // A line beyond the splitter's limit comes in pieces.
    std::size_t& before = log_sizes_[p.source];
    if (before == 0 || before % LineSplitter::default_limit != 0) {
      stream.begin_unit();
      if (before != 0) {
        stream.separate("\n");
      }
    }
    before = p.text.size();
    stream.add(p.text);
  }
  void take(ConnectFailed& p) { hide(p.reason); }
  void take(Ended& p) { hide(p.reason); }
  void take(Ready& p) { hide(p.detail); }
  void take(Probed& p) { hide(p.detail); }
  void take(Identified& p) { hide(p.value); }
  void take(HarnessFailed& p) { hide(p.message); }
  void take(ProcessStarted& p) {
    for (std::string& word : p.command) {
      hide(word);
    }
  }
  void take(AsgiCalled& p) { take_value(p.scope, nullptr); }
  void take(AsgiFed& p) { take_value(p.event, &streams_[stream_name(Direction::sent, "asgi")]); }
  void take(AsgiSent& p) {
    take_value(p.event, &streams_[stream_name(Direction::received, "asgi")]);
  }
  void take(AsgiSendFate& p) { hide(p.message); }
  void take(AsgiReturned& p) { hide(p.value); }
  void take(AsgiRaised& p) {
    hide_chain(p.chain);
    hide(p.traceback);
  }
  void take(AsgiTasks& p) {
    for (auto& [name, where] : p.list) {
      hide(name);
    }
  }
  void take(AsgiComplaint& p) {
    hide(p.text);
    hide_chain(p.chain);
    hide(p.traceback);
  }
  void hide_chain(std::vector<AsgiException>& chain) {
    for (AsgiException& one : chain) {
      hide(one.message);
    }
  }
  template <class NothingOfTheTarget>
  void take(NothingOfTheTarget&) {}

  /// Values are shared and so copied to be changed: only where that is needed.
  void take_value(Value& value, RedactionStream* stream) {
    const bool streamed = stream != nullptr && !secrets_.known().empty();
    if (!streamed && !holds_credentials(value.json(), secrets_)) {
      return;
    }
    values_.emplace_back(&value, value.json());
    if (streamed) {
      for (std::string* text : stream_texts(values_.back().second)) {
        stream->begin_unit();
        stream->add(*text);
      }
    }
  }

  void finish_asgi() {
    for (auto& [value, json] : values_) {
      any_ = redact_json(json, secrets_, counts_) || any_;
      *value = Value(std::move(json));
    }
  }

  void finish_messages() {
    for (Fragments& whole : wholes_) {
      rejoin(whole);
    }
    for (auto& [message, inflated] : compressed_) {
      const Bytes& shown = message.frames.back()->message;
      if (shown.empty() ? !secrets_.find(inflated).empty() : shown != inflated) {
        hide_octets(message);
      }
    }
  }

  /// The last frame of a message repeats what its fragments hold.
  void rejoin(const Fragments& whole) {
    WsFrame& last = *whole.frames.back();
    if (last.message.size() != whole.octets) {
      put(last.message, secrets_.find(last.message), &last.message_size);
      return;
    }
    Bytes joined;
    for (const WsFrame* frame : whole.frames) {
      joined += frame->payload;
    }
    if (last.message != joined) {
      const std::uint64_t before = last.message.size();
      last.message = std::move(joined);
      last.message_size = last.message_size - before + last.message.size();
    }
  }

  void hide_octets(const Fragments& message) {
    for (WsFrame* frame : message.frames) {
      if (end_of_mark(frame->payload, 0) != frame->payload.size() || frame->payload.empty()) {
        frame->payload = secrets_.vault().mark("compressed message", frame->payload);
        frame->length = frame->payload.size();
      }
    }
    ++counts_["compressed message"];
    any_ = true;
  }

  struct Compressed {
    Fragments message;
    Bytes inflated;  ///< before anything was hidden
  };

  const Secrets& secrets_;
  Timeline& timeline_;
  const std::string* lane_ = nullptr;
  bool any_ = false;
  RedactionCounts counts_;
  std::map<std::string, RedactionStream> streams_;  ///< addresses stay
  std::map<RedactionStream*, std::vector<RawBytes*>> raw_runs_;
  std::vector<std::vector<RawBytes*>> raw_ended_;
  std::map<std::string, Fragments> open_;
  std::map<std::string, std::size_t> log_sizes_;
  std::vector<Fragments> wholes_;
  std::vector<Compressed> compressed_;
  std::deque<std::pair<Value*, Json>> values_;
};

}  // namespace

bool Secrets::redact(Timeline& timeline) const {
  Variables variables = shown(timeline.variables);
  const bool named = variables != timeline.variables;
  timeline.variables = std::move(variables);
  const bool hidden = TimelineRedactor(*this, timeline).run();
  return named || hidden;
}

}  // namespace relapse
