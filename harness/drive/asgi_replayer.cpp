#include "drive/asgi_replayer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "drive/asgi_pattern.hpp"
#include "drive/lateness.hpp"
#include "drive/replayer.hpp"
#include "drive/resolve.hpp"
#include "model/asgi_scope.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
/// For an answer, behind the longest that its waits may take.
constexpr Duration grace = std::chrono::seconds{2};

/// Expectations that look at the process, the log or the interpreter and not at one call.
bool is_off_lane(SelectorKind kind) {
  return kind == SelectorKind::log || kind == SelectorKind::exit ||
         kind == SelectorKind::complaint || kind == SelectorKind::pending_tasks;
}

}  // namespace

AsgiReplayer::AsgiReplayer(asio::any_io_executor executor, Plan plan, Instance& instance,
                           Recorder& recorder)
    : executor_(executor),
      plan_(std::move(plan)),
      instance_(instance),
      recorder_(recorder),
      lanes_(recorder, plan_.defaults),
      watchdog_(std::move(executor)) {
  recorder_.keep_out(instance_.secrets());
}

void AsgiReplayer::watch() {
  watchdog_.expires_at(budget_end_);
  watchdog_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) {
      abort();
    }
  });
}

asio::awaitable<void> AsgiReplayer::run() {
  budget_end_ = Clock::now() + plan_.scenario.budget;
  watch();
  const LatenessWatch lateness(executor_, recorder_);
  const std::vector<Step>& steps = plan_.scenario.steps;
  bool going = true;
  for (std::size_t i = 0; i < steps.size() && going && !aborted_;) {
    const int group = steps[i].group;
    if (group < 0) {
      going = co_await perform(i);
      ++i;
      continue;
    }
    std::map<int, std::vector<std::size_t>> branches;
    for (; i < steps.size() && steps[i].group == group; ++i) {
      branches[steps[i].branch].push_back(i);
    }
    std::vector<std::vector<std::size_t>> list;
    for (auto& [number, branch] : branches) {
      list.push_back(std::move(branch));
    }
    going = co_await run_together(std::move(list));
  }
  if (going && !aborted_) {
    // What the bridge can do from the first step to the last by itself is one question to it.
    const bool whole = !begun_ && !script_.empty();
    going = co_await flush(whole);
    play_over_ = whole;
  }
  lanes_.end_step(going);
  recorder_.set_step(-1);
  watchdog_.cancel();
}

Step AsgiReplayer::resolved(std::size_t index) const {
  return resolve(plan_.scenario.steps[index], captured_);
}

asio::awaitable<bool> AsgiReplayer::perform(std::size_t index) {
  const Step step = resolved(index);
  if (std::holds_alternative<Start>(step.action) && !instance_.running()) {
    // No bridge is there yet that could tell when the step begins.
    lanes_.on_step(Clock::now().time_since_epoch().count(), static_cast<int>(index));
    const bool started = co_await act(step, static_cast<int>(index));
    lanes_.end_step(started);
    co_return started;
  }
  script_.step(static_cast<int>(index));
  if (add_to_script(step)) {
    co_return true;
  }
  const bool begun = co_await flush();
  if (!begun) {
    co_return false;
  }
  const bool satisfied = co_await act(step, static_cast<int>(index));
  if (!satisfied) {
    lanes_.end_step(false);
  }
  co_return satisfied;
}

/// What the bridge can be told ahead; false for a step that is done from here.
bool AsgiReplayer::add_to_script(const Step& step) {
  const std::string& lane = step.lane;
  if (const auto* call = std::get_if<Call>(&step.action)) {
    const auto scope = make_scope(*call);
    if (!scope || taken_.contains(lane)) {
      return false;
    }
    taken_[lane] = 0;
    script_.call(lane, scope->json(), false);
  } else if (const auto* receive = std::get_if<Receive>(&step.action)) {
    script_.feed(lane, receive->event.json());
  } else if (const auto* fail = std::get_if<FailSend>(&step.action)) {
    script_.fail_send(lane, fail->nth, fail->raises, fail->message);
  } else if (const auto* hold = std::get_if<HoldSend>(&step.action)) {
    script_.hold_send(lane, hold->nth);
  } else if (std::holds_alternative<ReleaseSend>(step.action)) {
    script_.release_send(lane);
  } else if (const auto* gone = std::get_if<Disconnect>(&step.action)) {
    script_.disconnect(lane, gone->code, gone->reason);
  } else if (std::holds_alternative<Cancel>(step.action)) {
    script_.cancel(lane);
  } else if (const auto* pause = std::get_if<Pause>(&step.action)) {
    script_.idle(pause->duration);
  } else if (const auto* expect = std::get_if<Expect>(&step.action)) {
    return add_expectation(step, *expect);
  } else {
    return false;
  }
  return true;
}

bool AsgiReplayer::add_expectation(const Step& step, const Expect& expect) {
  const std::string& lane = expect.selector.lane;
  const auto simple = simple_expectation(expect);
  if (!simple) {
    return false;
  }
  const int nth = ++taken_[lane];
  script_.until(lane, nth, within(step), simple->outcome,
                simple->literal.is_null() ? nullptr : &simple->literal.json());
  return true;
}

