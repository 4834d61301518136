#include "codec/deflate.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <charconv>

#include "base/text.hpp"

namespace relapse::ws {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::string_view extension = "permessage-deflate";
/// What the end of a flushed message looks like, and what RFC 7692 section 7.2.1 takes off it.
constexpr std::string_view flushed("\x00\x00\xff\xff", 4);

/// The elements of every header of this name: `a; b=1, c` are two.
std::vector<std::string> extensions(const std::vector<Header>& headers) {
  std::vector<std::string> list;
  for (const Header& header : headers) {
    if (iequals(header.name, "Sec-WebSocket-Extensions")) {
      for (const std::string& one : split(header.value, ',')) {
        list.emplace_back(trim(one));
      }
    }
  }
  return list;
}

bool is_deflate(const std::string& element) {
  return iequals(trim(split(element, ';').front()), extension);
}

/// 8 to 15, in quotes or not; nothing for anything else.
std::optional<int> window_bits(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  int bits = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
  const bool whole = error == std::errc{} && end == value.data() + value.size();
  return whole && value.front() != '0' && bits >= 8 && bits <= 15 ? std::optional(bits)
                                                                  : std::nullopt;
}

/// Puts one parameter of an answer in its place; says what is wrong with it (RFC 7692 section 7.1).
std::string accept_parameter(std::string_view name, std::optional<std::string_view> value,
                             DeflateParameters& accepted) {
  for (const bool server : {true, false}) {
    const std::string side = server ? "server" : "client";
    if (name == side + "_no_context_takeover") {
      (server ? accepted.server_no_context_takeover : accepted.client_no_context_takeover) = true;
      return value ? "takes no value" : "";
    }
    if (name == side + "_max_window_bits") {
      const auto bits = value ? window_bits(*value) : std::nullopt;
      (server ? accepted.server_max_window_bits : accepted.client_max_window_bits) =
          bits.value_or(15);
      return bits ? "" : "must be 8 to 15";
    }
  }
  return "is unknown";
}

DeflateAnswer read_answer(const std::string& element) {
  DeflateAnswer answer;
  DeflateParameters accepted;
  std::vector<std::string> seen;
  const std::vector<std::string> parts = split(element, ';');
  for (std::size_t i = 1; i < parts.size() && answer.fault.empty(); ++i) {
    const std::string_view part = trim(parts[i]);
    const std::size_t equals = part.find('=');
    const std::string name(trim(part.substr(0, equals)));
    const auto value = equals == std::string_view::npos
                           ? std::optional<std::string_view>()
                           : std::optional(trim(part.substr(equals + 1)));
    std::string wrong = accept_parameter(name, value, accepted);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      wrong = "stands twice";
    }
    seen.push_back(name);
    if (!wrong.empty()) {
      answer.fault = "the target's answer is not valid: the parameter " +
                     safe_text(name, 40).str() + " " + wrong;
    }
  }
  if (answer.fault.empty()) {
    answer.accepted = accepted;
  }
  return answer;
}

}  // namespace

std::string deflate_offer(const DeflateOffer& offer) {
  std::string text(extension);
  if (offer.server_no_context_takeover) {
    text += "; server_no_context_takeover";
  }
  if (offer.client_no_context_takeover) {
    text += "; client_no_context_takeover";
  }
  if (offer.server_max_window_bits) {
    text += "; server_max_window_bits=" + std::to_string(*offer.server_max_window_bits);
  }
  if (offer.client_max_window_bits) {
    text += "; client_max_window_bits";
    if (*offer.client_max_window_bits != 0) {
      text += "=" + std::to_string(*offer.client_max_window_bits);
    }
  }
  return text;
}

bool offers_deflate(const std::vector<Header>& headers) {
  const auto offered = extensions(headers);
  return std::any_of(offered.begin(), offered.end(), is_deflate);
}

DeflateAnswer deflate_answer(const std::vector<Header>& request,
                             const std::vector<Header>& response) {
  std::vector<std::string> answered = extensions(response);
  std::erase_if(answered, [](const std::string& one) { return !is_deflate(one); });
  if (!offers_deflate(request)) {
    return {{}, "permessage-deflate was not offered"};
  }
  if (answered.empty()) {
    return {{}, "the target did not accept permessage-deflate"};
  }
  if (answered.size() > 1) {
    return {{}, "the target's answer is not valid: it accepts permessage-deflate twice"};
  }
  return read_answer(answered.front());
}

