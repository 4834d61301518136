#include "task.hpp"

// What the rule asks for. None of these may be caught.
Task<int> sample(std::string text) {
  co_await ready();
  const bool ok = co_await ready();
  if (ok)
    co_return co_await count();
  Options options{.host = text, .port = 1};
  const int first = co_await run(std::move(options));
  const int second = co_await run_constructed(Constructed(text));
  const auto function = [text] { return text.size(); };
  const int third = co_await call(function);
  if (const int fourth = ok ? first : second; fourth > 0)
    co_return fourth;
  co_return third;
}
