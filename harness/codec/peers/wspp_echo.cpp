// A WebSocket echo server on websocketpp, the second implementation that our codec is tested
// against. It is a program of its own because websocketpp 0.8.2 does not compile as C++20.
// Prints its port on one line; ends when its standard input ends, so that it outlives no test.
//
// Text and binary messages come back as they are, but for these texts:
//   "ping me"         sends a ping "from websocketpp"
//   "close me"        starts the closing handshake with 4002 "as you wish"
//   "what of pongs"   answers with the payloads of the pongs it has got

#include <unistd.h>

#include <iostream>
#include <string>
#include <thread>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

namespace {

using Server = websocketpp::server<websocketpp::config::asio>;
using Handle = websocketpp::connection_hdl;

struct Echo {
  Server server;
  std::string pongs;

  void answer(Handle connection, const Server::message_ptr& message) {
    const std::string& text = message->get_payload();
    websocketpp::lib::error_code failed;
    if (text == "ping me") {
      server.ping(connection, "from websocketpp", failed);
    } else if (text == "close me") {
      server.close(connection, 4002, "as you wish", failed);
    } else if (text == "what of pongs") {
      server.send(connection, pongs, websocketpp::frame::opcode::text, failed);
    } else {
      server.send(connection, text, message->get_opcode(), failed);
    }
    if (failed) {
      std::cerr << "wspp_echo: " << failed.message() << '\n';
    }
  }
};

/// Returns when whoever started this program is gone.
void wait_for_end_of_input() {
  char unused = 0;
  while (::read(STDIN_FILENO, &unused, 1) > 0) {
  }
}

}  // namespace

int main() {
  Echo echo;
  Server& server = echo.server;
  server.clear_access_channels(websocketpp::log::alevel::all);
  server.clear_error_channels(websocketpp::log::elevel::all);
  server.init_asio();
  server.set_message_handler([&echo](Handle connection, const Server::message_ptr& message) {
    echo.answer(connection, message);
  });
  server.set_pong_handler([&echo](Handle, const std::string& payload) { echo.pongs += payload; });
  websocketpp::lib::asio::error_code failed;
  server.listen(websocketpp::lib::asio::ip::tcp::endpoint(
                    websocketpp::lib::asio::ip::address_v4::loopback(), 0),
                failed);
  const auto endpoint = server.get_local_endpoint(failed);
  if (failed) {
    std::cerr << "wspp_echo: " << failed.message() << '\n';
    return 1;
  }
  server.start_accept();
  std::cout << endpoint.port() << std::endl;
  std::thread watcher([&server] {
    wait_for_end_of_input();
    server.stop();
  });
  server.run();
  watcher.join();
  return 0;
}
