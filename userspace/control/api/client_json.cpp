#include "control/api/client_json.h"

#include <boost/json/array.hpp>

#include "control/api/json_text.h"

namespace portal::control::api {

namespace json = boost::json;

json::object to_json(const ClientView& client) {
    json::array addresses;
    for (const IpAddress& address : client.ip)
        addresses.push_back(to_json(address.to_string()));
    json::value idle;
    if (client.idle_timeout) idle = client.idle_timeout->count();
    return {{"mac", to_json(client.id.mac.to_string())},
            {"vlan", client.id.vlan},
            {"state", to_json(to_string(client.state))},
            {"ip", std::move(addresses)},
            {"user", or_null(client.user)},
            {"method", or_null(client.method)},
            {"policy", or_null(client.policy)},
            {"signed_in_at", or_null(client.signed_in_at)},
            {"expires_at", or_null(client.expires_at)},
            {"idle_timeout_s", std::move(idle)},
            {"rx_bytes", client.usage.rx_bytes},
            {"rx_packets", client.usage.rx_packets},
            {"tx_bytes", client.usage.tx_bytes},
            {"tx_packets", client.usage.tx_packets},
            {"last_seen", or_null(client.last_seen)},
            {"interface", or_null(client.interface)}};
}

}  // namespace portal::control::api
