#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drive/secrets.hpp"
#include "engine/interrupt.hpp"
#include "model/run.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

/// All orders in which the actors of a scenario may take their turns. The actors are the branches
/// of each `together`: what the client sends, that it vanishes, when a send returns, how time
/// passes. On the ASGI plane each order is replayed exactly, so one that fails once fails always.
namespace relapse {

struct ExploreOptions {
  const Fault* fault = nullptr;
  std::size_t most = 20'000;  ///< replays
  int again = 0;              ///< so often is the shortest order that relapses replayed once more
  /// One more actor for each call of a `together`: holds a send back and lets it return, so often.
  int sends = 0;
  /// One more actor for each: so much time passes.
  std::vector<Duration> pauses{};
  Interrupt* interrupt = nullptr;
  std::shared_ptr<Vault> vault{};  ///< what must not be written; may be null
};

/// A step of an order: one of the scenario's, or one that an added actor takes.
struct Turn {
  std::size_t index = 0;  ///< of the scenario's step; beyond the last: added
  Step step{};
};

struct ExploreReport {
  std::size_t replays = 0;
  std::size_t orders = 0;    ///< whole ones among them
  std::size_t relapsed = 0;  ///< orders and beginnings of orders that relapse
  std::size_t inconclusive = 0;
  bool complete = false;  ///< nothing was left out
  std::string failure{};  ///< why nothing could be replayed
  /// The shortest beginning that relapses: the steps, and what was seen.
  std::optional<std::vector<Turn>> shortest{};
  Attempt evidence{};
  int again = 0;       ///< replays of it
  int reproduced = 0;  ///< of which relapsed
  Duration duration{};
};

/// Replays every beginning of every order, the shorter ones first, and stops behind the length at
/// which the first relapses. The claims of a beginning are its `never` claims and the guards; those
/// of a whole order all claims of the scenario.
ExploreReport explore(const Scenario& scenario, const Target& target,
                      const ExploreOptions& options);

/// The orders of groups of branches with so many steps, as sequences of branch numbers of this
/// length. A group begins when the one before it has ended.
std::vector<std::vector<int>> beginnings(const std::vector<std::vector<std::size_t>>& groups,
                                         std::size_t length, std::size_t most);

}  // namespace relapse
