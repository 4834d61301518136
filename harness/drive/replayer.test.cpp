#include "drive/replayer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/scripted_peer.hpp"
#include "match/selector.hpp"

using namespace relapse;
using testing::Act;
using testing::ScriptedPeer;

namespace {

using Kind = Act::Kind;
constexpr auto short_time = std::chrono::milliseconds{120};

Step sends(SendWhat what, Split split = {}) {
  Step step;
  step.action = Send{std::move(what), std::move(split), {}};
  return step;
}

Step expects(SelectorKind kind, const char* pattern, Duration within = std::chrono::seconds{5}) {
  Step step;
  step.within = within;
  Expect expect;
  expect.selector.kind = kind;
  expect.selector.lane = "main";
  expect.selector.pattern.json = Value(Json::parse(pattern));
  expect.silence = within;
  step.action = expect;
  return step;
}

Step ends(EndKind kind) {
  Step step;
  step.action = End{kind};
  return step;
}

Bytes server_frame(int opcode, std::string_view payload, bool fin = true) {
  ws::FrameSpec spec;
  spec.opcode = opcode;
  spec.fin = fin;
  return ws::encode(spec, payload);
}

asio::awaitable<void> drive(Replayer& replayer) {
  co_await replayer.run();
  co_await replayer.finish();
}

/// Replays the steps against a peer that follows the acts; the timeline tells what was seen.
struct Scene {
  asio::io_context context;
  ScriptedPeer peer;
  Recorder recorder;

  Scene(std::vector<Act> acts, std::vector<Step> steps)
      : peer(context.get_executor(), std::move(acts)), recorder(context.get_executor()) {
    play(std::move(steps));
  }

  void play(std::vector<Step> steps) {
    Target target;
    target.id = "peer";
    target.address = "ws://127.0.0.1:" + std::to_string(peer.port());
    auto instance = Instance::make(context.get_executor(), target, nullptr);
    REQUIRE(instance);
    Scenario scenario;
    scenario.steps = std::move(steps);
    auto plan = make_plan(scenario, **instance);
    REQUIRE(plan);
    Replayer replayer(context.get_executor(), std::move(*plan), **instance, recorder);
    std::exception_ptr failure;
    asio::co_spawn(context, drive(replayer), [&](std::exception_ptr thrown) { failure = thrown; });
    context.run_for(std::chrono::seconds{20});
    REQUIRE_FALSE(failure);
    REQUIRE(context.stopped());
  }

  template <class T>
  const T* first(Direction direction = Direction::received) const {
    for (const Event& event : recorder.events()) {
      const T* payload = std::get_if<T>(&event.payload);
      if constexpr (requires(const T& t) { t.direction; }) {
        if (payload != nullptr && payload->direction == direction) {
          return payload;
        }
      } else if (payload != nullptr) {
        return payload;
      }
    }
    return nullptr;
  }

  bool all_satisfied() const {
    for (const Event& event : recorder.events()) {
      const auto* ended = std::get_if<StepEnded>(&event.payload);
      if (ended != nullptr && !ended->satisfied) {
        return false;
      }
    }
    return true;
  }
};

const std::vector<Act> upgrade_then(std::vector<Act> more) {
  std::vector<Act> acts{{Kind::read_head}, {Kind::write_101}};
  acts.insert(acts.end(), more.begin(), more.end());
  return acts;
}

}  // namespace

TEST_CASE("replayer: a whole session, in order", "[drive]") {
  const Scene scene(
      upgrade_then(
          {{Kind::read_octets, "", 8}, {Kind::write, server_frame(ws::text, "hi")}, {Kind::hold}}),
      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
       sends(SendText{"hi"}), expects(SelectorKind::text, "\"hi\"")});
  CHECK(scene.all_satisfied());
  CHECK(scene.first<WsFrame>(Direction::sent)->payload == "hi");
  CHECK(scene.first<WsFrame>()->payload == "hi");
}

TEST_CASE("replayer: a message before the upgrade is answered goes out before it", "[drive]") {
  const Scene scene(
      {{Kind::read_head}, {Kind::read_octets, "", 8}, {Kind::write_101}, {Kind::hold}},
      {sends(SendUpgrade{}), sends(SendText{"hi"}),
       expects(SelectorKind::upgrade, "{\"status\":101}")});
  CHECK(scene.all_satisfied());
}

