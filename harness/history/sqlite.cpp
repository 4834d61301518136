#include "history/sqlite.hpp"

#include <sqlite3.h>

namespace relapse {
namespace {

constexpr int busy_milliseconds = 20000;

[[noreturn]] void fail(sqlite3* handle, int code) {
  throw IndexError(handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle), code);
}

void check(sqlite3* handle, int code) {
  if (code != SQLITE_OK)
    fail(handle, code);
}

}  // namespace

bool IndexError::damaged() const {
  const int primary = code_ & 0xff;
  // SQLITE_ERROR is a table or a column that is not there although the version says so.
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR ||
         primary == SQLITE_MISMATCH || code_ == SQLITE_IOERR_SHORT_READ;
}

Database::Database(const std::filesystem::path& path) {
  const int code =
      sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (code != SQLITE_OK) {
    const std::string what = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw IndexError(what, code);
  }
  sqlite3_busy_timeout(handle_, busy_milliseconds);
}

Database::~Database() {
  sqlite3_close(handle_);
}

void Database::execute(const std::string& sql) {
  check(handle_, sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  check(database.get(), sqlite3_prepare_v2(database.get(), sql.data(), static_cast<int>(sql.size()),
                                           &statement_, nullptr));
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(std::int64_t value) {
  check(database_.get(), sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const char* start = text.data() == nullptr ? "" : text.data();
  check(database_.get(), sqlite3_bind_text64(statement_, ++bound_, start, text.size(),
                                             SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    fail(database_.get(), code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  const void* start = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return start == nullptr ? std::string{} : std::string(static_cast<const char*>(start), size);
}

Transaction::Transaction(Database& database) : database_(database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_)
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace relapse
