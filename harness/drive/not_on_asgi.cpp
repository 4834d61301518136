#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "codec/ws_frame.hpp"
#include "drive/asgi_answer.hpp"
#include "drive/asgi_request.hpp"
#include "drive/asgi_server.hpp"
#include "model/ws_message.hpp"

// Which scenarios of the wire mean the same where the harness is the server.

namespace relapse {
namespace {

using Why = std::optional<std::string>;

/// uvicorn and hypercorn refuse a larger one.
constexpr std::size_t largest_message = std::size_t{16} << 20;
constexpr std::size_t close_reason_octets = 123;
constexpr const char* by_server = ", which a server answers itself";

const RequestDefaults& some_defaults() {
  static const RequestDefaults defaults{"localhost", {}, "", ""};
  return defaults;
}

Why refused(const HttpMessage& request) {
  const auto why = refused_by_server(request);
  return why ? Why("it sends " + *why + by_server) : std::nullopt;
}

/// Walks the steps of a scenario and knows what each of its connections has become.
class Walk {
 public:
  Why step(const Step& step) {
    lane_ = step.lane;
    return std::visit(*this, step.action);
  }

  Why operator()(const Send& send) {
    if (send.compress) {
      return "it sends a compressed message, which a server inflates itself";
    }
    return std::visit(*this, send.what);
  }
  Why operator()(const Expect& expect) const { return selected("it expects ", expect.selector); }
  Why operator()(const End& end) const {
    return end.kind == EndKind::half_close
               ? Why("it closes only its sending side, of which an application is not told")
               : std::nullopt;
  }
  Why operator()(const Start& start) const {
    return start.args.empty() ? std::nullopt
                              : Why("it starts the target with arguments, and an application that "
                                    "is imported has none");
  }
  Why operator()(const Signal&) const { return "it sends a signal to the target's process"; }
  Why operator()(const Stop&) const { return "it stops the target's process"; }

  Why operator()(const SendUpgrade& send) {
    if (auto why = another("an upgrade")) {
      return why;
    }
    lanes_[lane_] = Lane::websocket;
    if (send.deflate) {
      return "it offers permessage-deflate, which a server negotiates itself";
    }
    if (!send.answers) {
      return "its client leaves Close frames without an answer, and a server waits for that itself";
    }
    const HttpMessage message =
        build_request(send.request, &send, send.key.value_or(ws::random_key()), some_defaults());
    const bool extends = std::ranges::any_of(message.headers, [](const Header& header) {
      return iequals(header.name, "Sec-WebSocket-Extensions");
    });
    return extends ? Why("it offers an extension, which a server negotiates itself")
                   : refused(message);
  }
  Why operator()(const SendRequest& send) {
    if (auto why = another("a request")) {
      return why;
    }
    lanes_[lane_] = Lane::http;
    const HttpMessage message = build_request(send.request, nullptr, "", some_defaults());
    const bool upgrades = std::ranges::any_of(message.headers, [](const Header& header) {
      return iequals(header.name, "Upgrade") && lists(header.value, "websocket");
    });
    return upgrades ? Why("it sends an upgrade as a plain request") : refused(message);
  }
  Why operator()(const SendText& send) const { return message(send.text, true); }
  Why operator()(const SendJson& send) const { return message(send.json.dump(), true); }
  Why operator()(const SendBinary& send) const { return message(send.payload.data, false); }
  Why operator()(const SendClose& send) const {
    if (auto why = message(send.reason, true)) {
      return why;
    }
    if ((send.code && !is_wire_close_code(*send.code)) ||
        send.reason.size() > close_reason_octets || (!send.code && !send.reason.empty())) {
      return std::string("it sends an illegal Close frame") + by_server;
    }
    return std::nullopt;
  }
  Why operator()(const SendPing&) const { return std::string("it sends a ping") + by_server; }
  Why operator()(const SendPong&) const {
    return "it sends a pong, of which an application is not told";
  }
  Why operator()(const SendFrame&) const {
    return "it sends a single frame, which a server makes messages of itself";
  }
  Why operator()(const SendBytes&) const { return "it sends raw octets, which a server parses"; }

  /// Steps that have the same meaning on both planes, and those of the ASGI plane alone.
  template <typename Other>
  Why operator()(const Other&) const {
    return std::nullopt;
  }

  static Why selected(const std::string& what, const Selector& selector) {
    switch (selector.kind) {
      case SelectorKind::frame:
        return what + "a single frame, and frames are the server's own";
      case SelectorKind::ping:
        return what + "a ping, which is the server's own";
      case SelectorKind::pong:
        return what + "a pong, which is the server's own";
      case SelectorKind::bytes:
        return what + "octets that are neither HTTP nor a frame, and octets are the server's own";
      case SelectorKind::exit:
        return what + "the end of the target's process";
      default:
        return std::nullopt;
    }
  }

 private:
  enum class Lane { unused, http, websocket };

  Lane lane() const {
    const auto found = lanes_.find(lane_);
    return found == lanes_.end() ? Lane::unused : found->second;
  }
  Why another(const std::string& what) const {
    return lane() == Lane::websocket
               ? Why("it sends " + what + " behind an upgrade, on the same connection")
               : std::nullopt;
  }
  Why message(const std::string& octets, bool text) const {
    if (lane() != Lane::websocket) {
      return "it sends a frame without an upgrade before it, which a server refuses itself";
    }
    if (octets.size() > largest_message) {
      return "it sends a message of more than 16 MiB, which a server refuses itself";
    }
    if (text && !is_valid_utf8(octets)) {
      return "it sends a text that is not UTF-8, which a server refuses itself";
    }
    return std::nullopt;
  }

  std::map<std::string, Lane> lanes_;
  std::string lane_;
};

}  // namespace

std::optional<std::string> not_on_asgi(const Scenario& scenario) {
  Walk walk;
  for (const Step& step : scenario.steps) {
    if (auto why = walk.step(step)) {
      return why;
    }
  }
  for (const Claim& claim : scenario.claims) {
    if (auto why = Walk::selected("its claim \"" + claim.name + "\" is about ", claim.selector)) {
      return why;
    }
  }
  return std::nullopt;
}

}  // namespace relapse
