#include "store/sqlite/values.h"

#include <algorithm>

namespace portal::store::sqlite {

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

void bind(Statement& statement, int parameter, const std::optional<std::string>& text) {
    if (text)
        statement.bind(parameter, *text);
    else
        statement.bind_null(parameter);
}

void bind(Statement& statement, int parameter, const std::optional<IpAddress>& address) {
    if (address)
        statement.bind(parameter, address->bytes);
    else
        statement.bind_null(parameter);
}

void bind(Statement& statement, int first, const ClientId& client) {
    statement.bind(first, client.mac.bytes).bind(first + 1, std::int64_t{client.vlan});
}

std::optional<WallTime> optional_time(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return wall_time(row.integer(column));
}

std::optional<std::string> optional_text(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.text(column);
}

std::optional<IpAddress> optional_address(const Statement& row, int column) {
    IpAddress address;
    const auto bytes = row.bytes(column);
    if (bytes.size() != address.bytes.size()) return std::nullopt;
    std::ranges::copy(bytes, address.bytes.begin());
    return address;
}

std::optional<ClientId> read_client(const Statement& row, int first) {
    ClientId client;
    const auto mac = row.bytes(first);
    if (mac.size() != client.mac.bytes.size()) return std::nullopt;
    std::ranges::copy(mac, client.mac.bytes.begin());
    client.vlan = static_cast<std::uint16_t>(row.integer(first + 1));
    return client;
}

Error damaged(const std::string& name, std::string_view thing) {
    return {ErrorCode::system, name + ": " + std::string(thing) + " is damaged",
            "restore a backup, or move the file away and start anew"};
}

}  // namespace portal::store::sqlite
