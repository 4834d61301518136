#include "history/run_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "model/run_json.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

constexpr const char* run_name = "run.json";
constexpr const char* timelines_name = "timelines.jsonl";
constexpr std::string_view part_prefix = ".part-";
constexpr std::string_view make_room = "make room, or name another folder with --history DIR";
/// As deep as Value takes; nobody's run is deeper.
constexpr int max_depth = 512;

Error write_error(const fs::path& path, int code) {
  return Error{.kind = ErrorKind::environment,
               .message = "cannot store the run in \"" + path.string() +
                          "\": " + std::generic_category().message(code),
               .at = {path.string(), 0, 0},
               .hint = std::string(make_room)};
}

Error damaged(const fs::path& path, const std::string& what) {
  return Error{.kind = ErrorKind::usage,
               .message = "the stored run \"" + path.string() + "\" cannot be read: " + what,
               .at = {path.string(), 0, 0}};
}

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A new file, written in blocks. The first failure stays, and is told at the end.
class NewFile {
 public:
  explicit NewFile(const fs::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)),
        failure_(fd_ < 0 ? errno : 0) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  void put(std::string_view text) {
    size_ += text.size();
    buffer_ += text;
    if (buffer_.size() >= std::size_t{256} << 10)
      flush();
  }
  std::uint64_t size() const { return size_; }
  bool failed() const { return failure_ != 0; }
  /// On the disk, not only on its way there. 0 or errno.
  int finish() {
    flush();
    if (failure_ == 0 && ::fsync(fd_) != 0)
      failure_ = errno;
    const int fd = std::exchange(fd_, -1);
    if (fd >= 0 && ::close(fd) != 0 && failure_ == 0)
      failure_ = errno;
    return failure_;
  }

 private:
  void flush() {
    std::string_view left = buffer_;
    while (failure_ == 0 && !left.empty()) {
      const ssize_t put = ::write(fd_, left.data(), left.size());
      if (put >= 0)
        left.remove_prefix(static_cast<std::size_t>(put));
      else if (errno != EINTR)
        failure_ = errno;
    }
    buffer_.clear();
  }

  int fd_;
  int failure_;
  std::string buffer_{};
  std::uint64_t size_ = 0;
};

/// Removes the folder unless it was kept.
class PartFolder {
 public:
  explicit PartFolder(fs::path path) : path_(std::move(path)) {}
  PartFolder(const PartFolder&) = delete;
  PartFolder& operator=(const PartFolder&) = delete;
  ~PartFolder() {
    std::error_code ignored;
    if (!path_.empty())
      fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    ::fsync(fd);  // some file systems cannot; the rename is whole all the same
    ::close(fd);
  }
}

using Places = std::vector<std::vector<StoredTimeline>>;

Result<Places> write_timelines(const Run& run, const fs::path& path) {
  NewFile file(path);
  Places places;
  for (const ScenarioResult& result : run.results) {
    std::vector<StoredTimeline>& those = places.emplace_back();
    for (const Attempt& attempt : result.attempts) {
      const std::uint64_t at = file.size();
      file.put(compact(to_json(attempt.timeline)));
      those.push_back({at, file.size() - at});
      file.put("\n");
      if (file.failed())
        return write_error(path, file.finish());
    }
  }
  if (const int failure = file.finish(); failure != 0)
    return write_error(path, failure);
  return places;
}

/// The elements of an array, each on a line of its own.
class Listing {
 public:
  explicit Listing(NewFile& file) : file_(file) {}
  void add(const Json& json) {
    file_.put(first_ ? "\n" : ",\n");
    file_.put(compact(json));
    first_ = false;
  }

 private:
  NewFile& file_;
  bool first_ = true;
};

Result<void> write_results(const Run& run, const Places& places, const fs::path& path) {
  NewFile file(path);
  std::string head = compact(head_json(run, 2));
  head.pop_back();  // its brace: the object goes on
  file.put(head);
  file.put(",\n\"scenarios\":[");
  DescriptionKeys keys;
  std::vector<std::string> described;
  Listing scenarios(file);
  for (const ScenarioResult& result : run.results) {
    auto [key, description] = keys.add(result);
    described.push_back(std::move(key));
    if (description)
      scenarios.add(*description);
  }
  file.put("],\n\"results\":[");
  Listing results(file);
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    Json json = stored_result_json(run.results[i], places[i]);
    if (described[i] != run.results[i].scenario)
      json["described"] = described[i];
    results.add(json);
    if (file.failed())
      break;
  }
  file.put("]}\n");
  if (const int failure = file.finish(); failure != 0)
    return write_error(path, failure);
  return {};
}

