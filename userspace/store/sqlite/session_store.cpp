#include "store/sqlite/session_store.h"

#include <algorithm>
#include <limits>

namespace portal::store::sqlite {

namespace {

// Counters keep their bits: SQLite's integers are signed.
std::int64_t stored(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}
std::uint64_t counted(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

std::int64_t stored(WallTime time) {
    return time.time_since_epoch().count();
}
WallTime wall_time(std::int64_t value) {
    return WallTime(std::chrono::milliseconds(value));
}

void bind(Statement& statement, int parameter, const std::optional<WallTime>& time) {
    if (time)
        statement.bind(parameter, stored(*time));
    else
        statement.bind_null(parameter);
}

std::optional<WallTime> optional_time(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return wall_time(row.integer(column));
}

Result<Session> read_session(const Statement& row, const std::string& name) {
    Session session;
    session.id = counted(row.integer(0));
    const auto mac = row.bytes(1);
    const auto state = parse_client_state(row.text(3));
    // The table's checks hold for what was written through it, not for a damaged file.
    if (mac.size() != session.client.mac.bytes.size() || !state)
        return fail(ErrorCode::system,
                    name + ": session " + std::to_string(session.id) + " is damaged",
                    "restore a backup, or move the file away and start anew");
    std::ranges::copy(mac, session.client.mac.bytes.begin());
    session.client.vlan = static_cast<std::uint16_t>(row.integer(2));
    session.state = *state;
    session.method = row.text(4);
    if (!row.is_null(5)) session.user = row.text(5);
    session.policy = row.text(6);
    session.signed_in_at = wall_time(row.integer(7));
    session.expires_at = optional_time(row, 8);
    session.idle_timeout = Seconds(row.integer(9));
    session.usage = {.rx_packets = counted(row.integer(10)),
                     .rx_bytes = counted(row.integer(11)),
                     .tx_packets = counted(row.integer(12)),
                     .tx_bytes = counted(row.integer(13))};
    session.last_seen = optional_time(row, 14);
    return session;
}

void bind_usage(Statement& statement, int first, const Usage& usage) {
    statement.bind(first, stored(usage.rx_packets))
        .bind(first + 1, stored(usage.rx_bytes))
        .bind(first + 2, stored(usage.tx_packets))
        .bind(first + 3, stored(usage.tx_bytes));
}

Status delete_session(Database& database, const ClientId& client) {
    TRY_ASSIGN(Statement statement,
               database.prepare("DELETE FROM sessions WHERE mac = ? AND vlan = ?"));
    statement.bind(1, client.mac.bytes).bind(2, std::int64_t{client.vlan});
    return statement.run();
}

}  // namespace

Result<std::vector<Session>> SqliteSessionStore::load_all() {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows,
               database_.prepare("SELECT id, mac, vlan, state, method, user, policy, signed_in_at,"
                                 " expires_at, idle_timeout, rx_packets, rx_bytes, tx_packets,"
                                 " tx_bytes, last_seen FROM sessions ORDER BY mac, vlan"));
    std::vector<Session> sessions;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return sessions;
        TRY_ASSIGN(Session session, read_session(rows, database_.name()));
        sessions.push_back(std::move(session));
    }
}

Result<std::uint64_t> SqliteSessionStore::put(const Session& session) {
    if (session.id > counted(std::numeric_limits<std::int64_t>::max()))
        return fail(ErrorCode::invalid, std::to_string(session.id) + " is not a session's id");
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    // Not an upsert: that would not tell AUTOINCREMENT of a new id.
    TRY(delete_session(database_, session.client));
    TRY_ASSIGN(Statement insert,
               database_.prepare("INSERT INTO sessions (id, mac, vlan, state, method, user, policy,"
                                 " signed_in_at, expires_at, idle_timeout, rx_packets, rx_bytes,"
                                 " tx_packets, tx_bytes, last_seen)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                 " RETURNING id"));
    if (session.id == 0)
        insert.bind_null(1);
    else
        insert.bind(1, stored(session.id));
    insert.bind(2, session.client.mac.bytes)
        .bind(3, std::int64_t{session.client.vlan})
        .bind(4, to_string(session.state))
        .bind(5, session.method);
    if (session.user)
        insert.bind(6, *session.user);
    else
        insert.bind_null(6);
    insert.bind(7, session.policy).bind(8, stored(session.signed_in_at));
    bind(insert, 9, session.expires_at);
    insert.bind(10, session.idle_timeout.count());
    bind_usage(insert, 11, session.usage);
    bind(insert, 15, session.last_seen);
    TRY(insert.step());
    const std::uint64_t id = counted(insert.integer(0));
    insert.reset();
    TRY(transaction.commit());
    return id;
}

Result<bool> SqliteSessionStore::erase(const ClientId& client) {
    const auto lock = database_.lock();
    TRY(delete_session(database_, client));
    return database_.changes() != 0;
}

Status SqliteSessionStore::checkpoint(std::span<const Checkpoint> checkpoints) {
    if (checkpoints.empty()) return {};
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY_ASSIGN(Statement update,
               database_.prepare("UPDATE sessions SET rx_packets = ?, rx_bytes = ?, tx_packets = ?,"
                                 " tx_bytes = ?, last_seen = coalesce(?, last_seen)"
                                 " WHERE id = ?"));
    for (const Checkpoint& checkpoint : checkpoints) {
        bind_usage(update, 1, checkpoint.usage);
        bind(update, 5, checkpoint.last_seen);
        update.bind(6, stored(checkpoint.session));
        TRY(update.run());
    }
    return transaction.commit();
}

}  // namespace portal::store::sqlite
