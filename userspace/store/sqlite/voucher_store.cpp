#include "store/sqlite/voucher_store.h"

#include <sodium.h>

#include <array>

#include "store/sqlite/values.h"

namespace portal::store::sqlite {

namespace {

using Digest = std::array<std::uint8_t, crypto_hash_sha256_BYTES>;

#define VOUCHER_COLUMNS \
    "code, timeout, policy, uses, devices, valid_until, note, created_at, revoked_at"

Digest digest_of(const VoucherCode& code) {
    Digest digest{};
    const std::string_view text = code.characters();
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
    return digest;
}

// Columns VOUCHER_COLUMNS.
Result<Voucher> read_voucher(const Statement& row, const std::string& name) {
    const auto code = parse_voucher_code(row.text(0));
    if (!code) return std::unexpected(damaged(name, "a voucher"));
    Voucher voucher;
    voucher.code = *code;
    if (!row.is_null(1)) voucher.timeout = Seconds(row.integer(1));
    voucher.policy = optional_text(row, 2);
    voucher.uses = static_cast<std::uint32_t>(row.integer(3));
    voucher.devices = static_cast<std::uint32_t>(row.integer(4));
    voucher.valid_until = optional_time(row, 5);
    voucher.note = row.text(6);
    voucher.created_at = wall_time(row.integer(7));
    voucher.revoked_at = optional_time(row, 8);
    return voucher;
}

Result<std::optional<Voucher>> find_voucher(Database& database, const Digest& digest) {
    TRY_ASSIGN(Statement rows,
               database.prepare("SELECT " VOUCHER_COLUMNS " FROM vouchers WHERE digest = ?"));
    rows.bind(1, digest);
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return std::nullopt;
    return read_voucher(rows, database.name());
}

Result<std::optional<Redemption>> find_redemption(Database& database, const Digest& digest,
                                                  const ClientId& client) {
    TRY_ASSIGN(Statement rows,
               database.prepare("SELECT redeemed_at, ends_at FROM voucher_redemptions"
                                " WHERE voucher = ? AND mac = ? AND vlan = ?"));
    rows.bind(1, digest);
    bind(rows, 2, client);
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return std::nullopt;
    return Redemption{client, wall_time(rows.integer(0)), wall_time(rows.integer(1))};
}

Status add_redemption(Database& database, const Digest& digest, const Redemption& redemption) {
    TRY_ASSIGN(Statement insert, database.prepare("INSERT INTO voucher_redemptions"
                                                  " (voucher, mac, vlan, redeemed_at, ends_at)"
                                                  " VALUES (?, ?, ?, ?, ?)"));
    insert.bind(1, digest);
    bind(insert, 2, redemption.client);
    insert.bind(4, stored(redemption.redeemed_at)).bind(5, stored(redemption.ends_at));
    TRY(insert.run());
    TRY_ASSIGN(Statement update,
               database.prepare("UPDATE vouchers SET devices = devices + 1 WHERE digest = ?"));
    update.bind(1, digest);
    return update.run();
}

}  // namespace

Status SqliteVoucherStore::add(std::span<const Voucher> vouchers) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY_ASSIGN(const std::int64_t there, database_.integer("SELECT count(*) FROM vouchers"));
    if (static_cast<std::size_t>(there) + vouchers.size() > kMostVouchers)
        return fail(ErrorCode::full, "there are " + std::to_string(there) + " vouchers already",
                    "at most " + std::to_string(kMostVouchers) +
                        " are kept; those that are over go after audit.retention");
    TRY_ASSIGN(Statement insert,
               database_.prepare("INSERT INTO vouchers (digest, " VOUCHER_COLUMNS
                                 ") VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING"));
    for (const Voucher& voucher : vouchers) {
        const Digest digest = digest_of(voucher.code);
        insert.bind(1, digest).bind(2, voucher.code.characters());
        if (voucher.timeout)
            insert.bind(3, voucher.timeout->count());
        else
            insert.bind_null(3);
        bind(insert, 4, voucher.policy);
        insert.bind(5, std::int64_t{voucher.uses});
        bind(insert, 6, voucher.valid_until);
        insert.bind(7, voucher.note).bind(8, stored(voucher.created_at));
        bind(insert, 9, voucher.revoked_at);
        TRY(insert.run());
        if (database_.changes() == 0)
            return fail(ErrorCode::conflict,
                        "there is a voucher " + voucher.code.to_string() + " already");
    }
    return transaction.commit();
}