TEST_CASE("replayer: hang, open, empty, FIN and RST are told apart", "[drive]") {
  const auto wants_101 = expects(SelectorKind::upgrade, "{\"status\":101}", short_time);
  SECTION("hang: no octet, still open") {
    const Scene scene({{Kind::read_head}, {Kind::hold}}, {sends(SendUpgrade{}), wants_101});
    REQUIRE(scene.first<DeadlineHit>() != nullptr);
    CHECK_FALSE(scene.first<DeadlineHit>()->answered);
  }
  SECTION("open: answered, then idle") {
    const Scene scene(
        upgrade_then({{Kind::hold}}),
        {sends(SendUpgrade{}), wants_101, expects(SelectorKind::text, "\"x\"", short_time)});
    REQUIRE(scene.first<DeadlineHit>() != nullptr);
    CHECK(scene.first<DeadlineHit>()->answered);
  }
  SECTION("empty: closed without an octet") {
    const Scene scene({{Kind::read_head}, {Kind::fin}}, {sends(SendUpgrade{}), wants_101});
    REQUIRE(scene.first<Ended>() != nullptr);
    CHECK(scene.first<Ended>()->kind == EndKind::fin);
    CHECK_FALSE(scene.first<Ended>()->answered);
    CHECK(scene.first<DeadlineHit>() == nullptr);
  }
  SECTION("RST") {
    const Scene scene({{Kind::read_head}, {Kind::rst}}, {sends(SendUpgrade{}), wants_101});
    REQUIRE(scene.first<Ended>() != nullptr);
    CHECK(scene.first<Ended>()->kind == EndKind::rst);
  }
}

TEST_CASE("replayer: the client's FIN and RST reach the peer as such", "[drive]") {
  SECTION("fin") {
    const Scene scene(upgrade_then({{Kind::hold}}),
                      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                       ends(EndKind::fin)});
    CHECK(scene.peer.saw_end());
    CHECK_FALSE(scene.peer.saw_reset());
  }
  SECTION("rst") {
    const Scene scene(upgrade_then({{Kind::hold}}),
                      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                       ends(EndKind::rst)});
    CHECK(scene.peer.saw_reset());
  }
  SECTION("half close: what the peer says afterwards is still read") {
    const Scene scene(upgrade_then({{Kind::read_octets, "", 8},
                                    {Kind::write, server_frame(ws::text, "late")},
                                    {Kind::hold}}),
                      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                       sends(SendText{"hi"}), ends(EndKind::half_close),
                       expects(SelectorKind::text, "\"late\"")});
    CHECK(scene.all_satisfied());
  }
}

TEST_CASE("replayer: pings are answered with their payload, unless told not to", "[drive]") {
  SendUpgrade upgrade;
  upgrade.answers = GENERATE(true, false);
  const Scene scene(
      upgrade_then(
          {{Kind::write, server_frame(ws::ping, "p") + server_frame(ws::text, "x")}, {Kind::hold}}),
      {sends(upgrade), expects(SelectorKind::upgrade, "{\"status\":101}"),
       expects(SelectorKind::text, "\"x\"")});
  CHECK(scene.all_satisfied());
  const WsFrame* pong = nullptr;
  for (const Event& event : scene.recorder.events()) {
    const auto* frame = std::get_if<WsFrame>(&event.payload);
    pong = frame != nullptr && frame->opcode == ws::pong ? frame : pong;
  }
  CHECK((pong != nullptr) == upgrade.answers);
  CHECK((pong == nullptr || (pong->automatic && pong->payload == "p")));
}

TEST_CASE("replayer: fragments are one message with its parts on record", "[drive]") {
  const Scene scene(upgrade_then({{Kind::write, server_frame(ws::text, "hel", false) +
                                                    server_frame(ws::ping, "") +
                                                    server_frame(ws::continuation, "lo")},
                                  {Kind::hold}}),
                    {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                     expects(SelectorKind::text, "\"hello\"")});
  CHECK(scene.all_satisfied());
}

TEST_CASE("replayer: a message beyond the cap is counted whole", "[drive]") {
  const Bytes part(std::size_t{3} << 19, 'x');
  const Scene scene(upgrade_then({{Kind::write, server_frame(ws::binary, part, false) +
                                                    server_frame(ws::continuation, part)},
                                  {Kind::hold}}),
                    {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                     expects(SelectorKind::binary, "{\"size\":3145728}")});
  CHECK(scene.all_satisfied());
  for (const Event& event : scene.recorder.events()) {
    const auto* frame = std::get_if<WsFrame>(&event.payload);
    if (frame != nullptr && frame->message_opcode) {
      CHECK(frame->message_size == 2 * part.size());
      CHECK(frame->message.size() == std::size_t{1} << 20);
    }
  }
}