/// Takes "scenarios" and "results" apart while the rest of the object is kept.
class RunParser {
 public:
  explicit RunParser(const std::function<Result<void>(ScenarioResult&&)>& on_result)
      : on_result_(on_result) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > max_depth && !error_)
      error_ = Error{ErrorKind::usage, "it is nested too deep"};
    if (error_)
      return false;
    if (depth == 1 && event == Json::parse_event_t::key)
      key_ = parsed.get<std::string>();
    if (depth != 2 || event != Json::parse_event_t::object_end)
      return true;
    if (key_ == "scenarios") {
      keep_error(reader_.add_description(parsed));
      return false;
    }
    if (key_ == "results") {
      take(parsed);
      return false;
    }
    return true;
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  void keep_error(Result<void> done) {
    if (!done)
      error_ = std::move(done).error();
  }
  void take(const Json& json) {
    auto result = reader_.read(json);
    if (!result) {
      error_ = std::move(result).error();
      return;
    }
    keep_error(on_result_(*std::move(result)));
  }

  const std::function<Result<void>(ScenarioResult&&)>& on_result_;
  ResultReader reader_{};
  std::string key_{};
  std::optional<Error> error_{};
};

Result<Timeline> read_timeline_at(const fs::path& path, const StoredTimeline& place) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{.kind = ErrorKind::usage,
                 .message = "the timelines of this run are not stored here",
                 .at = {path.string(), 0, 0}};
  }
  file.seekg(0, std::ios::end);
  const auto end = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  if (place.at > end || place.size > end - place.at)
    return damaged(path, "it ends before the timeline that should stand there");
  std::string text(place.size, '\0');
  file.seekg(static_cast<std::streamoff>(place.at));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  Value json;
  if (!file || !parse_json(text, json))
    return damaged(path, "what stands there is no timeline");
  auto timeline = timeline_from_json(json.json());
  if (!timeline)
    return damaged(path, timeline.error().message);
  return timeline;
}

}  // namespace

Result<Run> visit_run(const fs::path& run_json,
                      const std::function<Result<void>(ScenarioResult&&)>& on_result) {
  std::ifstream file(run_json, std::ios::binary);
  if (!file)
    return damaged(run_json, "there is no such file, or it may not be read");
  RunParser parser(on_result);
  Json rest;
  try {
    rest = Json::parse(file, std::ref(parser));
  } catch (const Json::exception& error) {
    return damaged(run_json, error.what());
  }
  if (parser.error())
    return damaged(run_json, parser.error()->message);
  if (!rest.is_object() || !rest.contains("results"))
    return damaged(run_json, "it holds no results");
  auto run = head_from_json(rest);
  if (!run)
    return damaged(run_json, run.error().message);
  return run;
}

Result<Run> read_run(const fs::path& run_json, Timelines timelines) {
  const TimelineSource source = timelines_in(run_json.parent_path());
  const bool there = fs::exists(run_json.parent_path() / timelines_name);
  std::vector<ScenarioResult> results;
  auto run = visit_run(run_json, [&](ScenarioResult&& result) -> Result<void> {
    for (Attempt& attempt : result.attempts) {
      if (timelines == Timelines::none || !there)
        continue;
      if (auto loaded = load_timeline(source, attempt); !loaded)
        return loaded;
    }
    results.push_back(std::move(result));
    return {};
  });
  if (run)
    run->results = std::move(results);
  return run;
}

TimelineSource timelines_in(const fs::path& folder) {
  return [path = folder / timelines_name](const StoredTimeline& place) {
    return read_timeline_at(path, place);
  };
}

Result<void> load_timeline(const TimelineSource& source, Attempt& attempt) {
  if (!attempt.elsewhere)
    return {};
  auto timeline = source(*attempt.elsewhere);
  if (!timeline)
    return std::move(timeline).error();
  attempt.timeline = *std::move(timeline);
  attempt.elsewhere.reset();
  return {};
}

Result<fs::path> write_run(const Run& run, const fs::path& runs) {
  std::error_code failed;
  fs::create_directories(runs, failed);
  if (failed)
    return write_error(runs, failed.value());
  PartFolder part(runs / (std::string(part_prefix) + random_hex(8)));
  if (!fs::create_directory(part.path(), failed))
    return write_error(part.path(), failed.value());
  auto places = write_timelines(run, part.path() / timelines_name);
  if (!places)
    return std::move(places).error();
  if (auto written = write_results(run, *places, part.path() / run_name); !written)
    return std::move(written).error();
  sync_folder(part.path());
  const fs::path folder = runs / run.id;
  if (::rename(part.path().c_str(), folder.c_str()) != 0)
    return write_error(folder, errno);
  part.keep();
  sync_folder(runs);
  return folder;
}

void remove_leftovers(const fs::path& runs) {
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  std::vector<fs::path> stale;
  std::error_code failed;
  for (fs::directory_iterator it(runs, failed), end; !failed && it != end; it.increment(failed)) {
    std::error_code unknown;
    const auto when = fs::last_write_time(it->path(), unknown);
    if (it->path().filename().string().starts_with(part_prefix) && !unknown && when < yesterday)
      stale.push_back(it->path());
  }
  std::error_code ignored;
  for (const fs::path& path : stale)
    fs::remove_all(path, ignored);
}

}  // namespace relapse
