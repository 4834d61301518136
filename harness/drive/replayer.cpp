#include "drive/replayer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drive/lateness.hpp"
#include "drive/resolve.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
constexpr Duration finish_patience = std::chrono::milliseconds{500};

/// What one send puts on the wire: an HTTP message, a frame, or octets.
struct Outgoing {
  std::optional<HttpMessage> http;
  bool answers = true;
  std::optional<ws::FrameSpec> frame;
  Bytes octets;
};

Outgoing data_frame(int opcode, Bytes payload) {
  Outgoing out;
  out.frame.emplace();
  out.frame->opcode = opcode;
  out.frame->mask_key = ws::random_mask();
  out.octets = std::move(payload);
  return out;
}

struct Encode {
  const RequestDefaults& defaults;

  Outgoing operator()(const SendUpgrade& send) const {
    Outgoing out;
    out.http = build_request(send.request, &send, send.key.value_or(ws::random_key()), defaults);
    out.answers = send.answers;
    return out;
  }
  Outgoing operator()(const SendRequest& send) const {
    Outgoing out;
    out.http = build_request(send.request, nullptr, "", defaults);
    return out;
  }
  Outgoing operator()(const SendText& send) const { return data_frame(ws::text, send.text); }
  Outgoing operator()(const SendJson& send) const { return data_frame(ws::text, send.json.dump()); }
  Outgoing operator()(const SendBinary& send) const {
    return data_frame(ws::binary, send.payload.data);
  }
  Outgoing operator()(const SendPing& send) const {
    return data_frame(ws::ping, send.payload.data);
  }
  Outgoing operator()(const SendPong& send) const {
    return data_frame(ws::pong, send.payload.data);
  }
  Outgoing operator()(const SendClose& send) const {
    return data_frame(ws::close, ws::close_payload(send.code, send.reason));
  }
  Outgoing operator()(const SendFrame& send) const {
    Outgoing out = data_frame(send.opcode, send.payload.data);
    out.frame->fin = send.fin;
    out.frame->rsv = send.rsv;
    out.frame->announced_length = send.length;
    out.frame->length_bytes = send.length_bytes;
    if (!send.mask) {
      out.frame->mask_key.reset();
    } else if (send.mask_key) {
      out.frame->mask_key = send.mask_key;
    }
    return out;
  }
  Outgoing operator()(const SendBytes& send) const {
    Outgoing out;
    out.octets = send.data.data;
    return out;
  }
};

}  // namespace

Replayer::Replayer(asio::any_io_executor executor, Plan plan, Instance& instance,
                   Recorder& recorder)
    : executor_(std::move(executor)),
      plan_(std::move(plan)),
      instance_(instance),
      recorder_(recorder),
      watchdog_(executor_),
      ended_(executor_) {
  recorder_.keep_out(instance_.secrets());
}

asio::awaitable<void> Replayer::run() {
  budget_end_ = Clock::now() + plan_.scenario.budget;
  // A send to a target that does not read has no deadline of its own: the budget ends it.
  watch();
  const LatenessWatch lateness(executor_, recorder_);
  bool going = true;
  for (std::size_t i = 0; i < plan_.scenario.steps.size() && going && !aborted_;) {
    std::vector<Branch> branches = branches_from(i, i);
    if (branches.size() == 1) {
      going = co_await run_branch(std::move(branches.front()));
    } else {
      going = co_await run_together(std::move(branches));
    }
  }
  recorder_.set_step(-1);
  watchdog_.cancel();
}

void Replayer::watch() {
  watchdog_.expires_at(budget_end_);
  watchdog_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && Clock::now() < budget_end_) {
      watch();  // the budget has grown meanwhile
    } else if (!cancelled) {
      abort();
    }
  });
}

asio::awaitable<void> Replayer::turn() {
  const auto now = Clock::now();
  const auto at = instance_.pacer().reserve();
  if (at > now) {
    budget_end_ += at - now;
    asio::steady_timer timer(executor_, at);
    co_await timer.async_wait(tok);
  }
}

std::vector<Replayer::Branch> Replayer::branches_from(std::size_t first,
                                                      std::size_t& behind) const {
  const std::vector<Step>& steps = plan_.scenario.steps;
  const int group = steps[first].group;
  std::map<int, Branch> branches;
  std::size_t i = first;
  do {
    Branch& branch = branches[steps[i].branch];
    branch.steps.push_back(i);
    if (group >= 0) {
      branch.lanes.push_back(steps[i].lane);
    }
    ++i;
  } while (group >= 0 && i < steps.size() && steps[i].group == group);
  behind = i;
  std::vector<Branch> list;
  for (auto& [number, branch] : branches) {
    list.push_back(std::move(branch));
  }
  return list;
}

