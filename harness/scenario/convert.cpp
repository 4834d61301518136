#include "scenario/convert.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

/// `part` as often as the object around it says. A total beyond the bound is an error.
Bytes repeated(const Bytes& part, const Node& object, Conversion& conversion) {
  const Node* repeat = object.find("repeat");
  const Node* times = object.find("times");
  if (times == nullptr) {
    conversion.diagnostics.push_back(make_error(conversion.file, repeat->span,
                                                "\"repeat\" without \"times\"", {},
                                                "how often is part of it: {\"repeat\": \"ab\", "
                                                "\"times\": 1000}"));
    return {};
  }
  std::uint64_t count = 0;
  std::from_chars(times->text.data(), times->text.data() + times->text.size(), count);
  if (!part.empty() && count > schema::max_sent_octets / part.size()) {
    conversion.diagnostics.push_back(make_error(conversion.file, times->span,
                                                times->text + " times " +
                                                    std::to_string(part.size()) +
                                                    " octets is more than can be sent at once",
                                                {}, "the most is 64 MiB, which is 67108864"));
    return {};
  }
  const std::size_t whole = part.size() * count;
  Bytes all = count > 0 ? part : Bytes();
  all.reserve(whole);
  while (all.size() < whole) {
    all.append(all, 0, std::min(all.size(), whole - all.size()));
  }
  return all;
}

std::vector<std::string> as_texts(const Node& node) {
  if (node.is(Node::Kind::string)) {
    return {node.text};
  }
  std::vector<std::string> list;
  for (const Node& item : node.items) {
    list.push_back(item.text);
  }
  return list;
}

}  // namespace

bool flag(const Node& node, std::string_view key, bool fallback) {
  const Node* value = node.find(key);
  return value != nullptr ? value->boolean : fallback;
}

std::string text(const Node& node, std::string_view key, std::string fallback) {
  const Node* value = node.find(key);
  return value != nullptr ? value->text : std::move(fallback);
}

std::optional<Duration> time_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value != nullptr ? parse_duration(value->text) : std::nullopt;
}

int small_number(const Node& node, std::string_view key, int fallback) {
  const Node* value = node.find(key);
  if (value != nullptr) {
    std::from_chars(value->text.data(), value->text.data() + value->text.size(), fallback);
  }
  return fallback;
}

std::vector<std::string> texts(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value != nullptr ? as_texts(*value) : std::vector<std::string>{};
}

std::vector<std::pair<std::string, std::string>> pairs(const Node& node, std::string_view key) {
  std::vector<std::pair<std::string, std::string>> list;
  if (const Node* value = node.find(key)) {
    for (const Member& member : value->members) {
      for (std::string& one : as_texts(member.value)) {
        list.emplace_back(member.key, std::move(one));
      }
    }
  }
  return list;
}

std::vector<Header> headers(const Node& node, std::string_view key) {
  std::vector<Header> list;
  for (auto& [name, value] : pairs(node, key)) {
    list.push_back({name, value});
  }
  return list;
}

std::vector<Header> sent_headers(const Node& node, Conversion& conversion) {
  std::vector<Header> list;
  const Node* value = node.find("headers");
  for (std::size_t i = 0; value != nullptr && i < value->members.size(); ++i) {
    const Member& member = value->members[i];
    if (const Node* repeat = member.value.find("repeat")) {
      list.push_back({member.key, repeated(repeat->text, member.value, conversion)});
      continue;
    }
    for (std::string& one : as_texts(member.value)) {
      list.push_back({member.key, std::move(one)});
    }
  }
  return list;
}

std::map<std::string, std::optional<std::string>> environment(const Node& node,
                                                              std::string_view key) {
  std::map<std::string, std::optional<std::string>> variables;
  if (const Node* value = node.find(key)) {
    for (const Member& member : value->members) {
      variables[member.key] = member.value.is(Node::Kind::null)
                                  ? std::nullopt
                                  : std::optional<std::string>(member.value.text);
    }
  }
  return variables;
}

std::map<std::string, std::string> file_contents(const Node& node, std::string_view key) {
  std::map<std::string, std::string> files;
  if (const Node* value = node.find(key)) {
    for (const Member& member : value->members) {
      files[member.key] = member.value.text;
    }
  }
  return files;
}

const std::filesystem::path& file_of(const Span& span, const Conversion& conversion) {
  return span.origin != nullptr ? span.origin->file : conversion.file;
}

SourceRef source(const Node& node, const Conversion& conversion) {
  return {file_of(node.span, conversion).generic_string(), node.span.line, node.span.column};
}

Octets convert_octets(const Node& node, Conversion& conversion) {
  const Node* form = node.is(Node::Kind::string) ? &node : node.find("text");
  if (form != nullptr) {
    return {form->text, form->text.find("${") != std::string::npos};
  }
  if (const Node* hex = node.find("hex")) {
    return {from_hex(hex->text).value_or(Bytes{}), false};
  }
  if (const Node* base64 = node.find("base64")) {
    return {from_base64(base64->text).value_or(Bytes{}), false};
  }
  if (const Node* repeat = node.find("repeat")) {
    const Octets part = convert_octets(*repeat, conversion);
    return {repeated(part.data, node, conversion), part.has_variables};
  }
  const Node* path = node.find("file");
  if (path == nullptr) {
    return {};
  }
  auto content = read_file(file_of(path->span, conversion).parent_path() / path->text);
  if (!content) {
    conversion.diagnostics.push_back(make_error(conversion.file, path->span,
                                                "cannot read " + quote(path->text) +
                                                    ": its path counts from the folder of this "
                                                    "file",
                                                {}, content.error().message));
    return {};
  }
  conversion.read_files += '\0' + *content;
  return {*std::move(content), false};
}

HttpRequest convert_request(const Node& node, Conversion& conversion) {
  HttpRequest request;
  request.method = text(node, "method", request.method);
  request.path = text(node, "path", request.path);
  request.query = pairs(node, "query");
  request.headers = sent_headers(node, conversion);
  request.omit = texts(node, "omit");
  request.http_version = text(node, "http_version", request.http_version);
  if (const Node* body = node.find("body")) {
    request.body = convert_octets(*body, conversion);
  }
  if (const Node* json = node.find("json")) {
    request.json_body = Value(to_json(*json));
  }
  return request;
}

}  // namespace relapse
