#include <nlohmann/json.hpp>
#include <optional>

#include "catch.hpp"
#include "match/asgi_view.hpp"
#include "scenario/schema_table.hpp"

// The keys that a file may name (scenario) and those of what is seen (match) are written down
// twice.

namespace relapse {
namespace {

TEST_CASE("asgi: every key of a pattern is a key of the view that it sees", "[engine][asgi]") {
  Event event;
  event.payload = AsgiRaised{{{"OSError", "m", "w"}}, "t", false};
  const auto has_all = [&](SelectorKind kind, const schema::Type& type) {
    const auto view = asgi_view(kind, event);
    REQUIRE(view);
    const schema::Type* pattern = schema::as_kind(type, schema::Type::Kind::pattern);
    REQUIRE(pattern != nullptr);
    for (const schema::Key& key : pattern->item->table->keys) {
      INFO(key.name);
      CHECK(view->value.json().contains(key.name));
    }
    CHECK(view->value.json().size() == pattern->item->table->keys.size());
  };
  has_all(SelectorKind::raised, schema::asgi::raised);
  event.payload = AsgiReturned{};
  has_all(SelectorKind::returned, schema::asgi::returned);
  event.payload = AsgiWaiting{"receive", ""};
  has_all(SelectorKind::waiting, schema::asgi::waiting);
  event.payload = AsgiComplaint{"loop", "text", {}, ""};
  has_all(SelectorKind::complaint, schema::asgi::complaint);
}

}  // namespace
}  // namespace relapse
