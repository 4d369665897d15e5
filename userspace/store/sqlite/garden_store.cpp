#include "store/sqlite/garden_store.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace portal::store::sqlite {

namespace {

// Where a rule of either kind is kept: a place is two columns, and a rule for every port has port
// and protocol 0.
struct Table {
    const char* list;
    const char* add;
    const char* erase;
};
constexpr Table kPrefixes{
    "SELECT address, length, port, protocol FROM garden ORDER BY address, length, port, protocol",
    "INSERT INTO garden (address, length, port, protocol) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING",
    "DELETE FROM garden WHERE address = ? AND length = ? AND port = ? AND protocol = ?"};
constexpr Table kNames{
    "SELECT name, wildcard, port, protocol FROM garden_names"
    " ORDER BY name, wildcard, port, protocol",
    "INSERT INTO garden_names (name, wildcard, port, protocol) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING",
    "DELETE FROM garden_names WHERE name = ? AND wildcard = ? AND port = ? AND protocol = ?"};

const Table& table_of(const GardenRule& rule) {
    return rule.name() ? kNames : kPrefixes;
}

void bind(Statement& statement, const GardenRule& rule) {
    if (const GardenName* name = rule.name())
        statement.bind(1, name->name).bind(2, std::int64_t{name->wildcard});
    else
        statement.bind(1, rule.prefix()->address.bytes)
            .bind(2, std::int64_t{rule.prefix()->length});
    statement.bind(3, std::int64_t{rule.port ? rule.port->port : 0})
        .bind(4, std::int64_t{rule.port ? static_cast<int>(rule.port->protocol) : 0});
}

std::optional<PortRule> read_port(const Statement& row) {
    const std::int64_t port = row.integer(2);
    if (port == 0) return std::nullopt;
    return PortRule{static_cast<std::uint16_t>(port),
                    row.integer(3) == 17 ? Protocol::udp : Protocol::tcp};
}

std::unexpected<Error> damaged(const std::string& name) {
    return fail(ErrorCode::system, name + ": a garden rule is damaged",
                "restore a backup, or move the file away and start anew");
}

Result<GardenRule> read_prefix(const Statement& row, const std::string& name) {
    Prefix prefix;
    const auto address = row.bytes(0);
    if (address.size() != prefix.address.bytes.size()) return damaged(name);
    std::ranges::copy(address, prefix.address.bytes.begin());
    prefix.length = static_cast<unsigned>(row.integer(1));
    return GardenRule{prefix, read_port(row)};
}

Result<GardenRule> read_name(const Statement& row, const std::string& name) {
    const bool wildcard = row.integer(1) != 0;
    const auto read = parse_garden_name((wildcard ? "*." : "") + row.text(0));
    if (!read) return damaged(name);
    return GardenRule{*read, read_port(row)};
}

Status append(Database& database, const char* sql,
              Result<GardenRule> (*read)(const Statement&, const std::string&),
              std::vector<GardenRule>& rules) {
    TRY_ASSIGN(Statement rows, database.prepare(sql));
    while (true) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        TRY_ASSIGN(GardenRule rule, read(rows, database.name()));
        rules.push_back(std::move(rule));
    }
}

}  // namespace

Result<std::vector<GardenRule>> SqliteGardenStore::list() {
    const auto lock = database_.lock();
    std::vector<GardenRule> rules;
    TRY(append(database_, kPrefixes.list, read_prefix, rules));
    TRY(append(database_, kNames.list, read_name, rules));
    return rules;
}

Status SqliteGardenStore::add(const GardenRule& rule) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement insert, database_.prepare(table_of(rule).add));
    bind(insert, rule);
    TRY(insert.run());
    if (database_.changes() == 0)
        return fail(ErrorCode::conflict, rule.to_string() + " is in the garden already");
    return {};
}

Status SqliteGardenStore::erase(const GardenRule& rule) {
    const auto lock = database_.lock();
    TRY_ASSIGN(Statement statement, database_.prepare(table_of(rule).erase));
    bind(statement, rule);
    TRY(statement.run());
    if (database_.changes() == 0)
        return fail(ErrorCode::not_found, rule.to_string() + " is not in the garden",
                    "garden show lists its rules");
    return {};
}

}  // namespace portal::store::sqlite
