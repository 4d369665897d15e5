#include "store/sqlite/user_store.h"

#include "base/text.h"
#include "store/sqlite/values.h"

namespace portal::store::sqlite {

namespace {

// As read_user() takes them.
const std::string kColumns = "name, password_hash, created_at, policy";

User read_user(const Statement& row) {
    return {row.text(0), row.text(1), wall_time(row.integer(2)), optional_text(row, 3)};
}

// The user that a statement with RETURNING changed.
Result<User> changed_user(Statement& statement, std::string_view name) {
    TRY_ASSIGN(const bool row, statement.step());
    if (!row)
        return fail(ErrorCode::not_found, "there is no user \"" + printable(name) + "\"",
                    "user show lists them");
    User user = read_user(statement);
    // The change is committed when the statement has run to its end.
    TRY(statement.run());
    return user;
}

}  // namespace

Status SqliteUserStore::add(const User& user) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement insert, database_.prepare("INSERT INTO users (" + kColumns +
                                                   ") VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"));
    insert.bind(1, user.name)
        .bind(2, user.password_hash)
        .bind(3, user.created_at.time_since_epoch().count());
    bind(insert, 4, user.policy);
    TRY(insert.run());
    if (database_.changes() == 0)
        return fail(ErrorCode::conflict, "there is a user \"" + printable(user.name) + "\" already",
                    "user passwd changes the password");
    return {};
}

Result<User> SqliteUserStore::set_password(std::string_view name, std::string_view password_hash) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement update,
               database_.prepare("UPDATE users SET password_hash = ? WHERE name = ?"
                                 " RETURNING " +
                                 kColumns));
    update.bind(1, password_hash).bind(2, name);
    return changed_user(update, name);
}

Result<User> SqliteUserStore::erase(std::string_view name) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement statement, database_.prepare("DELETE FROM users WHERE name = ?"
                                                      " RETURNING " +
                                                      kColumns));
    statement.bind(1, name);
    return changed_user(statement, name);
}

Result<std::optional<User>> SqliteUserStore::find(std::string_view name) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows,
               database_.prepare("SELECT " + kColumns + " FROM users WHERE name = ?"));
    rows.bind(1, name);
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return std::nullopt;
    return read_user(rows);
}

Result<std::vector<User>> SqliteUserStore::list() {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows,
               database_.prepare("SELECT " + kColumns + " FROM users ORDER BY name"));
    std::vector<User> users;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return users;
        users.push_back(read_user(rows));
    }
}

}  // namespace portal::store::sqlite
