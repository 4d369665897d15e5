#include "store/sqlite/schema.h"

#include <array>
#include <string>

namespace portal::store::sqlite {

namespace {

// Times are milliseconds since 1970 UTC, durations seconds, addresses and MACs bytes in network
// order. AUTOINCREMENT keeps ids from being given twice.
constexpr std::array<std::string_view, 1> kMigrations = {R"sql(
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
