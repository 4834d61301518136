#pragma once
#include <map>
#include <optional>
#include <string>

#include "model/run.hpp"

/// The parts of the JSON form of a run. Version 1 is one object with every timeline in it. Version
/// 2, the form of stored runs, says what is known of a scenario once for all of its results and
/// leaves the timelines to a file beside it, so that a long history is read quickly:
///
///   { ...head, "scenarios": [description...], "results": [result...] }
///
/// An attempt then names the place of its timeline: "timeline": {"at": 1024, "size": 2048}.
namespace relapse {

/// Everything of a run but its results, with "format" and this version.
Json head_json(const Run& run, int version);
/// What a result says of its scenario: title, incident, tags, aliases, place, digest, steps.
Json description_json(const ScenarioResult& result);
/// What it says of itself. Timelines stand as places, which the caller gives by attempt.
Json stored_result_json(const ScenarioResult& result, const std::vector<StoredTimeline>& places);

/// A run without results from its JSON form, in version 1 or 2.
Result<Run> head_from_json(const Json& json);

/// Reads the results of either version one by one.
class ResultReader {
 public:
  /// Descriptions come before the results that use them.
  Result<void> add_description(const Json& json);
  /// An error says which result it is, by number.
  Result<ScenarioResult> read(const Json& json);

 private:
  std::map<std::string, ScenarioResult> described_{};  ///< by id, then "id#2" for another variant
  std::size_t count_ = 0;
};

/// The key under which a result finds its description again: its scenario's id, with "#2" and so on
/// behind it for one that differs from the first of this id.
class DescriptionKeys {
 public:
  /// The key, and the description when it is not there yet.
  std::pair<std::string, std::optional<Json>> add(const ScenarioResult& result);

 private:
  std::map<std::string, std::vector<std::string>> known_{};  ///< id -> texts of the variants
};

}  // namespace relapse