TEST_CASE("replayer: a flood ends the wait, and the farewell too", "[drive]") {
  Bytes flood;
  for (int i = 0; i < 30'000; ++i) {
    flood += server_frame(ws::text, "x");
  }
  const auto wants = expects(SelectorKind::upgrade, "{\"status\":101}");
  SECTION("while it is waited for something else") {
    Step other = expects(SelectorKind::text, "\"y\"");
    std::get<Expect>(other.action).skip = true;
    const Scene scene(upgrade_then({{Kind::write, flood}, {Kind::hold}}),
                      {sends(SendUpgrade{}), wants, other, sends(SendText{"not sent"})});
    CHECK_FALSE(scene.all_satisfied());
    CHECK(scene.first<DeadlineHit>() == nullptr);
    CHECK(scene.recorder.full());
    CHECK(scene.recorder.events().size() < 20'100);
  }
  SECTION("while the replayer says goodbye") {
    const Scene scene(upgrade_then({{Kind::write, flood}, {Kind::hold}}),
                      {sends(SendUpgrade{}), wants});
    CHECK(scene.all_satisfied());
    CHECK_FALSE(scene.recorder.full());
    CHECK(scene.recorder.events().size() < 4'000);
  }
}

TEST_CASE("replayer: a target that refuses a large message and stops reading is heard", "[drive]") {
  SendBinary large;
  large.payload.data = Bytes(std::size_t{32} << 20, 'x');
  const Scene scene(
      upgrade_then({{Kind::read_octets, "", 1000},
                    {Kind::write, server_frame(ws::close, ws::close_payload(1009, ""))},
                    {Kind::stall}}),
      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"), sends(large),
       expects(SelectorKind::close, "{\"code\":1009}")});
  CHECK(scene.all_satisfied());
  CHECK(scene.recorder.events().back().at_ns < std::int64_t{2'500'000'000});
}

TEST_CASE("replayer: every octet in a segment of its own arrives whole", "[drive]") {
  Split split;
  split.every_byte = true;
  const Scene scene(
      upgrade_then({{Kind::hold}}),
      {sends(SendUpgrade{}, split), expects(SelectorKind::upgrade, "{\"status\":101}")});
  CHECK(scene.all_satisfied());
  CHECK(scene.peer.head().starts_with("GET / HTTP/1.1\r\n"));
}

TEST_CASE("replayer: what is not HTTP is kept as octets with the reason", "[drive]") {
  const Bytes close("\x88\x02\x03\xe8", 4);
  const Scene scene(
      {{Kind::read_head}, {Kind::write, close}, {Kind::fin}},
      {sends(SendUpgrade{}), expects(SelectorKind::bytes, "{\"hex\":\"88 02 03 e8\"}")});
  CHECK(scene.all_satisfied());
  REQUIRE(scene.first<RawBytes>() != nullptr);
  CHECK(scene.first<RawBytes>()->note.starts_with("not HTTP"));
}

TEST_CASE("replayer: octets behind a switch to another protocol are on record when they come",
          "[drive]") {
  const Scene scene(
      {{Kind::read_head},
       {Kind::write,
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nsettings"},
       {Kind::hold}},
      {sends(SendRequest{}), expects(SelectorKind::response, "{\"status\":101}"),
       expects(SelectorKind::bytes, "{\"text\":\"settings\"}", short_time)});
  CHECK(scene.all_satisfied());
}

TEST_CASE("replayer: captured values are sent in later steps", "[drive]") {
  Step greeting = expects(SelectorKind::json, "{}");
  std::get<Expect>(greeting.action).captures = {{"id", "/id"}};
  const Scene scene(
      upgrade_then({{Kind::write, server_frame(ws::text, "{\"id\":\"u7\"}")}, {Kind::hold}}),
      {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"), greeting,
       sends(SendText{"me ${id}"})});
  CHECK(scene.first<WsFrame>(Direction::sent)->payload == "me u7");
}

TEST_CASE("replayer: silence holds when nothing comes and breaks when something does", "[drive]") {
  const bool talks = GENERATE(true, false);
  std::vector<Act> acts = upgrade_then({});
  if (talks) {
    acts.push_back({Kind::write, server_frame(ws::text, "x")});
  }
  acts.push_back({Kind::hold});
  const Scene scene(acts, {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                           expects(SelectorKind::silence, "null", short_time)});
  CHECK(scene.all_satisfied() == !talks);
}

TEST_CASE("replayer: the steps end at the first unfulfilled expectation", "[drive]") {
  const Scene scene({{Kind::read_head},
                     {Kind::write, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"},
                     {Kind::hold}},
                    {sends(SendUpgrade{}), expects(SelectorKind::upgrade, "{\"status\":101}"),
                     sends(SendText{"never"})});
  CHECK_FALSE(scene.all_satisfied());
  CHECK(scene.first<WsFrame>(Direction::sent) == nullptr);
}
