#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/asgi_server.hpp"

using namespace relapse;

namespace {

Step step(Action action, std::string lane = "main") {
  Step made;
  made.lane = std::move(lane);
  made.action = std::move(action);
  return made;
}

Expect expects(SelectorKind kind) {
  Expect made;
  made.selector.kind = kind;
  return made;
}

/// After an upgrade.
std::string why_not(Action action) {
  Scenario scenario;
  scenario.steps = {step(Send{SendUpgrade{}}), step(std::move(action))};
  return not_on_asgi(scenario).value_or("");
}

std::string why_not_alone(Action action) {
  Scenario scenario;
  scenario.steps = {step(std::move(action))};
  return not_on_asgi(scenario).value_or("");
}

}  // namespace

TEST_CASE("not on asgi: what both planes know", "[drive]") {
  Send split{SendText{"hi"}};
  split.split.every_byte = true;
  for (const Action& action :
       std::vector<Action>{split, Send{SendJson{}}, Send{SendBinary{}}, Send{SendClose{}},
                           Send{SendClose{4000, "bye"}}, End{EndKind::fin}, End{EndKind::rst},
                           Pause{}, expects(SelectorKind::close), expects(SelectorKind::upgrade),
                           expects(SelectorKind::log), expects(SelectorKind::end),
                           expects(SelectorKind::silence), expects(SelectorKind::sent)}) {
    CHECK(why_not(action) == "");
  }
  CHECK(why_not_alone(Send{SendRequest{}}) == "");
  CHECK(why_not_alone(Call{}) == "");
  Start changed;
  changed.env = {{"KEY", std::nullopt}};
  changed.files = {{"config.json", "{}"}};
  changed.ready = ReadyWait::either;
  CHECK(why_not_alone(changed) == "");
}

TEST_CASE("not on asgi: what only the wire knows, and why", "[drive]") {
  CHECK(why_not(Send{SendPing{}}) == "it sends a ping, which a server answers itself");
  CHECK(why_not(Send{SendPong{}}) == "it sends a pong, of which an application is not told");
  CHECK(why_not(Send{SendFrame{}}) ==
        "it sends a single frame, which a server makes messages of itself");
  CHECK(why_not(Send{SendBytes{}}) == "it sends raw octets, which a server parses");
  Send compressed{SendText{"hi"}};
  compressed.compress = true;
  CHECK(why_not(compressed) == "it sends a compressed message, which a server inflates itself");
  CHECK(why_not(Send{SendClose{1005, ""}}) ==
        "it sends an illegal Close frame, which a server answers itself");
  CHECK(why_not(Send{SendClose{1000, std::string(124, 'r')}}) ==
        "it sends an illegal Close frame, which a server answers itself");
  CHECK(why_not(Send{SendText{"\xff"}}) ==
        "it sends a text that is not UTF-8, which a server refuses itself");
  CHECK(why_not(Send{SendBinary{{Bytes((std::size_t{16} << 20) + 1, 'a')}}}) ==
        "it sends a message of more than 16 MiB, which a server refuses itself");
  CHECK(why_not(Send{SendRequest{}}) ==
        "it sends a request behind an upgrade, on the same connection");
  CHECK(why_not(End{EndKind::half_close}) ==
        "it closes only its sending side, of which an application is not told");
  Start with_arguments;
  with_arguments.args = {"--debug"};
  CHECK(why_not_alone(with_arguments) ==
        "it starts the target with arguments, and an application that is imported has none");
  CHECK(why_not(Signal{}) == "it sends a signal to the target's process");
  CHECK(why_not(Stop{}) == "it stops the target's process");
  CHECK(why_not(expects(SelectorKind::frame)) ==
        "it expects a single frame, and frames are the server's own");
  CHECK(why_not(expects(SelectorKind::ping)) == "it expects a ping, which is the server's own");
  CHECK(why_not(expects(SelectorKind::pong)) == "it expects a pong, which is the server's own");
  CHECK(why_not(expects(SelectorKind::exit)) == "it expects the end of the target's process");
  CHECK(why_not(expects(SelectorKind::bytes)) ==
        "it expects octets that are neither HTTP nor a frame, and octets are the server's own");
}

TEST_CASE("not on asgi: upgrades and frames that a server deals with itself", "[drive]") {
  SendUpgrade bad;
  bad.key = "AAAA";
  CHECK(why_not_alone(Send{bad}) ==
        "it sends an upgrade without a right Sec-WebSocket-Key, which a server answers itself");
  SendUpgrade deflate;
  deflate.deflate = DeflateOffer{};
  CHECK(why_not_alone(Send{deflate}) ==
        "it offers permessage-deflate, which a server negotiates itself");
  SendUpgrade extension;
  extension.request.headers = {{"Sec-WebSocket-Extensions", "x"}};
  CHECK(why_not_alone(Send{extension}) ==
        "it offers an extension, which a server negotiates itself");
  SendUpgrade mute;
  mute.answers = false;
  CHECK(why_not_alone(Send{mute}) ==
        "its client leaves Close frames without an answer, and a server waits for that itself");
  CHECK(why_not_alone(Send{SendText{"hi"}}) ==
        "it sends a frame without an upgrade before it, which a server refuses itself");
  SendRequest upgrades;
  upgrades.request.headers = {{"Upgrade", "websocket"}};
  CHECK(why_not_alone(Send{upgrades}) == "it sends an upgrade as a plain request");

  Scenario other_lane;
  other_lane.steps = {step(Send{SendUpgrade{}}, "a"), step(Send{SendText{"hi"}}, "b")};
  CHECK(not_on_asgi(other_lane).has_value());
}

TEST_CASE("not on asgi: a claim about what only a server does", "[drive]") {
  Scenario scenario;
  Claim claim;
  claim.name = "never 1";
  claim.selector.kind = SelectorKind::bytes;
  scenario.claims = {claim};
  CHECK(not_on_asgi(scenario).value_or("") ==
        "its claim \"never 1\" is about octets that are neither HTTP nor a frame, and octets are "
        "the server's own");
  scenario.claims[0].selector.kind = SelectorKind::log;
  CHECK_FALSE(not_on_asgi(scenario));
}