asio::awaitable<bool> Replayer::run_branch(Branch branch) {
  bool going = true;
  for (std::size_t i = 0; i < branch.steps.size() && going && !aborted_; ++i) {
    const int index = static_cast<int>(branch.steps[i]);
    const Step& planned = plan_.scenario.steps[branch.steps[i]];
    const bool compared = std::holds_alternative<Expect>(planned.action);
    if (recorder_.full() && !compared) {
      break;  // nothing that follows would be on record; what was kept may still answer
    }
    Step step = resolve(planned, captured_);
    if (branch.lanes.empty()) {
      recorder_.set_step(index);
    } else {
      recorder_.set_step(index, branch.lanes);
    }
    recorder_.add(index, "", StepStarted{});
    going = co_await perform(std::move(step), index);
    recorder_.add(index, "", StepEnded{going});
  }
  co_return going;
}

void Replayer::Joined::on_end(std::exception_ptr thrown, bool branch_satisfied) {
  --running;
  satisfied = satisfied && branch_satisfied && !thrown;
  if (thrown && !failure) {
    failure = std::move(thrown);
  }
}

asio::awaitable<bool> Replayer::run_together(std::vector<Branch> branches) {
  // A branch that is not satisfied ends alone: what the others would have seen is evidence too.
  Joined joined;
  Notifier changed(executor_);
  joined.running = branches.size();
  for (Branch& branch : branches) {
    asio::co_spawn(executor_, run_branch(std::move(branch)),
                   [&joined, &changed](std::exception_ptr thrown, bool satisfied) {
                     joined.on_end(std::move(thrown), satisfied);
                     changed.notify();
                   });
  }
  while (joined.running > 0) {
    co_await changed.wait_until(Clock::now() + std::chrono::hours{1});
  }
  if (joined.failure) {
    std::rethrow_exception(joined.failure);
  }
  co_return joined.satisfied;
}

asio::awaitable<bool> Replayer::perform(Step step, int index) {
  if (const auto* sending = std::get_if<Send>(&step.action)) {
    const bool going = co_await send(step, *sending);
    co_return going;
  }
  if (const auto* expecting = std::get_if<Expect>(&step.action)) {
    const bool going = co_await expect(step, *expecting, index);
    co_return going;
  }
  if (const auto* ending = std::get_if<End>(&step.action)) {
    const auto found = connections_.find(step.lane);
    if (found != connections_.end()) {
      co_await found->second->end(ending->kind);
    }
    co_return true;
  }
  if (const auto* pausing = std::get_if<Pause>(&step.action)) {
    co_await pause(pausing->duration);
    co_return true;
  }
  if (const auto* starting = std::get_if<Start>(&step.action)) {
    const bool going = co_await start(step, *starting);
    co_return going;
  }
  if (const auto* signalling = std::get_if<Signal>(&step.action)) {
    recorder_.add(index, "", SignalSent{signalling->number});
    instance_.signal(signalling->number);
    co_return true;
  }
  const bool going = co_await stop(step, index);
  co_return going;
}

Duration Replayer::within(const Step& step) const {
  return step.within.value_or(plan_.scenario.within);
}

Clock::time_point Replayer::deadline(Duration limit) const {
  return std::min(Clock::now() + std::chrono::duration_cast<Clock::duration>(limit), budget_end_);
}

asio::awaitable<void> Replayer::pause(Duration duration) {
  const Clock::time_point until = deadline(duration);
  while (Clock::now() < until && !aborted_) {
    co_await ended_.wait_until(until);
  }
}

asio::awaitable<std::shared_ptr<Connection>> Replayer::connection(std::string lane,
                                                                  Duration timeout) {
  auto& slot = connections_[lane];
  if (!slot) {
    slot = std::make_shared<Connection>(executor_, recorder_, lane);
    std::shared_ptr<Connection> opening = slot;
    co_await turn();
    net::Endpoint endpoint = instance_.endpoint();
    co_await opening->open(std::move(endpoint), timeout);
    co_return opening;
  }
  co_return slot;
}

