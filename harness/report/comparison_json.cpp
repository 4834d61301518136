#include <limits>
#include <nlohmann/json.hpp>

#include "model/fields.hpp"
#include "report/report_json.hpp"

namespace relapse {

namespace {

constexpr int most = std::numeric_limits<int>::max();
const std::vector<std::string_view> kinds{
    "relapsed", "fails differently", "new and failing", "lost",           "inconclusive", "flaky",
    "slower",   "recovered",         "new and holding", "target changed", "still failing"};
const std::vector<std::string_view> outcomes{"holds", "relapsed", "inconclusive", "skipped",
                                             "flaky"};

// A type's fields are named once, in visit_fields(): writing and reading visit the same list.

struct Writer {
  Json& json;
  void operator()(const char* name, const std::string& value) const {
    if (!value.empty())
      put_text(json, name, value);
  }
  void operator()(const char* name, int value) const {
    if (value != 0)
      json[name] = value;
  }
  void operator()(const char* name, bool value) const {
    if (value)
      json[name] = true;
  }
  void operator()(const char* name, Duration value) const { json[name] = value.count(); }
  void operator()(const char* name, const std::vector<std::string>& value) const {
    put_texts(json, name, value);
  }
};

struct Reader {
  FieldReader& in;
  void operator()(const char* name, std::string& value) const { value = in.text(name); }
  void operator()(const char* name, int& value) const {
    value = static_cast<int>(in.integer(name, 0, 0, most));
  }
  void operator()(const char* name, bool& value) const { value = in.boolean(name, false); }
  void operator()(const char* name, Duration& value) const {
    value = Duration{in.integer(name, 0, 0, std::numeric_limits<std::int64_t>::max())};
  }
  void operator()(const char* name, std::vector<std::string>& value) const {
    value = in.texts(name);
  }
};

template <class T, class V>
void visit_fields(T& t, const V& visit) requires std::is_same_v<std::remove_const_t<T>, Totals> {
  visit("planned", t.planned);
  visit("ran", t.ran);
  visit("holds", t.holds);
  visit("relapsed", t.relapsed);
  visit("known", t.known);
  visit("inconclusive", t.inconclusive);
  visit("skipped", t.skipped);
  visit("flaky", t.flaky);
  visit("late_faults", t.late_faults);
}

template <class T, class V>
void visit_fields(T& c, const V& visit) requires std::is_same_v<std::remove_const_t<T>, Change> {
  visit("scenario", c.key.scenario);
  visit("target", c.key.target);
  visit("title", c.title);
  visit("signature", c.signature);
  visit("text", c.text);
  visit("last_good_run", c.last_good_run);
  visit("last_good_at", c.last_good_at);
  visit("last_good_version", c.last_good_version);
  visit("first_bad_run", c.first_bad_run);
  visit("first_bad_at", c.first_bad_at);
  visit("first_bad_version", c.first_bad_version);
  visit("held_nights", c.held_nights);
  visit("failing_nights", c.failing_nights);
}

template <class T, class V>
void visit_fields(T& a,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, Acknowledgement> {
  visit("scenario", a.scenario);
  visit("target", a.target);
  visit("reason", a.reason);
  visit("owner", a.owner);
  visit("until", a.until);
  visit("made", a.made);
}

template <class T, class V>
void visit_fields(T& f,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, FamilyNight> {
  visit("run", f.run);
  visit("family", f.family);
  visit("ran", f.ran);
  visit("holds", f.holds);
  visit("failing", f.failing);
  visit("flaky", f.flaky);
  visit("p50_ns", f.p50);
  visit("p95_ns", f.p95);
}

template <class T, class V>
void visit_fields(T& f,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, FamilyWeek> {
  visit("week", f.week);
  visit("family", f.family);
  visit("nights", f.nights);
  visit("holds", f.holds);
  visit("failing", f.failing);
}

template <class T, class V>
void visit_fields(T& i,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, IncidentHistory> {
  visit("ref", i.ref);
  visit("seen", i.incident.seen);
  visit("story", i.incident.story);
  visit("evidence", i.incident.evidence);
  visit("fix", i.incident.fix);
  visit("spec", i.incident.spec);
  visit("scenarios", i.scenarios);
  visit("first_guarded", i.first_guarded);
  visit("nights_run", i.nights_run);
  visit("nights_held", i.nights_held);
  visit("last_break", i.last_break);
  visit("last_break_nights", i.last_break_nights);
  visit("broken_now", i.broken_now);
}

template <class T, class V>
void visit_fields(T& r,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, RetiredScenario> {
  visit("scenario", r.scenario);
  visit("last_run", r.last_run);
  visit("reason", r.reason);
}

template <class T, class V>
void visit_fields(T& s,
                  const V& visit) requires std::is_same_v<std::remove_const_t<T>, RunSummary> {
  visit("id", s.id);
  visit("started", s.started);
  visit("duration_ns", s.duration);
  visit("harness_version", s.harness_version);
  visit("code", s.code);
  visit("headline", s.headline);
  visit("complete", s.complete);
}

template <class T, class V>
void visit_fields(T& n, const V& visit) requires std::is_same_v<std::remove_const_t<T>, Night> {
  visit("run", n.run);
  visit("started", n.started);
  visit("known", n.known);
  visit("duration_ns", n.duration);
  visit("version", n.version);
  visit("signature", n.signature);
}

template <class T>
Json written(const T& value) {
  Json json = Json::object();
  visit_fields(value, Writer{json});
  if constexpr (std::is_same_v<T, Change>) {
    json["kind"] = std::string(to_string(value.kind));
    if (value.key.plane == Plane::asgi)
      json["plane"] = "asgi";
  } else if constexpr (std::is_same_v<T, RunSummary>) {
    json["totals"] = written(value.totals);
    put_pairs(json, "versions", {value.versions.begin(), value.versions.end()});
  } else if constexpr (std::is_same_v<T, Night>) {
    json["outcome"] = std::string(to_string(value.outcome));
  } else if constexpr (std::is_same_v<T, IncidentHistory>) {
    put_text(json, "told_ref", value.incident.ref);
  }
  return json;
}

template <class T>
Json list_json(const std::vector<T>& values) {
  std::vector<Json> list;
  for (const T& value : values)
    list.push_back(written(value));
  return list;
}

class ComparisonReader {
 public:
  template <class T>
  T read(const Json& json, const std::string& where) {
    FieldReader in(json, where, error);
    T value;
    visit_fields(value, Reader{in});
    if constexpr (std::is_same_v<T, Change>) {
      value.kind = static_cast<ChangeKind>(in.one_of("kind", kinds));
      value.key.plane = plane(in);
    } else if constexpr (std::is_same_v<T, RunSummary>) {
      if (in.has("totals"))
        value.totals = read<Totals>(json["totals"], where + ": totals");
      for (const auto& [target, version] : in.pairs("versions"))
        value.versions[target] = version;
    } else if constexpr (std::is_same_v<T, Night>) {
      value.outcome = static_cast<Outcome>(in.one_of("outcome", outcomes));
    } else if constexpr (std::is_same_v<T, IncidentHistory>) {
      value.incident.ref = in.text("told_ref");
    }
    return value;
  }

  template <class T>
  void list(FieldReader& in, const char* name, std::vector<T>& values) {
    for (const Json* item : in.list(name))
      values.push_back(read<T>(*item, std::string(name) + " " + std::to_string(values.size() + 1)));
  }

  static Plane plane(FieldReader& in) {
    return in.has("plane") ? static_cast<Plane>(in.one_of("plane", {"wire", "asgi"})) : Plane::wire;
  }

  std::optional<Error> error{};
};

void read_history(FieldReader& in, ComparisonReader& reader, Comparison& comparison) {
  for (const Json* item : in.list("history")) {
    FieldReader one(*item, "history", reader.error);
    ResultKey key{one.text("scenario"), one.text("target"), ComparisonReader::plane(one)};
    reader.list(one, "nights", comparison.history[std::move(key)]);
  }
}

}  // namespace

Json to_json(const Comparison& comparison, const std::function<bool(const ResultKey&)>& shown) {
  Json json = Json::object();
  if (comparison.baseline)
    json["baseline"] = written(*comparison.baseline);
  json["changes"] = list_json(comparison.changes);
  json["nights"] = list_json(comparison.nights);
  std::vector<Json> history;
  for (const auto& [key, nights] : comparison.history) {
    if (!shown(key))
      continue;
    Json entry = Json::object();
    put_text(entry, "scenario", key.scenario);
    put_text(entry, "target", key.target);
    if (key.plane == Plane::asgi)
      entry["plane"] = "asgi";
    entry["nights"] = list_json(nights);
    history.push_back(std::move(entry));
  }
  json["history"] = std::move(history);
  json["families"] = list_json(comparison.families);
  json["weeks"] = list_json(comparison.weeks);
  std::vector<Json> library;
  for (const auto& [date, count] : comparison.library)
    library.push_back(Json{{"date", date}, {"scenarios", count}});
  json["library"] = std::move(library);
  json["incidents"] = list_json(comparison.incidents);
  json["retired"] = list_json(comparison.retired);
  json["acknowledgements"] = list_json(comparison.acknowledgements);
  json["expired"] = list_json(comparison.expired);
  json["needless"] = list_json(comparison.needless);
  put_texts(json, "unreadable", comparison.unreadable);
  return json;
}

Result<Comparison> comparison_from_json(const Json& json) {
  ComparisonReader reader;
  FieldReader in(json, "comparison", reader.error);
  Comparison comparison;
  if (in.has("baseline"))
    comparison.baseline = reader.read<RunSummary>(json["baseline"], "baseline");
  reader.list(in, "changes", comparison.changes);
  reader.list(in, "nights", comparison.nights);
  read_history(in, reader, comparison);
  reader.list(in, "families", comparison.families);
  reader.list(in, "weeks", comparison.weeks);
  for (const Json* item : in.list("library")) {
    FieldReader one(*item, "library", reader.error);
    comparison.library.emplace_back(one.text("date"), one.small("scenarios"));
  }
  reader.list(in, "incidents", comparison.incidents);
  reader.list(in, "retired", comparison.retired);
  reader.list(in, "acknowledgements", comparison.acknowledgements);
  reader.list(in, "expired", comparison.expired);
  reader.list(in, "needless", comparison.needless);
  comparison.unreadable = in.texts("unreadable");
  if (reader.error)
    return *std::move(reader.error);
  return comparison;
}

}  // namespace relapse
