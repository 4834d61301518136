#include "report/report_json.hpp"

#include <nlohmann/json.hpp>

#include "model/fields.hpp"
#include "model/run_json.hpp"

namespace relapse {

namespace {

using Sink = std::function<void(std::string_view)>;

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The elements of a list, one a line.
class Elements {
 public:
  explicit Elements(const Sink& sink) : sink_(sink) {}
  void add(const Json& json) {
    sink_(first_ ? "\n" : ",\n");
    sink_(compact(json));
    first_ = false;
  }

 private:
  const Sink& sink_;
  bool first_ = true;
};

Json result_json(const Pages& pages, const ScenarioResult& result) {
  if (!pages.has_page(result))
    return stored_result_json(result, std::vector<StoredTimeline>(result.attempts.size()));
  const ScenarioResult whole = pages.load(result);
  Json json = stored_result_json(whole, std::vector<StoredTimeline>(whole.attempts.size()));
  for (std::size_t i = 0; i < whole.attempts.size(); ++i) {
    if (!whole.attempts[i].elsewhere)
      json["attempts"][i]["timeline"] = to_json(whole.attempts[i].timeline);
  }
  return json;
}

void write_run(const Pages& pages, const Sink& sink) {
  const Run& run = pages.run();
  std::string head = compact(head_json(run, 2));
  head.pop_back();  // its brace: the object goes on
  sink(head);
  sink(",\n\"scenarios\":[");
  DescriptionKeys keys;
  std::vector<std::string> described;
  Elements scenarios(sink);
  for (const ScenarioResult& result : run.results) {
    auto [key, description] = keys.add(result);
    described.push_back(std::move(key));
    if (description)
      scenarios.add(*description);
  }
  sink("],\n\"results\":[");
  Elements results(sink);
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    Json json = result_json(pages, run.results[i]);
    if (described[i] != run.results[i].scenario)
      json["described"] = described[i];
    results.add(json);
  }
  sink("]}");
}

}  // namespace

void write_report_json(const Pages& pages, const Sink& sink) {
  Json head{{"format", "relapse-report"}, {"version", 1}};
  head["now"] = pages.options().now;
  head["history"] = pages.options().history;
  std::string text = compact(head);
  text.pop_back();
  sink(text);
  sink(",\n\"run\":");
  write_run(pages, sink);
  sink(",\n\"comparison\":");
  sink(compact(to_json(pages.comparison(), [&pages](const ResultKey& key) {
    const ScenarioResult* result = pages.find(key);
    return result != nullptr && pages.has_page(*result);
  })));
  sink("}\n");
}

Result<StoredReport> report_from_json(const Json& json) {
  std::optional<Error> error;
  FieldReader in(json, "report", error);
  in.expect_format("relapse-report", 1);
  StoredReport report;
  report.options.now = in.text("now");
  report.options.history = in.text("history");
  for (const char* part : {"run", "comparison"}) {
    if (!in.has(part))
      in.fail(part, "is missing");
  }
  if (error)
    return *std::move(error);
  auto run = run_from_json(json["run"]);
  if (!run)
    return std::move(run).error();
  auto comparison = comparison_from_json(json["comparison"]);
  if (!comparison)
    return std::move(comparison).error();
  report.run = *std::move(run);
  report.comparison = *std::move(comparison);
  return report;
}

}  // namespace relapse
