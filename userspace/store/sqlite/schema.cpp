#include "store/sqlite/schema.h"

#include <array>
#include <string>

namespace portal::store::sqlite {

namespace {

// Times are milliseconds since 1970 UTC, durations seconds, addresses and MACs bytes in network
// order. AUTOINCREMENT keeps ids from being given twice.
constexpr std::array<std::string_view, 5> kMigrations = {R"sql(
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        mac BLOB NOT NULL CHECK (length(mac) = 6),
        vlan INTEGER NOT NULL CHECK (vlan BETWEEN 0 AND 4094),
        state TEXT NOT NULL CHECK (state IN ('authorized', 'trusted', 'blocked')),
        method TEXT NOT NULL,
        user TEXT,
        policy TEXT NOT NULL,
        signed_in_at INTEGER NOT NULL,
        expires_at INTEGER,
        idle_timeout INTEGER NOT NULL CHECK (idle_timeout >= 0),
        rx_packets INTEGER NOT NULL,
        rx_bytes INTEGER NOT NULL,
        tx_packets INTEGER NOT NULL,
        tx_bytes INTEGER NOT NULL,
        last_seen INTEGER,
        UNIQUE (mac, vlan)
    ) STRICT;
    CREATE TABLE users (
        name TEXT PRIMARY KEY NOT NULL,
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE garden (
        address BLOB NOT NULL CHECK (length(address) = 16),
        length INTEGER NOT NULL CHECK (length BETWEEN 0 AND 128),
        port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535), -- 0: every port
        protocol INTEGER NOT NULL CHECK (protocol IN (0, 6, 17) AND (protocol = 0) = (port = 0)),
        PRIMARY KEY (address, length, port, protocol)
    ) STRICT, WITHOUT ROWID;
)sql",
                                                         R"sql(
    CREATE TABLE vouchers (
        digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the code
        code TEXT NOT NULL,
        timeout INTEGER CHECK (timeout > 0),
        policy TEXT,
        uses INTEGER NOT NULL CHECK (uses >= 0),
        devices INTEGER NOT NULL CHECK (devices >= 0), -- rows of voucher_redemptions
        valid_until INTEGER,
        note TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE voucher_redemptions (
        voucher BLOB NOT NULL REFERENCES vouchers (digest) ON DELETE CASCADE,
        mac BLOB NOT NULL CHECK (length(mac) = 6),
        vlan INTEGER NOT NULL CHECK (vlan BETWEEN 0 AND 4094),
        redeemed_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        PRIMARY KEY (voucher, mac, vlan)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        mac BLOB NOT NULL CHECK (length(mac) = 6),
        vlan INTEGER NOT NULL CHECK (vlan BETWEEN 0 AND 4094),
        interface TEXT,
        ip BLOB CHECK (length(ip) = 16),
        method TEXT NOT NULL,
        user TEXT,
        outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'throttled', 'failed')),
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        count INTEGER NOT NULL CHECK (count >= 1),
        detail TEXT
    ) STRICT;
    CREATE INDEX audit_by_client ON audit (mac, vlan);
    CREATE INDEX audit_by_user ON audit (user);
    CREATE INDEX audit_by_time ON audit (time);
    CREATE INDEX audit_by_acceptance ON audit (outcome = 'accepted');
    CREATE TABLE audit_totals ( -- so that no append has to count
        accepted INTEGER PRIMARY KEY CHECK (accepted IN (0, 1)),
        records INTEGER NOT NULL
    ) STRICT;
    INSERT INTO audit_totals VALUES (0, 0), (1, 0);
    CREATE TRIGGER audit_grows AFTER INSERT ON audit BEGIN
        UPDATE audit_totals SET records = records + 1
        WHERE accepted = (NEW.outcome = 'accepted');
    END;
    CREATE TRIGGER audit_shrinks AFTER DELETE ON audit BEGIN
        UPDATE audit_totals SET records = records - 1
        WHERE accepted = (OLD.outcome = 'accepted');
    END;
)sql",
                                                         R"sql(
    CREATE TABLE garden_names (
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 253),
        wildcard INTEGER NOT NULL CHECK (wildcard IN (0, 1)),
        port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535), -- 0: every port
        protocol INTEGER NOT NULL CHECK (protocol IN (0, 6, 17) AND (protocol = 0) = (port = 0)),
        PRIMARY KEY (name, wildcard, port, protocol)
    ) STRICT, WITHOUT ROWID;
)sql",
                                                         R"sql(
    ALTER TABLE users ADD COLUMN policy TEXT;
    ALTER TABLE sessions ADD COLUMN policy_named INTEGER NOT NULL DEFAULT 0
        CHECK (policy_named IN (0, 1));
    UPDATE sessions SET policy_named = (policy <> 'default');
)sql",
                                                         R"sql(
    ALTER TABLE sessions ADD COLUMN interface TEXT; -- NULL: any
)sql"};

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Status migrate(Database& database, std::span<const std::string_view> steps) {
    TRY_ASSIGN(auto transaction, Transaction::begin(database));
    TRY_ASSIGN(const std::int64_t version, database.integer("PRAGMA user_version"));
    const auto done = static_cast<std::size_t>(version);
    if (done >= steps.size()) return {};
    for (const std::string_view step : steps.subspan(done))
        TRY(database.execute_script(std::string(step)));
    TRY(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
    TRY(database.execute("PRAGMA user_version = " + std::to_string(steps.size())));
    return transaction.commit();
}

}  // namespace portal::store::sqlite
