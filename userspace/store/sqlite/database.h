// One open SQLite file, checked to be ours and sound. Statements of several threads must not mix:
// hold lock() from prepare() to the last step().
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "store/sqlite/file_lock.h"
#include "store/sqlite/statement.h"

namespace portal::store::sqlite {

class Database {
  public:
    // As open() in store/sqlite/store.h.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path);

    [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

    Result<Statement> prepare(std::string_view sql);
    // One statement without parameters or rows.
    Status execute(std::string_view sql);
    // The first column of the first row.
    Result<std::int64_t> integer(std::string_view sql);
    // Several statements.
    Status execute_script(const std::string& sql);

    // Rows that the last statement inserted, updated or deleted.
    std::int64_t changes() const;
    const std::string& name() const { return name_; }

  private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };

    Database(FileLock file_lock, std::string name, std::unique_ptr<sqlite3, Close> handle);
    Status check_identity();
    Status configure();

    FileLock file_lock_;  // outlives handle_
    std::string name_;    // the path, for messages
    std::unique_ptr<sqlite3, Close> handle_;
    std::mutex mutex_;
};

// Rolls back unless committed. Hold the database's lock around it.
class Transaction {
  public:
    // Takes the write lock at once, so that what is read stays true.
    static Result<Transaction> begin(Database& database);

    Transaction(Transaction&& other) noexcept
        : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    Status commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}

    Database* database_;
};

}  // namespace portal::store::sqlite
