#pragma once
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace relapse {

/// What SQLite could not do. The index is made from the run files, so whoever uses it can always
/// make it again or do without.
class IndexError : public std::runtime_error {
 public:
  static constexpr int not_an_index = 26;  ///< SQLITE_NOTADB
  IndexError(const std::string& what, int code) : std::runtime_error(what), code_(code) {}
  /// The file is no index, or is damaged: it has to be made again.
  bool damaged() const;

 private:
  int code_;
};

/// One connection. Everything throws IndexError.
class Database {
 public:
  /// ":memory:" or a file, which is made when it is not there.
  explicit Database(const std::filesystem::path& path);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  void execute(const std::string& sql);
  std::int64_t last_row() const;
  sqlite3* get() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. Parameters are bound in their order; step() says whether there is a row.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  bool step();
  /// Steps through to the end and makes ready to be used again.
  void run();
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

/// BEGIN IMMEDIATE, and ROLLBACK unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace relapse