asio::awaitable<bool> AsgiReplayer::act(const Step& step, int index) {
  if (const auto* call = std::get_if<Call>(&step.action)) {
    const auto scope = make_scope(*call);
    if (!scope) {
      recorder_.add("", HarnessFailed{scope.error().message});
      co_return false;
    }
    // What the lane's call before this one did is no answer to anything that follows.
    taken_[step.lane] = 0;
    behind_[step.lane] = recorder_.events().size();
    script_.call(step.lane, scope->json(), false);
  }
  if (const auto* wanted = std::get_if<Expect>(&step.action)) {
    const bool going = co_await expect(step, *wanted);
    co_return going;
  }
  if (const auto* starting = std::get_if<Start>(&step.action)) {
    const bool going = co_await start(step, *starting);
    co_return going;
  }
  if (const auto* sending = std::get_if<Send>(&step.action)) {
    if (sending->after > Duration::zero()) {
      script_.idle(sending->after);
    }
    lanes_.send(index, step.lane, *sending, script_);
  } else if (const auto* ending = std::get_if<End>(&step.action)) {
    lanes_.end(index, step.lane, ending->kind, script_);
  }
  const bool going = co_await flush();
  co_return going;
}

Duration AsgiReplayer::within(const Step& step) const {
  return step.within.value_or(plan_.scenario.within);
}

std::size_t AsgiReplayer::cursor(const Selector& selector) {
  if (is_off_lane(selector.kind)) {
    return behind_["\n" + std::to_string(static_cast<int>(selector.kind))];
  }
  const auto place = lanes_.place_of(selector.lane, taken_[selector.lane]);
  return std::max(behind_[selector.lane], place ? *place + 1 : 0);
}

void AsgiReplayer::move_cursor(const Selector& selector, std::size_t behind) {
  if (is_off_lane(selector.kind)) {
    behind_["\n" + std::to_string(static_cast<int>(selector.kind))] = behind;
    return;
  }
  behind_[selector.lane] = behind;
  taken_[selector.lane] = lanes_.outcomes_until(selector.lane, behind - 1);
}

asio::awaitable<bool> AsgiReplayer::expect(const Step& step, const Expect& expect) {
  if (expect.selector.kind == SelectorKind::silence) {
    const bool quiet = co_await await_silence(expect);
    co_return quiet;
  }
  if (expect.selector.kind == SelectorKind::pending_tasks) {
    script_.tasks();
  } else if (expect.selector.kind == SelectorKind::complaint) {
    script_.collect();
  }
  const bool going = co_await flush();
  if (!going) {
    co_return false;
  }
  const bool matched = co_await await_match(step, expect);
  co_return matched;
}

asio::awaitable<bool> AsgiReplayer::await_silence(const Expect& expect) {
  const std::size_t from = cursor(expect.selector);
  script_.idle(expect.silence);
  const bool going = co_await flush();
  const auto& events = recorder_.events();
  const Progress progress = advance(expect, events, from, events.size(), captured_, true);
  co_return going&& progress.state == Progress::State::waiting;
}

asio::awaitable<bool> AsgiReplayer::await_match(const Step& step, const Expect& expect) {
  const Duration limit = within(step);
  const auto begin = Clock::now();
  const Duration ahead = lanes_.ahead();
  std::size_t scanned = cursor(expect.selector);
  Duration waited{};
  while (!aborted_) {
    const auto& events = recorder_.events();
    const Progress progress = advance(expect, events, scanned, events.size(), captured_, true);
    if (progress.state == Progress::State::matched) {
      move_cursor(expect.selector, progress.index + 1);
      std::string missing;
      co_return capture(expect, events, progress.index, captured_, missing);
    }
    if (progress.state != Progress::State::waiting || recorder_.full()) {
      co_return false;
    }
    waited = plan_.scenario.virtual_clock ? lanes_.ahead() - ahead : Clock::now() - begin;
    const bool over = !is_off_lane(expect.selector.kind) && lanes_.ended(expect.selector.lane);
    if (waited >= limit || over) {
      break;
    }
    scanned = events.size();
    script_.until_event(limit - waited);
    const bool going = co_await flush();
    if (!going) {
      co_return false;
    }
    if (recorder_.events().size() == scanned) {
      waited = limit;  // the bridge has waited as long as it was told to, or nothing could come
      break;
    }
  }
  if (!aborted_) {
    recorder_.add(step.lane, DeadlineHit{waited, lanes_.acted(expect.selector.lane)});
  }
  co_return false;
}

asio::awaitable<bool> AsgiReplayer::start(const Step& step, const Start& start) {
  const Duration limit = step.within.value_or(instance_.ready_within());
  begun_ = false;
  const auto started = co_await instance_.start(recorder_, start, limit);
  if (!started) {
    recorder_.add("", HarnessFailed{started.error().message});
    co_return false;
  }
  over_ = false;
  bool ready = false;
  std::string why;
  for (const Event& event : recorder_.events()) {
    if (const auto* told = std::get_if<Ready>(&event.payload)) {
      ready = told->ok;
      why = told->detail;
    }
  }
  lanes_.refuse(ready ? std::nullopt : std::optional(why));
  co_return ready || start.ready != ReadyWait::required;
}

