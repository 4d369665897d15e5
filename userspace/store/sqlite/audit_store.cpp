#include "store/sqlite/audit_store.h"

#include <algorithm>
#include <limits>

#include "store/sqlite/values.h"

namespace portal::store::sqlite {

namespace {

std::int64_t as_integer(std::size_t count) {
    constexpr std::size_t most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(count, most));
}

// Columns id, time, mac, vlan, interface, ip, method, user, outcome, attempts, count, detail.
Result<AuditRecord> read_record(const Statement& row, const std::string& name) {
    AuditRecord record;
    record.id = static_cast<std::uint64_t>(row.integer(0));
    record.time = wall_time(row.integer(1));
    const auto client = read_client(row, 2);
    const auto outcome = parse_audit_outcome(row.text(8));
    if (!client || !outcome)
        return std::unexpected(damaged(name, "audit record " + std::to_string(record.id)));
    record.client = *client;
    record.interface = optional_text(row, 4);
    record.ip = optional_address(row, 5);
    record.method = row.text(6);
    record.user = optional_text(row, 7);
    record.outcome = *outcome;
    record.attempts = static_cast<std::uint32_t>(row.integer(9));
    record.count = static_cast<std::uint32_t>(row.integer(10));
    record.detail = optional_text(row, 11);
    return record;
}

// Makes room where there are more records of this kind than there may be.
Status make_room(Database& database, bool accepted, std::size_t most) {
    TRY_ASSIGN(Statement total,
               database.prepare("SELECT records FROM audit_totals WHERE accepted = ?"));
    total.bind(1, std::int64_t{accepted});
    TRY_ASSIGN(const bool row, total.step());
    const std::int64_t excess = row ? total.integer(0) - as_integer(most) : 0;
    if (excess <= 0) return {};
    TRY_ASSIGN(Statement oldest,
               database.prepare("DELETE FROM audit WHERE id IN (SELECT id FROM audit"
                                " WHERE (outcome = 'accepted') = ? ORDER BY id LIMIT ?)"));
    oldest.bind(1, std::int64_t{accepted}).bind(2, excess);
    return oldest.run();
}

}  // namespace

Result<std::uint64_t> append_audit(Database& database, const AuditRecord& record,
                                   const AuditLimits& limits) {
    TRY_ASSIGN(Statement insert,
               database.prepare("INSERT INTO audit (time, mac, vlan, interface, ip, method, user,"
                                " outcome, attempts, count, detail)"
                                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"));
    insert.bind(1, stored(record.time));
    bind(insert, 2, record.client);
    bind(insert, 4, record.interface);
    bind(insert, 5, record.ip);
    insert.bind(6, record.method);
    bind(insert, 7, record.user);
    insert.bind(8, to_string(record.outcome))
        .bind(9, std::int64_t{record.attempts})
        .bind(10, std::int64_t{record.count});
    bind(insert, 11, record.detail);
    TRY(insert.step());
    const auto id = static_cast<std::uint64_t>(insert.integer(0));
    TRY(insert.run());
    const bool accepted = record.outcome == AuditOutcome::accepted;
    TRY(make_room(database, accepted, accepted ? limits.accepted : limits.others));
    return id;
}

Result<std::uint64_t> SqliteAuditStore::append(const AuditRecord& record) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY_ASSIGN(const std::uint64_t id, append_audit(database_, record, limits_));
    TRY(transaction.commit());
    return id;
}

Status SqliteAuditStore::count(std::span<const AuditRepeat> repeats) {
    if (repeats.empty()) return {};
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY_ASSIGN(Statement update,
               database_.prepare("UPDATE audit SET count = min(count + ?, 4294967295) WHERE id ="
                                 " (SELECT max(id) FROM audit WHERE mac = ? AND vlan = ?"
                                 " AND method = ? AND outcome = ?"
                                 " AND (outcome <> 'accepted' OR user IS ?))"));
    for (const AuditRepeat& repeat : repeats) {
        update.bind(1, std::int64_t{repeat.times});
        bind(update, 2, repeat.client);
        update.bind(4, repeat.method).bind(5, to_string(repeat.outcome));
        bind(update, 6, repeat.user);
        TRY(update.run());
    }
    return transaction.commit();
}

Result<std::vector<AuditRecord>> SqliteAuditStore::list(const AuditFilter& filter) {
    std::string where;
    const auto add = [&](std::string_view condition) {
        where += (where.empty() ? " WHERE " : " AND ") + std::string(condition);
    };
    if (filter.client) add("mac = ?1 AND vlan = ?2");
    if (filter.user) add("user = ?3");
    if (filter.since) add("time >= ?4");
    if (filter.before) add("id < ?5");
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows,
               database_.prepare("SELECT id, time, mac, vlan, interface, ip, method, user, outcome,"
                                 " attempts, count, detail FROM audit" +
                                 where + " ORDER BY id DESC LIMIT ?6"));
    if (filter.client) bind(rows, 1, *filter.client);
    if (filter.user) rows.bind(3, *filter.user);
    if (filter.since) rows.bind(4, stored(*filter.since));
    if (filter.before) rows.bind(5, as_integer(*filter.before));
    rows.bind(6, as_integer(filter.limit));
    std::vector<AuditRecord> records;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return records;
        TRY_ASSIGN(AuditRecord record, read_record(rows, database_.name()));
        records.push_back(std::move(record));
    }
}

Result<std::size_t> SqliteAuditStore::purge(WallTime before, std::size_t most) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement erase,
               database_.prepare("DELETE FROM audit WHERE id IN"
                                 " (SELECT id FROM audit WHERE time < ? LIMIT ?)"));
    erase.bind(1, stored(before)).bind(2, as_integer(most));
    TRY(erase.run());
    return static_cast<std::size_t>(database_.changes());
}

}  // namespace portal::store::sqlite
