#include "history/acknowledgements.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/files.hpp"
#include "model/fields.hpp"

namespace relapse {
namespace {

constexpr const char* format_name = "relapse-acknowledgements";

Error refused(const std::filesystem::path& file, const std::string& what) {
  return {ErrorKind::usage,
          "\"" + file.string() + "\" is not understood: " + what,
          {file.string(), 0, 0},
          "repair it by hand; relapse does not write over what it cannot read"};
}

bool is_date(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char rest = 0;
  if (text.size() != 10 ||
      std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) != 3)
    return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  char again[16];
  std::snprintf(again, sizeof again, "%04d-%02u-%02u", year, month, day);
  return date.ok() && text == again;
}

/// A key that this version does not know.
std::string unknown_key(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      return key;
  }
  return {};
}

Result<Acknowledgement> read_one(const Json& json, const std::string& where) {
  std::optional<Error> error;
  FieldReader in(json, where, error);
  if (json.is_object()) {
    const std::string odd =
        unknown_key(json, {"scenario", "target", "reason", "owner", "until", "made"});
    if (!odd.empty())
      in.fail(odd, "is no key of an acknowledgement");
  }
  Acknowledgement one{.scenario = in.text("scenario"),
                      .target = in.text("target"),
                      .reason = in.text("reason"),
                      .owner = in.text("owner"),
                      .until = in.text("until"),
                      .made = in.text("made")};
  if (one.scenario.empty())
    in.fail("scenario", "is missing");
  if (one.reason.empty())
    in.fail("reason", "is missing");
  if (!is_date(one.until))
    in.fail("until", "must be a date, YYYY-MM-DD");
  if (error)
    return *std::move(error);
  return one;
}

Json to_json(const Acknowledgement& one) {
  Json json = Json::object();
  put_text(json, "scenario", one.scenario);
  put_text(json, "target", one.target);
  put_text(json, "reason", one.reason);
  put_text(json, "owner", one.owner);
  put_text(json, "until", one.until);
  put_text(json, "made", one.made);
  return json;
}

bool fails(const ScenarioResult& result) {
  return result.outcome == Outcome::relapsed;
}

}  // namespace

Result<std::vector<Acknowledgement>> read_acknowledgements(const std::filesystem::path& file) {
  std::vector<Acknowledgement> all;
  std::error_code failed;
  if (!std::filesystem::exists(file, failed) && !failed)
    return all;
  auto text = read_file(file);
  if (!text)
    return std::move(text).error();
  Value value;
  if (!parse_json(*text, value))
    return refused(file, "it is not JSON");
  const Json& json = value.json();
  std::optional<Error> error;
  FieldReader in(json, "the file", error);
  in.expect_format(format_name, 1);
  if (json.is_object()) {
    const std::string odd = unknown_key(json, {"format", "version", "acknowledgements"});
    if (!odd.empty())
      in.fail(odd, "is no key of this file");
  }
  if (!in.has("acknowledgements"))
    in.fail("acknowledgements", "is missing");
  for (const Json* item : in.list("acknowledgements")) {
    auto one = read_one(*item, "acknowledgement " + std::to_string(all.size() + 1));
    if (!one)
      return refused(file, one.error().message);
    all.push_back(*std::move(one));
  }
  if (error)
    return refused(file, error->message);
  return all;
}

Result<void> write_acknowledgements(const std::filesystem::path& file,
                                    std::vector<Acknowledgement> all) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.scenario, a.target) < std::tie(b.scenario, b.target);
  });
  Json json{{"format", format_name}, {"version", 1}};
  json["acknowledgements"] = Json::array();
  for (const Acknowledgement& one : all)
    json["acknowledgements"].push_back(to_json(one));
  return write_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool applies(const Acknowledgement& acknowledgement, const ScenarioResult& result) {
  if (!acknowledgement.target.empty() && acknowledgement.target != result.target)
    return false;
  return acknowledgement.scenario == result.scenario ||
         std::find(result.aliases.begin(), result.aliases.end(), acknowledgement.scenario) !=
             result.aliases.end();
}

bool counts_on(const Acknowledgement& acknowledgement, const std::string& day) {
  return day <= acknowledgement.until;
}

void acknowledge(Run& run, const std::vector<Acknowledgement>& all) {
  const std::string day = run.started.substr(0, 10);
  for (ScenarioResult& result : run.results) {
    if (!fails(result) || result.known)
      continue;
    for (const Acknowledgement& one : all) {
      if (!applies(one, result) || !counts_on(one, day))
        continue;
      result.known = true;
      result.known_reason = one.reason;
      result.known_owner = one.owner;
      result.known_until = one.until;
      break;
    }
  }
}

void tell_acknowledgements(const Run& run, const std::vector<Acknowledgement>& all,
                           Comparison& comparison) {
  const std::string day = run.started.substr(0, 10);
  for (const Acknowledgement& one : all) {
    bool failing = false;
    bool unheld = false;
    bool there = false;
    for (const ScenarioResult& result : run.results) {
      if (!applies(one, result))
        continue;
      there = true;
      failing = failing || fails(result);
      unheld = unheld || result.outcome != Outcome::holds;
    }
    if (!counts_on(one, day)) {
      if (failing)
        comparison.expired.push_back(one);
      continue;
    }
    comparison.acknowledgements.push_back(one);
    if (there && !unheld)
      comparison.needless.push_back(one);
  }
}

std::string refuse_until(const std::string& until, const std::string& today) {
  if (!is_date(until))
    return "\"" + safe_text(until, 40).str() + "\" is not a date; write YYYY-MM-DD";
  if (until < today)
    return until + " is past; an acknowledgement counts until the end of that day (UTC)";
  return {};
}

}  // namespace relapse
