// Three hosts: client ── gateway ── internet. Network namespaces without names, and files in a
// mount namespace of this process, so that nothing outlives it whatever happens.
//
// The addresses are those that packets/addresses.h gives to frames.
#pragma once

#include <filesystem>
#include <string>

#include "packets/addresses.h"
#include "system/lab/net_namespace.h"

namespace portal::lab {

inline constexpr const char* kClientInterface = "eth0";    // of the client
inline constexpr const char* kGatewayInterface = "eth1";   // of the gateway, to the client
inline constexpr const char* kUplinkInterface = "eth0";    // of the gateway, to the internet
inline constexpr const char* kInternetInterface = "eth0";  // of the internet
inline const Mac kUplinkMac = packets::mac("02:00:00:00:01:01");

class Lab {
  public:
    Lab();
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    const NetNamespace client;
    const NetNamespace gateway;
    const NetNamespace internet;

    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path bpffs() const { return folder_ / "bpf"; }

    // Lays the cable between the client and the gateway, with both ends' addresses. Done by the
    // constructor; again after the gateway's device was deleted. `index` is the gateway's end's.
    void connect_client(const char* index = "12");

    // Lets the client's end of the cable take what XDP sends from the gateway's, while the result
    // lives: veth does so with an XDP program there, and loses it otherwise.
    [[nodiscard]] UniqueFd receive_from_xdp() const;

    // Deletes the gateway's client interface, and with it the client's end.
    void unplug_client();

    // Runs `ip -batch` on a host.
    static void ip(const NetNamespace& host, const std::string& commands);

  private:
    void connect_uplink();

    std::filesystem::path folder_;
};

}  // namespace portal::lab
