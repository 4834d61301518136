#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "drive/replayer.hpp"
#include "net/tcp.hpp"

// Branches that run side by side, against a peer that answers no connection before two of them have
// spoken: steps that ran one after another would wait in vain.

using namespace relapse;

namespace {

using asio::ip::tcp;
constexpr auto tok = asio::as_tuple(asio::use_awaitable);

struct Rendezvous {
  explicit Rendezvous(asio::any_io_executor executor)
      : acceptor(executor, {asio::ip::address_v4::loopback(), 0}), changed(executor) {}
  tcp::acceptor acceptor;
  Notifier changed;
  int spoken = 0;
};

asio::awaitable<void> meet(tcp::socket socket, Rendezvous& all) {
  std::string octets(64, '\0');
  auto [failed, size] = co_await socket.async_read_some(asio::buffer(octets), tok);
  all.spoken += failed ? 0 : 1;
  all.changed.notify();
  const auto until = Clock::now() + std::chrono::seconds{5};
  while (all.spoken < 2 && Clock::now() < until) {
    co_await all.changed.wait_until(until);
  }
  const std::string answer = all.spoken < 2 ? "alone" : "met";
  co_await asio::async_write(socket, asio::buffer(answer), tok);
  co_await socket.async_read_some(asio::buffer(octets), tok);  // until the client has gone
}

void spawn(asio::io_context& context, asio::awaitable<void> work) {
  asio::co_spawn(context, std::move(work), [](std::exception_ptr failure) { REQUIRE(!failure); });
}

asio::awaitable<void> serve(asio::io_context& context, Rendezvous& all) {
  for (int i = 0; i < 2; ++i) {
    auto [failed, socket] = co_await all.acceptor.async_accept(tok);
    spawn(context, meet(std::move(socket), all));
  }
}

Step in_branch(int branch, Action action) {
  Step step;
  step.lane = branch == 0 ? "a" : "b";
  step.group = 0;
  step.branch = branch;
  step.within = std::chrono::seconds{2};
  if (auto* expect = std::get_if<Expect>(&action)) {
    expect->selector.lane = step.lane;
  }
  step.action = std::move(action);
  return step;
}

Action says(std::string text) {
  return Send{SendBytes{Octets{std::move(text), false}}};
}

Action hears(const char* pattern) {
  Expect expect;
  expect.selector.kind = SelectorKind::bytes;
  expect.selector.pattern.json = Value(Json::parse(pattern));
  return expect;
}

asio::awaitable<void> drive(Replayer& replayer) {
  co_await replayer.run();
  co_await replayer.finish();
}

std::vector<Event> replay(std::vector<Step> steps) {
  asio::io_context context;
  Rendezvous all(context.get_executor());
  Recorder recorder(context.get_executor());
  Target target;
  target.id = "peer";
  target.address = "ws://127.0.0.1:" + std::to_string(all.acceptor.local_endpoint().port());
  auto instance = Instance::make(context.get_executor(), target, nullptr);
  REQUIRE(instance);
  Scenario scenario;
  scenario.steps = std::move(steps);
  auto plan = make_plan(scenario, **instance);
  REQUIRE(plan);
  Replayer replayer(context.get_executor(), std::move(*plan), **instance, recorder);
  spawn(context, serve(context, all));
  spawn(context, drive(replayer));
  context.run_for(std::chrono::seconds{20});
  REQUIRE(context.stopped());
  return recorder.events();
}

/// Steps that have ended, with what they ended as.
std::map<int, bool> outcomes(const std::vector<Event>& events) {
  std::map<int, bool> ended;
  for (const Event& event : events) {
    if (const auto* end = std::get_if<StepEnded>(&event.payload)) {
      ended[event.step] = end->satisfied;
    }
  }
  return ended;
}

}  // namespace

TEST_CASE("replayer: branches run at the same time", "[drive]") {
  const auto events = replay({in_branch(0, says("x")), in_branch(0, hears(R"({"text":"met"})")),
                              in_branch(1, says("y")), in_branch(1, hears(R"({"text":"met"})"))});
  CHECK(outcomes(events) == std::map<int, bool>{{0, true}, {1, true}, {2, true}, {3, true}});
  SECTION("and each event belongs to the step of its connection's branch") {
    for (const Event& event : events) {
      if (event.lane == "a" && event.step >= 0) {
        CHECK(event.step <= 1);
      } else if (event.lane == "b" && event.step >= 0) {
        CHECK(event.step >= 2);
      }
    }
  }
}

TEST_CASE("replayer: a branch that is not satisfied ends alone, then the replay", "[drive]") {
  Step after;
  after.action = Pause{};
  const auto events =
      replay({in_branch(0, says("x")), in_branch(0, hears(R"({"text":"other"})")),
              in_branch(0, says("never")), in_branch(1, says("y")),
              in_branch(1, hears(R"({"text":"met"})")), in_branch(1, says("still")), after});
  CHECK(outcomes(events) ==
        std::map<int, bool>{{0, true}, {1, false}, {3, true}, {4, true}, {5, true}});
}
