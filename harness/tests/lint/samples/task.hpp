#pragma once
// The least that makes a coroutine, so that the samples need no library.
#include <coroutine>
#include <exception>
#include <string>
#include <utility>

template <class T>
struct Task {
  struct promise_type {
    T value{};
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_value(T given) { value = std::move(given); }
    void unhandled_exception() { std::terminate(); }
  };
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  T await_resume() { return {}; }
};

struct Options {
  std::string host;
  int port = 0;
};
struct Constructed {
  explicit Constructed(std::string text) : host(std::move(text)) {}
  std::string host;
};

Task<bool> ready();
Task<int> count();
Task<int> run(Options options);
Task<int> run_constructed(Constructed options);
template <class F>
Task<int> call(F function) {
  function();
  co_return 0;
}