struct Deflater::State {
  zlib::deflate_stream stream;
  bool context_takeover = true;
};

Deflater::Deflater(int window_bits, bool context_takeover) : state_(std::make_unique<State>()) {
  constexpr int level = 6;
  constexpr int memory = 8;
  // For 8 bits zlib takes a window of 512 octets, but looks back at most 250 of them.
  state_->stream.reset(level, window_bits, memory, zlib::Strategy::normal);
  state_->context_takeover = context_takeover;
}

Deflater::~Deflater() = default;
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;

Bytes Deflater::compress(std::string_view message) {
  if (message.empty()) {
    return Bytes(1, '\0');  // RFC 7692 section 7.2.3.6; zlib flushes nothing twice
  }
  if (!state_->context_takeover) {
    state_->stream.reset();
  }
  Bytes out;
  std::array<char, 16'384> buffer;
  zlib::z_params params;
  params.next_in = message.data();
  params.avail_in = message.size();
  do {
    params.next_out = buffer.data();
    params.avail_out = buffer.size();
    boost::beast::error_code error;
    state_->stream.write(params, zlib::Flush::sync, error);
    out.append(buffer.data(), buffer.size() - params.avail_out);
    if (error) {
      break;  // need_buffers: nothing is left to flush
    }
  } while (params.avail_in > 0 || params.avail_out == 0);
  if (out.ends_with(flushed)) {
    out.resize(out.size() - flushed.size());
  }
  return out;
}

struct Inflater::State {
  zlib::inflate_stream stream;
  int window_bits = 15;
  bool context_takeover = true;
  std::uint64_t budget = 0;
  std::string broken;  ///< why no further message can be read
  /// As long as the window: zlib checks distances against what earlier calls gave, so that a
  /// distance of more than twice the window is always found.
  std::vector<char> buffer{};

  void reset() { stream.reset(window_bits); }
  bool pump(zlib::z_params& params, std::size_t keep, Inflated& out);
};

/// One step: true when there may be more. A block that says it is the last is followed by a stream
/// of its own (RFC 7692 section 7.2.3.4), whose window starts empty.
bool Inflater::State::pump(zlib::z_params& params, std::size_t keep, Inflated& out) {
  params.next_out = buffer.data();
  params.avail_out = buffer.size();
  boost::beast::error_code error;
  stream.write(params, zlib::Flush::block, error);
  const std::size_t made = buffer.size() - params.avail_out;
  out.message.append(buffer.data(), std::min(made, keep - out.message.size()));
  out.size += made;
  budget -= std::min<std::uint64_t>(made, budget);
  if (error == zlib::error::end_of_stream) {
    reset();
    return params.avail_in > flushed.size();
  }
  if (error && error != zlib::error::need_buffers) {
    out.fault = "not a deflate stream: " + error.message();
    return false;
  }
  if (budget == 0) {
    out.fault = "not inflated any further: a connection's messages are counted up to a bound";
    out.stopped = true;
    return false;
  }
  if (params.avail_in > 0 || params.avail_out == 0) {
    return !error || made > 0;
  }
  constexpr int at_boundary = 128;  // zlib.h, inflate(): bits of data_type; the low ones are unused
  if (params.data_type != at_boundary) {
    out.fault = "not a deflate stream: it ends within a block";
  }
  return false;
}

Inflater::Inflater(int window_bits, bool context_takeover, std::uint64_t budget)
    : state_(std::make_unique<State>()) {
  state_->window_bits = window_bits;
  state_->context_takeover = context_takeover;
  state_->budget = budget;
  state_->buffer.resize(std::size_t{1} << window_bits);
  state_->reset();
}

Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Inflated Inflater::inflate(std::string_view payload, std::size_t keep) {
  Inflated out;
  if (!state_->broken.empty()) {
    out.fault = state_->broken;
    out.stopped = state_->budget == 0;
    return out;
  }
  if (!state_->context_takeover) {
    state_->reset();
  }
  Bytes octets(payload);
  octets += flushed;
  zlib::z_params params;
  params.next_in = octets.data();
  params.avail_in = octets.size();
  while (state_->pump(params, keep, out)) {
  }
  if (!out.fault.empty() && (state_->context_takeover || out.stopped)) {
    state_->broken =
        out.stopped ? out.fault : "an earlier message has broken the stream: " + out.fault;
  }
  return out;
}

}  // namespace relapse::ws