Result<std::vector<Voucher>> SqliteVoucherStore::list() {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows, database_.prepare("SELECT " VOUCHER_COLUMNS
                                                 " FROM vouchers ORDER BY created_at, code"));
    std::vector<Voucher> vouchers;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return vouchers;
        TRY_ASSIGN(Voucher voucher, read_voucher(rows, database_.name()));
        vouchers.push_back(std::move(voucher));
    }
}

Result<std::optional<Voucher>> SqliteVoucherStore::find(const VoucherCode& code) {
    const auto lock = database_.lock();
    return find_voucher(database_, digest_of(code));
}

Result<std::vector<Redemption>> SqliteVoucherStore::redemptions(const VoucherCode& code) {
    const Digest digest = digest_of(code);
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows, database_.prepare("SELECT mac, vlan, redeemed_at, ends_at"
                                                 " FROM voucher_redemptions WHERE voucher = ?"
                                                 " ORDER BY mac, vlan"));
    rows.bind(1, digest);
    std::vector<Redemption> redemptions;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return redemptions;
        const auto client = read_client(rows, 0);
        if (!client) return std::unexpected(damaged(database_.name(), "a voucher's redemption"));
        redemptions.emplace_back(*client, wall_time(rows.integer(2)), wall_time(rows.integer(3)));
    }
}

Result<std::optional<VoucherStore::Redeemed>> SqliteVoucherStore::redeem(const VoucherCode& code,
                                                                         const ClientId& client,
                                                                         WallTime now,
                                                                         Seconds default_timeout) {
    const Digest digest = digest_of(code);
    const auto lock = database_.lock();
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    TRY_ASSIGN(auto voucher, find_voucher(database_, digest));
    if (!voucher || voucher->revoked_at) return std::nullopt;
    TRY_ASSIGN(const auto before, find_redemption(database_, digest, client));
    if (before) {
        if (before->ends_at <= now) return std::nullopt;
        return Redeemed{std::move(*voucher), *before};
    }
    if (!admits_another(*voucher, now)) return std::nullopt;
    const Redemption redemption{client, now, now + voucher->timeout.value_or(default_timeout)};
    TRY(add_redemption(database_, digest, redemption));
    TRY(transaction.commit());
    ++voucher->devices;
    return Redeemed{std::move(*voucher), redemption};
}

Result<Voucher> SqliteVoucherStore::revoke(const VoucherCode& code, WallTime now) {
    const Digest digest = digest_of(code);
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement update,
               database_.prepare("UPDATE vouchers SET revoked_at = coalesce(revoked_at, ?)"
                                 " WHERE digest = ? RETURNING " VOUCHER_COLUMNS));
    update.bind(1, stored(now)).bind(2, digest);
    TRY_ASSIGN(const bool row, update.step());
    if (!row)
        return fail(ErrorCode::not_found, "there is no voucher " + code.to_string(),
                    "voucher show lists them");
    TRY_ASSIGN(Voucher voucher, read_voucher(update, database_.name()));
    // The change is committed when the statement has run to its end.
    TRY(update.run());
    return voucher;
}

Result<std::size_t> SqliteVoucherStore::forget(WallTime before, std::size_t most) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement erase,
               database_.prepare("DELETE FROM vouchers WHERE digest IN (SELECT digest FROM vouchers"
                                 " WHERE revoked_at < ?1"
                                 " OR ((valid_until < ?1"
                                 " OR (created_at < ?1 AND devices >= iif(uses = 0, ?2, uses)))"
                                 " AND NOT EXISTS (SELECT 1 FROM voucher_redemptions"
                                 " WHERE voucher = digest AND ends_at >= ?1)) LIMIT ?3)"));
    erase.bind(1, stored(before))
        .bind(2, std::int64_t{kMostVoucherUses})
        .bind(3, static_cast<std::int64_t>(most));
    TRY(erase.run());
    return static_cast<std::size_t>(database_.changes());
}

}  // namespace portal::store::sqlite
