// A prepared statement. Parameters count from 1, columns from 0, as SQLite does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace portal::store::sqlite {

// The error of the last call on `database`, which failed; `what` says where.
Error last_error(sqlite3* database, std::string_view what);

class Statement {
  public:
    // `place` stands before the text of errors.
    static Result<Statement> prepare(sqlite3* database, std::string_view sql, std::string place);

    // The values must outlive the next step() or reset(). A failed bind is step()'s error.
    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, std::span<const std::uint8_t> bytes);
    Statement& bind_null(int parameter);

    // Whether there is a row.
    Result<bool> step();
    // Runs to the end; rows are not wanted. Then ready to be bound again.
    Status run();
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    // Valid until the next step() or reset().
    std::span<const std::uint8_t> bytes(int column) const;

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    Statement(sqlite3_stmt* statement, std::string place);
    void note(int code);
    Error error() const;

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    std::string place_;
    int bind_result_ = 0;
};

}  // namespace portal::store::sqlite
