#include "store/sqlite/statement.h"

#include <sqlite3.h>

namespace portal::store::sqlite {

Error last_error(sqlite3* database, std::string_view what) {
    const int code = sqlite3_extended_errcode(database);
    const std::string text = std::string(what) + ": " + sqlite3_errmsg(database);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return {ErrorCode::full, text, "free some space on the file system of the store"};
        case SQLITE_CONSTRAINT:
            return {ErrorCode::conflict, text, {}};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::unavailable, text, "another program keeps the store locked"};
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {ErrorCode::unavailable, text,
                    "portald must be able to write the store and its directory"};
        case SQLITE_NOTADB:
            return {ErrorCode::invalid, text, "move the file away, or name another with store.url"};
        case SQLITE_CORRUPT:
            return {ErrorCode::system, text,
                    "the store is damaged: restore a backup, or move the file away and start anew"};
        default:
            return {ErrorCode::system, text, {}};
    }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3_stmt* statement, std::string place)
    : statement_(statement), place_(std::move(place)) {}

Result<Statement> Statement::prepare(sqlite3* database, std::string_view sql, std::string place) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement,
                           nullptr) != SQLITE_OK)
        return std::unexpected(last_error(database, place));
    return Statement(statement, std::move(place));
}

void Statement::note(int code) {
    if (bind_result_ == SQLITE_OK) bind_result_ = code;
}

Error Statement::error() const {
    return last_error(sqlite3_db_handle(statement_.get()), place_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    note(sqlite3_bind_int64(statement_.get(), parameter, value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    // A null pointer would bind NULL.
    const char* data = text.empty() ? "" : text.data();
    note(sqlite3_bind_text64(statement_.get(), parameter, data, text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> bytes) {
    note(sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(),
                             SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    note(sqlite3_bind_null(statement_.get(), parameter));
    return *this;
}

Result<bool> Statement::step() {
    if (bind_result_ != SQLITE_OK)
        return fail(ErrorCode::system, place_ + ": " + sqlite3_errstr(bind_result_));
    switch (sqlite3_step(statement_.get())) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            return std::unexpected(error());
    }
}

Status Statement::run() {
    while (true) {
        TRY_ASSIGN(const bool row, step());
        if (!row) break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    bind_result_ = SQLITE_OK;
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const unsigned char* data = sqlite3_column_text(statement_.get(), column);
    if (data == nullptr) return {};
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_.get(), column);
    if (data == nullptr) return {};
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

}  // namespace portal::store::sqlite