asio::awaitable<bool> Replayer::send(const Step& step, const Send& send) {
  co_await pause(send.after);
  std::string lane = step.lane;
  const auto peer = co_await connection(std::move(lane), within(step));
  if (!peer->is_open()) {
    // Whether a refusal is wrong is for the expectations to say: a target may rightly be gone.
    co_return true;
  }
  Outgoing out = std::visit(Encode{plan_.defaults}, send.what);
  Split split = send.split;
  if (out.http) {
    co_await turn();
    co_await peer->send_http(std::move(*out.http), std::move(split), out.answers);
  } else if (out.frame && send.compress) {
    co_await peer->send_compressed(std::move(*out.frame), std::move(out.octets), std::move(split));
  } else if (out.frame) {
    co_await peer->send_frame(std::move(*out.frame), std::move(out.octets), std::move(split));
  } else {
    co_await peer->send_bytes(std::move(out.octets), std::move(split));
  }
  co_return true;
}

std::size_t& Replayer::cursor(const Selector& selector) {
  if (selector.kind == SelectorKind::log) {
    return cursors_["\nlog"];
  }
  if (selector.kind == SelectorKind::exit) {
    return cursors_["\nexit"];
  }
  return cursors_[selector.lane];
}

bool Replayer::out_of_reach(const Expect& expect) const {
  const Selector& selector = expect.selector;
  if (selector.kind == SelectorKind::log || selector.kind == SelectorKind::exit ||
      selector.kind == SelectorKind::silence) {
    return false;
  }
  const auto found = connections_.find(selector.lane);
  return found == connections_.end() || found->second->failed() || found->second->ended();
}

asio::awaitable<bool> Replayer::expect(const Step& step, const Expect& expect, int index) {
  const bool silence = expect.selector.kind == SelectorKind::silence;
  const Duration limit = silence ? expect.silence : within(step);
  const auto begin = Clock::now();
  const auto end = deadline(limit);
  std::size_t& from = cursor(expect.selector);
  std::size_t scanned = from;
  while (!aborted_) {
    const Progress progress =
        advance(expect, recorder_.events(), scanned, recorder_.events().size(), captured_, true);
    if (progress.state == Progress::State::matched) {
      from = progress.index + 1;
      std::string missing;
      co_return capture(expect, recorder_.events(), progress.index, captured_, missing);
    }
    if (progress.state == Progress::State::mismatched ||
        progress.state == Progress::State::unknown) {
      co_return false;
    }
    if (recorder_.full() && !outlasts_record(expect)) {
      co_return false;  // it will not come on record: the wait would be in vain
    }
    if (Clock::now() >= end || out_of_reach(expect)) {
      break;
    }
    scanned = recorder_.events().size();
    co_await recorder_.changed().wait_until(end);
  }
  if (aborted_) {
    co_return false;  // no deadline was reached: what would have come cannot be known
  }
  if (silence) {
    co_return true;
  }
  const auto found = connections_.find(expect.selector.lane);
  const bool answered = found != connections_.end() && found->second->answered();
  recorder_.add(index, step.lane, DeadlineHit{Clock::now() - begin, answered});
  co_return false;
}

asio::awaitable<bool> Replayer::start(const Step& step, const Start& start) {
  const Duration limit = step.within.value_or(instance_.target().launch->ready_within);
  const auto started = co_await instance_.start(recorder_, start, limit);
  if (!started) {
    recorder_.add("", HarnessFailed{started.error().message});
    co_return false;
  }
  if (start.ready != ReadyWait::required) {
    co_return true;
  }
  const auto& events = recorder_.events();
  const auto ready = std::find_if(events.rbegin(), events.rend(), [](const Event& event) {
    return std::holds_alternative<Ready>(event.payload);
  });
  co_return ready != events.rend() && std::get<Ready>(ready->payload).ok;
}

asio::awaitable<bool> Replayer::stop(const Step& step, int index) {
  const int number = instance_.target().launch->stop_signal;
  recorder_.add(index, "", SignalSent{number});
  instance_.signal(number);
  const Duration limit = step.within.value_or(instance_.target().launch->stop_within);
  const bool exited = co_await instance_.wait_exit(limit);
  if (!exited && !aborted_) {
    recorder_.add(index, "", DeadlineHit{limit, true});
  }
  co_return exited;
}

asio::awaitable<void> Replayer::finish() {
  const Duration patience = aborted_ ? Duration::zero() : finish_patience;
  for (auto& [lane, peer] : connections_) {
    co_await peer->finish(patience);
    co_await peer->join();
  }
}

void Replayer::abort() {
  aborted_ = true;
  for (auto& [lane, peer] : connections_) {
    if (peer) {
      peer->abort();
    }
  }
  recorder_.changed().notify();
  ended_.notify();
}

}  // namespace relapse