asio::awaitable<bool> AsgiReplayer::is_due(std::size_t index) {
  const auto* wanted = std::get_if<Expect>(&plan_.scenario.steps[index].action);
  if (wanted == nullptr) {
    co_return true;
  }
  co_await flush();
  const Step step = resolved(index);
  const Expect& expect = std::get<Expect>(step.action);
  const auto& events = recorder_.events();
  const Progress progress =
      advance(expect, events, cursor(expect.selector), events.size(), captured_, true);
  co_return progress.state != Progress::State::waiting;
}

asio::awaitable<bool> AsgiReplayer::run_together(std::vector<std::vector<std::size_t>> branches) {
  std::vector<std::size_t> next(branches.size(), 0);
  bool satisfied = true;
  while (!aborted_ && !over_) {
    bool moved = false;
    std::optional<std::size_t> held_up;
    for (std::size_t b = 0; b < branches.size() && !aborted_; ++b) {
      if (next[b] >= branches[b].size()) {
        continue;
      }
      const std::size_t index = branches[b][next[b]];
      const bool due = co_await is_due(index);
      if (!due) {
        held_up = held_up ? held_up : std::optional(b);
        continue;
      }
      const bool going = co_await perform(index);
      next[b] = going ? next[b] + 1 : branches[b].size();
      satisfied = satisfied && going;
      moved = true;
    }
    if (!moved && !held_up) {
      break;
    }
    if (!moved) {
      const std::size_t b = *held_up;
      const std::size_t index = branches[b][next[b]];
      const bool going = co_await perform(index);
      next[b] = going ? next[b] + 1 : branches[b].size();
      satisfied = satisfied && going;
    }
  }
  const bool going = co_await flush();
  co_return satisfied&& going;
}

asio::awaitable<bool> AsgiReplayer::flush(bool last) {
  bool satisfied = true;
  while ((last || !script_.empty()) && !over_ && !aborted_ && instance_.running()) {
    const Duration longest = script_.longest() + grace;
    const Duration patience =
        last && begun_ ? longest : std::min<Duration>(longest, budget_end_ - Clock::now() + grace);
    Bytes request = script_.request(!begun_, last, plan_.scenario.virtual_clock);
    script_ = AsgiScript();
    begun_ = true;
    const AsgiBridge::Answer answer =
        co_await instance_.asgi()->bridge().ask(std::move(request), patience);
    if (answer.state == AsgiBridge::Answer::State::late) {
      co_await on_blocked();
      co_return false;
    }
    if (answer.state == AsgiBridge::Answer::State::ended) {
      co_await on_gone();
      co_return false;
    }
    lanes_.begin();
    if (!read_asgi_reply(answer.octets, lanes_)) {
      recorder_.add("", HarnessFailed{"the ASGI bridge's answer cannot be read"});
      over_ = true;
    }
    satisfied = satisfied && !lanes_.stopped() && !over_;
    if (last || !satisfied || !lanes_.add_due(script_)) {
      break;
    }
  }
  script_ = AsgiScript();
  co_return satisfied && !over_ && !aborted_ && instance_.running();
}

asio::awaitable<void> AsgiReplayer::on_blocked() {
  over_ = true;
  instance_.signal(SIGUSR1);  // the bridge writes down where it is
  asio::steady_timer timer(executor_, std::chrono::milliseconds{200});
  co_await timer.async_wait(tok);
  AsgiComplaint blocked;
  blocked.kind = "blocked";
  blocked.text = "the application does not give control back to the event loop";
  blocked.traceback = instance_.asgi()->blocked_at();
  if (!aborted_) {
    recorder_.add("", std::move(blocked));
  }
  lanes_.end_step(false);
  instance_.kill();
}

asio::awaitable<void> AsgiReplayer::on_gone() {
  over_ = true;
  co_await instance_.wait_exit(std::chrono::seconds{1});
  lanes_.end_step(false);
}

asio::awaitable<void> AsgiReplayer::finish() {
  if (begun_ && !play_over_ && !over_ && !aborted_) {
    lanes_.finish(script_);
    co_await flush();
    co_await flush(true);
  }
}

void AsgiReplayer::abort() {
  aborted_ = true;
  if (instance_.asgi() != nullptr && instance_.running()) {
    instance_.asgi()->bridge().close();  // whatever is waited for ends; so does the process
  }
  recorder_.changed().notify();
}

std::unique_ptr<Performer> make_performer(asio::any_io_executor executor, Plan plan,
                                          Instance& instance, Recorder& recorder) {
  if (instance.plane() == Plane::asgi) {
    return std::make_unique<AsgiReplayer>(std::move(executor), std::move(plan), instance, recorder);
  }
  return std::make_unique<Replayer>(std::move(executor), std::move(plan), instance, recorder);
}

}  // namespace relapse
