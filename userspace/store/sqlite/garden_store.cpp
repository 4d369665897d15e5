#include "store/sqlite/garden_store.h"

#include <algorithm>

namespace portal::store::sqlite {

namespace {

// Parameters address, length, port, protocol; a rule for every port has 0 and 0.
void bind(Statement& statement, const GardenRule& rule) {
    statement.bind(1, rule.prefix.address.bytes).bind(2, std::int64_t{rule.prefix.length});
    statement.bind(3, std::int64_t{rule.port ? rule.port->port : 0})
        .bind(4, std::int64_t{rule.port ? static_cast<int>(rule.port->protocol) : 0});
}

Result<GardenRule> read_rule(const Statement& row, const std::string& name) {
    GardenRule rule;
    const auto address = row.bytes(0);
    if (address.size() != rule.prefix.address.bytes.size())
        return fail(ErrorCode::system, name + ": a garden rule is damaged",
                    "restore a backup, or move the file away and start anew");
    std::ranges::copy(address, rule.prefix.address.bytes.begin());
    rule.prefix.length = static_cast<unsigned>(row.integer(1));
    if (const std::int64_t port = row.integer(2); port != 0)
        rule.port = PortRule{static_cast<std::uint16_t>(port),
                             row.integer(3) == 17 ? Protocol::udp : Protocol::tcp};
    return rule;
}

}  // namespace

Result<std::vector<GardenRule>> SqliteGardenStore::list() {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement rows,
               database_.prepare("SELECT address, length, port, protocol FROM garden"
                                 " ORDER BY address, length, port, protocol"));
    std::vector<GardenRule> rules;
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return rules;
        TRY_ASSIGN(const GardenRule rule, read_rule(rows, database_.name()));
        rules.push_back(rule);
    }
}

Status SqliteGardenStore::add(const GardenRule& rule) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement insert,
               database_.prepare("INSERT INTO garden (address, length, port, protocol)"
                                 " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"));
    bind(insert, rule);
    TRY(insert.run());
    if (database_.changes() == 0)
        return fail(ErrorCode::conflict, rule.to_string() + " is in the garden already");
    return {};
}

Status SqliteGardenStore::erase(const GardenRule& rule) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement statement,
               database_.prepare("DELETE FROM garden WHERE address = ? AND length = ?"
                                 " AND port = ? AND protocol = ?"));
    bind(statement, rule);
    TRY(statement.run());
    if (database_.changes() == 0)
        return fail(ErrorCode::not_found, rule.to_string() + " is not in the garden",
                    "garden show lists its rules");
    return {};
}

}  // namespace portal::store::sqlite
