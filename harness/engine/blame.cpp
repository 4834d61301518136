#include "engine/blame.hpp"

#include <algorithm>

#include "engine/culprit_search.hpp"
#include "model/conclude.hpp"

namespace relapse {
namespace {

/// Looking for a culprit may take this long; what is not found by then stays flaky.
constexpr auto most_time = std::chrono::minutes{3};
/// A process may die some time after it was hurt: the time that lay between culprit and victim is
/// waited again, and a little of the victim's own, but no longer than this.
constexpr Duration most_wait = std::chrono::seconds{20};
constexpr Clock::duration most_of_its_own = std::chrono::milliseconds{500};

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string name(const Replay& replay) {
  return replay.scenario->id + (replay.point ? " at " + point_text(*replay.point) : "");
}

/// The victim's replay in the place of a probe.
class ThenVictim : public FollowUp {
 public:
  ThenVictim(Stage& stage, Replay victim, Instance& instance, Duration after, std::string company)
      : stage_(stage),
        victim_(victim),
        instance_(instance),
        after_(after),
        company_(std::move(company)) {}

  asio::awaitable<Probed> run() override {
    co_await stage_.wait(after_);
    const Stage::How how;
    Stage::Done done = co_await stage_.replay(victim_, instance_, how);
    Probed probed;
    probed.name = then_probe + name(victim_);
    const Verdict& verdict = done.attempt.verdict;
    // What says nothing of the target must not be held against the culprit.
    probed.ok = !went_wrong(done.attempt);
    if (!probed.ok) {
      probed.detail = (company_.empty() ? "" : "with " + company_ + ": ") + verdict.reason +
                      "; without this replay before it, it holds";
    }
    failed = !probed.ok;
    co_return probed;
  }

  bool failed = false;

 private:
  Stage& stage_;
  Replay victim_;
  Instance& instance_;
  Duration after_;
  std::string company_;
};

class Investigation {
 public:
  Investigation(Stage& stage, Disturbance disturbance)
      : stage_(stage), disturbance_(std::move(disturbance)), until_(Clock::now() + most_time) {}

  asio::awaitable<Blame> run() {
    CulpritSearch search(disturbance_.before.size());
    while (!search.next().empty()) {
      const std::vector<std::size_t> row = search.next();
      const Answer answer = co_await spoils(row, wait_after(row.back()));
      if (answer == Answer::unknown) {
        co_return give_up(search.experiments());
      }
      search.answer(answer == Answer::yes);
    }
    tried_ = search.experiments();
    if (search.needed().empty()) {
      Blame none;
      none.account = "replaying the " + ran_before() + " before it did not show it again";
      co_return none;
    }
    const std::vector<std::size_t> nobody;
    const Answer without = co_await spoils(nobody, wait_after(search.needed().back()));
    if (without == Answer::unknown) {
      co_return give_up(tried_);
    }
    if (without == Answer::yes) {
      Blame none;
      none.account = "alone on a fresh process it held once and then did not";
      co_return none;
    }
    Blame blame = co_await convict(search);
    co_return blame;
  }

 private:
  enum class Answer { yes, no, unknown };

  std::string ran_before() const {
    return counted(disturbance_.before.size(), "replay that ran", "replays that ran");
  }

  Blame give_up(int experiments) const {
    Blame blame;
    blame.account = "the search for what spoilt the process ended without a result after " +
                    counted(static_cast<std::size_t>(experiments), "sequence", "sequences");
    return blame;
  }

  Duration wait_after(std::size_t last) const {
    const auto own = std::min(disturbance_.ended - disturbance_.began, most_of_its_own);
    const auto apart = disturbance_.began - disturbance_.before[last].ended + own;
    return std::min(std::chrono::duration_cast<Duration>(apart), most_wait);
  }

  /// Replays these on the process, one after another.
  asio::awaitable<void> play(std::vector<std::size_t> row, Instance& instance) {
    for (const std::size_t i : row) {
      if (stage_.interrupted()) {
        break;
      }
      const Stage::How how;
      co_await stage_.replay(disturbance_.before[i].replay, instance, how);
    }
  }

  /// Whether the victim goes wrong after these on a fresh process.
  asio::awaitable<Answer> spoils(std::vector<std::size_t> row, Duration wait) {
    if (stage_.interrupted() || Clock::now() > until_) {
      co_return Answer::unknown;
    }
    Launched fresh = co_await stage_.launch(true);
    if (!fresh.ready) {
      co_return Answer::unknown;
    }
    co_await play(row, *fresh.instance);
    co_await stage_.wait(wait);
    const Stage::How how;
    Stage::Done done = co_await stage_.replay(disturbance_.victim, *fresh.instance, how);
    fresh.instance->kill();
    if (went_wrong(done.attempt)) {
      co_return Answer::yes;
    }
    co_return done.attempt.verdict.outcome == Outcome::holds ? Answer::no : Answer::unknown;
  }

  /// "", or who else must have run: "lifecycle/a before it".
  std::string company(const CulpritSearch& search) const {
    const auto& needed = search.needed();
    std::vector<std::string> names;
    for (std::size_t i = 0; i + 1 < needed.size(); ++i) {
      names.push_back(name(disturbance_.before[needed[i]].replay));
    }
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.empty()) {
      return {};
    }
    if (search.coarse()) {
      return names.front() + " before it, and some of the " +
             counted(names.size() - 1, "other", "others") + " between";
    }
    return names.front() + " before it";
  }

  asio::awaitable<Blame> convict(const CulpritSearch& search) {
    const std::size_t last = search.needed().back();
    const Replay culprit = disturbance_.before[last].replay;
    const std::string with = company(search);
    Launched fresh = co_await stage_.launch(true);
    if (!fresh.ready || stage_.interrupted()) {
      co_return give_up(tried_);
    }
    std::vector<std::size_t> others = search.needed();
    others.pop_back();
    co_await play(others, *fresh.instance);
    ThenVictim victim(stage_, disturbance_.victim, *fresh.instance, wait_after(last), with);
    Stage::How how;
    how.alone = true;
    how.then = &victim;
    Stage::Done done = co_await stage_.replay(culprit, *fresh.instance, how);
    Blame blame;
    if (!victim.failed) {
      blame.account = name(culprit) + " was seen to spoil the process for it once, but not again";
      co_return blame;
    }
    blame.culprit = culprit;
    blame.account = "disturbed by " + name(culprit) + " on the process that both shared";
    if (!with.empty()) {
      blame.account += ", with " + with;
    }
    if (culprit.scenario->guards.liveness) {
      blame.evidence = std::move(done.attempt);
    } else {
      blame.account += " (whose liveness guard is off)";
    }
    co_return blame;
  }

  Stage& stage_;
  Disturbance disturbance_;
  Clock::time_point until_;
  int tried_ = 0;
};

}  // namespace

bool went_wrong(const Attempt& attempt) {
  if (attempt.verdict.outcome == Outcome::relapsed) {
    return true;
  }
  const auto& events = attempt.timeline.events;
  const bool harness = std::any_of(events.begin(), events.end(), [](const Event& event) {
    return std::holds_alternative<HarnessFailed>(event.payload);
  });
  return attempt.verdict.outcome == Outcome::inconclusive && attempt.timeline.complete && !harness;
}

asio::awaitable<Blame> find_culprit(Stage& stage, Disturbance disturbance) {
  Investigation investigation(stage, std::move(disturbance));
  Blame blame = co_await investigation.run();
  co_return blame;
}

}  // namespace relapse
