#include "store/sqlite/session_store.h"

#include <limits>

#include "store/sqlite/audit_store.h"
#include "store/sqlite/values.h"

namespace portal::store::sqlite {

namespace {

// Counters keep their bits: SQLite's integers are signed.
std::int64_t stored(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}
std::uint64_t counted(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

Result<Session> read_session(const Statement& row, const std::string& name) {
    Session session;
    session.id = counted(row.integer(0));
    const auto client = read_client(row, 1);
    const auto state = parse_client_state(row.text(3));
    if (!client || !state)
        return std::unexpected(damaged(name, "session " + std::to_string(session.id)));
    session.client = *client;
    session.state = *state;
    session.method = row.text(4);
    session.user = optional_text(row, 5);
    session.policy = row.text(6);
    session.signed_in_at = wall_time(row.integer(7));
    session.expires_at = optional_time(row, 8);
    session.idle_timeout = Seconds(row.integer(9));
    session.usage = {.rx_packets = counted(row.integer(10)),
                     .rx_bytes = counted(row.integer(11)),
                     .tx_packets = counted(row.integer(12)),
                     .tx_bytes = counted(row.integer(13))};
    session.last_seen = optional_time(row, 14);
    session.policy_named = row.integer(15) != 0;
    session.interface = optional_text(row, 16);
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
    bind(statement, 1, client);
    return statement.run();
}

}  // namespace

Result<std::vector<Session>> SqliteSessionStore::load_all() {
    const auto lock = database_.lock();
    TRY_ASSIGN(
        Statement rows,
        database_.prepare("SELECT id, mac, vlan, state, method, user, policy, signed_in_at,"
                          " expires_at, idle_timeout, rx_packets, rx_bytes, tx_packets,"
                          " tx_bytes, last_seen, policy_named, interface FROM sessions"
                          " ORDER BY mac, vlan"));
    std::vector<Session> sessions;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return sessions;
        TRY_ASSIGN(Session session, read_session(rows, database_.name()));
        sessions.push_back(std::move(session));
    }
}

Result<std::uint64_t> SqliteSessionStore::put(const Session& session, const AuditRecord* record) {
    if (session.id > counted(std::numeric_limits<std::int64_t>::max()))
        return fail(ErrorCode::invalid, std::to_string(session.id) + " is not a session's id");
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    // Not an upsert: that would not tell AUTOINCREMENT of a new id.
    TRY(delete_session(database_, session.client));
    TRY_ASSIGN(Statement insert,
               database_.prepare("INSERT INTO sessions (id, mac, vlan, state, method, user, policy,"
                                 " signed_in_at, expires_at, idle_timeout, rx_packets, rx_bytes,"
                                 " tx_packets, tx_bytes, last_seen, policy_named, interface)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                 " RETURNING id"));
    if (session.id == 0)
        insert.bind_null(1);
    else
        insert.bind(1, stored(session.id));
    bind(insert, 2, session.client);
    insert.bind(4, to_string(session.state)).bind(5, session.method);
    bind(insert, 6, session.user);
    insert.bind(7, session.policy).bind(8, stored(session.signed_in_at));
    bind(insert, 9, session.expires_at);
    insert.bind(10, session.idle_timeout.count());
    bind_usage(insert, 11, session.usage);
    bind(insert, 15, session.last_seen);
    insert.bind(16, session.policy_named ? 1 : 0);
    bind(insert, 17, session.interface);
    TRY(insert.step());
    const std::uint64_t id = counted(insert.integer(0));
    insert.reset();
    if (record) TRY(append_audit(database_, *record));
    TRY(transaction.commit());
    return id;
}

Result<bool> SqliteSessionStore::erase(const ClientId& client, const AuditRecord* record) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY(delete_session(database_, client));
    const bool erased = database_.changes() != 0;
    if (record) TRY(append_audit(database_, *record));
    TRY(transaction.commit());
    return erased;
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
