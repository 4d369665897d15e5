// How values of the domain stand in columns: times as milliseconds since 1970 UTC, addresses as
// bytes in network order, what is absent as NULL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ip_address.h"
#include "base/time.h"
#include "domain/client.h"
#include "store/sqlite/statement.h"

namespace portal::store::sqlite {

std::int64_t stored(WallTime time);
WallTime wall_time(std::int64_t value);

// What is bound must outlive the next step() or reset(), as in Statement.
void bind(Statement& statement, int parameter, const std::optional<WallTime>& time);
void bind(Statement& statement, int parameter, const std::optional<std::string>& text);
void bind(Statement& statement, int parameter, const std::optional<IpAddress>& address);
// Parameters `first` and the next: MAC address and VLAN.
void bind(Statement& statement, int first, const ClientId& client);

std::optional<WallTime> optional_time(const Statement& row, int column);
std::optional<std::string> optional_text(const Statement& row, int column);
// None where the column holds no address.
std::optional<IpAddress> optional_address(const Statement& row, int column);
// Columns `first` and the next. None where they hold no client: the tables' checks hold for what
// was written through them, not for a damaged file.
std::optional<ClientId> read_client(const Statement& row, int first);

// The error for a row that cannot be read; `name` is the database's.
Error damaged(const std::string& name, std::string_view thing);

}  // namespace portal::store::sqlite
