#include "match/asgi_view.hpp"

#include <nlohmann/json.hpp>

namespace relapse {
namespace {

Json chain_view(const std::vector<AsgiException>& chain) {
  std::vector<Json> list;
  for (const AsgiException& one : chain) {
    list.push_back(Json{{"type", one.type}, {"message", one.message}, {"where", one.where}});
  }
  return list;
}

Json exception_view(const std::vector<AsgiException>& chain) {
  const AsgiException first = chain.empty() ? AsgiException{} : chain.front();
  return {{"type", first.type},
          {"message", first.message},
          {"where", first.where},
          {"chain", chain_view(chain)}};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

/// The key that a bare string means.
const char* short_key(SelectorKind kind) {
  switch (kind) {
    case SelectorKind::sent:
    case SelectorKind::raised:
      return "type";
    case SelectorKind::waiting:
      return "what";
    case SelectorKind::complaint:
      return "kind";
    default:
      return nullptr;
  }
}

}  // namespace

bool is_of_asgi(SelectorKind kind) {
  switch (kind) {
    case SelectorKind::sent:
    case SelectorKind::raised:
    case SelectorKind::returned:
    case SelectorKind::waiting:
    case SelectorKind::pending_tasks:
    case SelectorKind::complaint:
      return true;
    default:
      return false;
  }
}

std::optional<View> asgi_view(SelectorKind kind, const Event& event) {
  if (const auto* sent = std::get_if<AsgiSent>(&event.payload)) {
    return kind == SelectorKind::sent ? std::optional(View{sent->event}) : std::nullopt;
  }
  if (const auto* raised = std::get_if<AsgiRaised>(&event.payload)) {
    if (kind != SelectorKind::raised) {
      return std::nullopt;
    }
    Json view = exception_view(raised->chain);
    view["cancelled"] = raised->cancelled;
    return View{std::move(view)};
  }
  if (const auto* returned = std::get_if<AsgiReturned>(&event.payload)) {
    return kind == SelectorKind::returned
               ? std::optional(View{Json{{"value", text_or_null(returned->value)}}})
               : std::nullopt;
  }
  if (const auto* waiting = std::get_if<AsgiWaiting>(&event.payload)) {
    return kind == SelectorKind::waiting
               ? std::optional(
                     View{Json{{"what", waiting->what}, {"where", text_or_null(waiting->where)}}})
               : std::nullopt;
  }
  if (const auto* tasks = std::get_if<AsgiTasks>(&event.payload)) {
    return kind == SelectorKind::pending_tasks ? std::optional(View{Json(tasks->pending)})
                                               : std::nullopt;
  }
  const auto* complaint = std::get_if<AsgiComplaint>(&event.payload);
  if (complaint == nullptr || kind != SelectorKind::complaint) {
    return std::nullopt;
  }
  Json view = exception_view(complaint->chain);
  view["kind"] = complaint->kind;
  view["text"] = complaint->text;
  return View{std::move(view)};
}

std::optional<Mismatch> asgi_mismatch(SelectorKind kind, const Json& pattern, const View& view,
                                      const Variables& variables) {
  if (kind == SelectorKind::returned && pattern == Json(true)) {
    return std::nullopt;
  }
  if (const char* key = short_key(kind); key != nullptr && pattern.is_string()) {
    return mismatch(Json{{key, pattern}}, view, variables);
  }
  return mismatch(pattern, view, variables);
}

bool is_asgi_candidate(const Selector& selector, const Event& event) {
  if (selector.kind == SelectorKind::complaint) {
    return std::holds_alternative<AsgiComplaint>(event.payload);
  }
  if (selector.kind == SelectorKind::pending_tasks) {
    return std::holds_alternative<AsgiTasks>(event.payload);
  }
  if (event.lane != selector.lane) {
    return false;
  }
  return is_outcome_of_call(event) || (selector.kind == SelectorKind::waiting &&
                                       std::holds_alternative<AsgiWaiting>(event.payload));
}

bool is_outcome_of_call(const Event& event) {
  return std::holds_alternative<AsgiSent>(event.payload) ||
         std::holds_alternative<AsgiReturned>(event.payload) ||
         std::holds_alternative<AsgiRaised>(event.payload);
}

}  // namespace relapse
