#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "drive/recorder.hpp"

/// For tests: a peer on loopback that serves one connection by a list of acts.
namespace relapse::testing {

struct Act {
  enum class Kind {
    read_head,    ///< until an empty line
    read_octets,  ///< exactly `count`
    write,        ///< `octets`
    write_101,    ///< a switching answer that fits the request read before
    fin,
    rst,
    stall,  ///< three seconds without reading
    hold,   ///< nothing, until the client ends
  };
  Kind kind{};
  std::string octets{};
  std::size_t count = 0;
};

class ScriptedPeer {
 public:
  ScriptedPeer(asio::any_io_executor executor, std::vector<Act> acts);
  int port() const;
  /// Everything it has read after the request head.
  const std::string& received() const { return state_->received; }
  const std::string& head() const { return state_->head; }
  bool saw_reset() const { return state_->saw_reset; }
  bool saw_end() const { return state_->saw_end; }

 private:
  struct State {
    explicit State(asio::any_io_executor executor)
        : acceptor(executor, {asio::ip::address_v4::loopback(), 0}) {}
    asio::ip::tcp::acceptor acceptor;
    std::vector<Act> acts;
    std::string head;
    std::string received;
    bool saw_reset = false;
    bool saw_end = false;
  };
  static asio::awaitable<void> serve(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace relapse::testing
