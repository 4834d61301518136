#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "model/scenario.hpp"

/// permessage-deflate (RFC 7692): what is offered and accepted, and the compression of messages,
/// on Beast's zlib. No sockets; a stream that lies becomes a value, never an exception.
namespace relapse::ws {

/// What both sides agreed on.
struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;
  bool operator==(const DeflateParameters&) const = default;
};

/// The value of Sec-WebSocket-Extensions that makes this offer.
std::string deflate_offer(const DeflateOffer& offer);
/// Whether a request's headers offer permessage-deflate.
bool offers_deflate(const std::vector<Header>& headers);

/// What the headers of a 101 say about permessage-deflate.
struct DeflateAnswer {
  std::optional<DeflateParameters> accepted{};
  std::string fault{};  ///< why there is no agreement; also "the target did not accept ..."
};
DeflateAnswer deflate_answer(const std::vector<Header>& request,
                             const std::vector<Header>& response);

/// Compresses messages of one direction.
class Deflater {
 public:
  Deflater(int window_bits, bool context_takeover);
  ~Deflater();
  Deflater(Deflater&&) noexcept;
  Deflater& operator=(Deflater&&) noexcept;
  /// The payload of a compressed message (RFC 7692 section 7.2.1).
  Bytes compress(std::string_view message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What became of one compressed message.
struct Inflated {
  Bytes message{};         ///< capped
  std::uint64_t size = 0;  ///< octets that came out, as far as counted
  std::string fault{};     ///< why that is not the whole message
  bool stopped = false;    ///< the fault is our own bound and not the stream's
};

/// Inflates messages of one direction. Bounded: it counts at most `budget` octets in its life, so
/// that neither one bomb nor many cost more time than that.
class Inflater {
 public:
  Inflater(int window_bits, bool context_takeover, std::uint64_t budget = std::uint64_t{256} << 20);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;
  /// `payload` is a whole compressed message; of what comes out `keep` octets are kept.
  Inflated inflate(std::string_view payload, std::size_t keep);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relapse::ws
