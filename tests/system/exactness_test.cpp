// What `client show` says a client has sent and received is what was on the wire, to the byte.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <iostream>
#include <optional>
#include <thread>
#include <tuple>

#include "system/lab/requirement.h"
#include "system/referee.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

constexpr std::size_t kStream = 16 << 20;  // bytes, of each direction

struct Traffic {
    Count rx;  // from the client
    Count tx;  // to it

    bool operator==(const Traffic&) const = default;
};
Traffic operator-(const Traffic& a, const Traffic& b) {
    return {a.rx - b.rx, a.tx - b.tx};
}
std::ostream& operator<<(std::ostream& out, const Traffic& traffic) {
    return out << "from the client " << traffic.rx << "; to it " << traffic.tx;
}

// How segments are put together and taken apart on the way. Frames are as on the wire where the
// referee sees them: what the gateway sends to the client is segmented by the gateway itself.
struct Offload {
    const char* name;
    const char* xdp_mode;
    bool segmentation;  // the hosts send many segments as one
    bool merging;       // the gateway merges what arrives from the internet
};

// Both ways at once, and each to its end.
void stream(const UniqueFd& client, const UniqueFd& server) {
    const auto feed = [](const UniqueFd& socket) {
        const std::string piece(64 * 1024, 'x');
        std::size_t left = kStream;
        while (left > 0) {
            const ssize_t sent =
                ::send(socket.get(), piece.data(), std::min(left, piece.size()), MSG_NOSIGNAL);
            if (sent <= 0) return;
            left -= static_cast<std::size_t>(sent);
        }
        ::shutdown(socket.get(), SHUT_WR);
    };
    const auto drain = [](const UniqueFd& socket) {
        std::size_t size = 0;
        while (const auto piece = lab::receive(socket, lab::kPatience))
            size += piece->size();
        EXPECT_EQ(size, kStream);
    };
    std::thread up([&] { feed(client); });
    std::thread down([&] { feed(server); });
    std::thread at_client([&] { drain(client); });
    drain(server);
    for (std::thread* each : {&up, &down, &at_client})
        each->join();
}

class Exactness : public SystemTest,
                  public testing::WithParamInterface<std::tuple<Family, Offload>> {
  protected:
    void SetUp() override {
        for (const char* program : {"dumpcap", "tshark", "ethtool"})
            lab::require_program(program);
        if (HasFatalFailure() || IsSkipped()) return;
        // No more under way than the queues between the hosts hold: what is lost there was on
        // the wire, but is not seen.
        for (const lab::NetNamespace* host : {&lab_.client, &lab_.internet})
            host->set("net/ipv4/tcp_rmem", "4096 65536 65536");
        portald_.emplace(lab_, settings());
        const char* segments = offload().segmentation ? "on" : "off";
        ethtool(lab_.gateway, "eth1", {"tso", "off", "tx-udp-segmentation", "off"});
        ethtool(lab_.gateway, "eth0", {"tso", "off", "tx-udp-segmentation", "off"});
        ethtool(lab_.gateway, "eth0", {"gro", offload().merging ? "on" : "off"});
        ethtool(lab_.internet, "eth0", {"tso", segments, "tx-udp-segmentation", segments});
        if (!offload().segmentation)
            ethtool(lab_.client, "eth0", {"tso", "off", "tx-udp-segmentation", "off"});
        client_.emplace(lab_, lab_.client, lab::kClientInterface);
        internet_.emplace(lab_, lab_.internet, lab::kInternetInterface);
        sign_in(kClientName);
    }

    static void ethtool(const lab::NetNamespace& host, const char* interface,
                        const std::vector<std::string>& features) {
        std::vector<std::string> command{"ethtool", "-K", interface};
        command.insert(command.end(), features.begin(), features.end());
        lab::run_or_fail({.command = command, .where = &host});
    }

    static const Offload& offload() { return std::get<Offload>(GetParam()); }
    static bool v4() { return std::get<Family>(GetParam()) == Family::ipv4; }
    static Endpoint client(std::uint16_t port) { return {v4() ? kClient4 : kClient6, port}; }
    static Endpoint server(std::uint16_t port) { return {v4() ? kServer4 : kServer6, port}; }
    // Whether what the client sends is one frame to XDP and to the client's own capture.
    static bool merged_for_xdp() {
        return offload().segmentation && std::string(offload().xdp_mode) == "generic";
    }
    static Settings settings(const std::string& portal = {}) {
        return {{"gateway",
                 "client_interfaces = [\"eth1\"]\nuplink_interfaces = [\"eth0\"]\n"
                 "xdp_mode = \"" +
                     std::string(offload().xdp_mode) + "\""},
                {"portal", portal}};
    }
    Packet tagged(const Mac& from, const Mac& to) const {
        const Packet frame = Ethernet{.src = from, .dst = to} / Vlan{100};
        return v4() ? frame / IPv4{} : frame / IPv6{};
    }

    void sign_in(const std::string& name) const {
        ASSERT_EQ(portald_->ctl({"client", "authorize", name}).exit, 0);
    }

    Traffic counted(const std::string& name) const {
        const boost::json::object client = portald_->client(name);
        const auto number = [&](const char* member) {
            return client.at(member).to_number<std::uint64_t>();
        };
        return {{number("rx_packets"), number("rx_bytes")},
                {number("tx_packets"), number("tx_bytes")}};
    }

    // Of the untagged client's. Where segments pass the client's interface in one, what they are on
    // the wire is seen on the internet's.
    Traffic seen() const {
        const std::string from = "!vlan && eth.src == " + kClientName;
        const std::string to = "!vlan && eth.dst == " + kClientName;
        const std::string version = v4() ? "ip" : "ipv6";
        const std::string near = client(0).address.to_string();
        const std::string far = server(0).address.to_string();
        const auto at_client = client_->counts(
            {merged_for_xdp() ? from + " && !(" + version + ".dst == " + far + ")" : from, to});
        Traffic traffic{at_client[0], at_client[1]};
        if (merged_for_xdp())
            traffic.rx = traffic.rx + internet_->count("eth.src == " + lab::kUplinkMac.to_string() +
                                                       " && " + version + ".src == " + near +
                                                       " && " + version + ".dst == " + far);
        return traffic;
    }

    // Both, at a moment when nothing is on the way.
    struct Books {
        Traffic counted;
        Traffic seen;
    };
    Books books() {
        const std::string mark = "mark " + std::to_string(++marks_);
        const UniqueFd from = lab::bind_udp(lab_.client, client(0));
        const UniqueFd to = lab::bind_udp(lab_.internet, server(9999));
        lab::send_udp(from, server(9999), mark + ".");
        EXPECT_TRUE(lab::receive(to, lab::kPatience));
        client_->await(mark + ".");
        internet_->await(mark + ".");
        Books books;
        lab::await("a quiet moment", [&] {
            books = {counted(kClientName), seen()};
            return counted(kClientName) == books.counted;
        });
        return books;
    }
    // What has passed since then, the same in both.
    void expect_exact(const Books& since, const std::string& what) {
        const Books now = books();
        const Traffic passed = now.seen - since.seen;
        EXPECT_EQ(now.counted - since.counted, passed) << what;
        std::cout << what << ": " << passed << "\n";
    }

    void stream_once() const {
        const UniqueFd listener = lab::listen_tcp(lab_.internet, server(9000));
        lab::Attempt attempt = lab::connect_tcp(lab_.client, server(9000));
        ASSERT_EQ(attempt.reach, Reach::open);
        ASSERT_EQ(::fcntl(attempt.socket.get(), F_SETFL, 0), 0);
        stream(attempt.socket, lab::accept_tcp(listener));
    }

    std::optional<Portald> portald_;
    std::optional<Referee> client_;
    std::optional<Referee> internet_;

  private:
    int marks_ = 0;
};

TEST_P(Exactness, Streams) {
    const Books before = books();
    stream_once();
    expect_exact(before, "TCP");
}

// Whole, in IP fragments, and many handed to the kernel as one.
TEST_P(Exactness, Datagrams) {
    const Books before = books();
    const UniqueFd near = lab::bind_udp(lab_.client, client(9001));
    const UniqueFd far = lab::bind_udp(lab_.internet, server(9002));
    for (const std::size_t size : {1, 17, 18, 19, 1200, 1472, 1473, 8000}) {
        lab::send_udp(near, server(9002), std::string(size, 'u'));
        EXPECT_EQ(lab::receive(far, 5s).value_or("").size(), size);
        lab::send_udp(far, client(9001), std::string(size, 'd'));
        EXPECT_EQ(lab::receive(near, 5s).value_or("").size(), size);
    }
    const int segment = 1000;
    for (const auto& [from, at, to] :
         {std::tuple(&near, &far, server(9002)), std::tuple(&far, &near, client(9001))}) {
        ASSERT_EQ(::setsockopt(from->get(), SOL_UDP, UDP_SEGMENT, &segment, sizeof segment), 0);
        lab::send_udp(*from, to, std::string(10'500, 's'));
        for (int i = 0; i < 11; ++i)
            EXPECT_EQ(lab::receive(*at, 5s).value_or("").size(), i < 10 ? 1000u : 500u);
    }
    expect_exact(before, "UDP");
}

// With the gateway itself, and the talk of hosts on a link.
TEST_P(Exactness, TheGatewayAndTheLink) {
    const Books before = books();
    for (const lab::NetNamespace* host : {&lab_.client, &lab_.gateway})
        lab::Lab::ip(*host, "neigh flush all\n");
    const Guest guest(lab_.client, std::get<Family>(GetParam()));
    EXPECT_EQ(guest.get(guest.portal()).status, 200);
    const PacketSocket wire(lab_.client, lab::kClientInterface);
    const Packet echo = v4() ? Ethernet{} / IPv4{.dst = kServer4} / ICMP{} / Payload{1000}
                             : Ethernet{} / IPv6{.dst = kServer6} / ICMPv6{} / Payload{1000};
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(wire.send(echo));
    const Packet rest = Ethernet{.dst = mac("01:00:5e:00:00:fb")} / IPv4{.dst = ip("224.0.0.251")} /
                        UDP{.dport = 5353};
    EXPECT_TRUE(wire.send(rest));
    expect_exact(before, "the gateway, ARP, ND, ICMP");
}

TEST_P(Exactness, TaggedFrames) {
    const std::string name = kClientName + "@100";
    sign_in(name);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const PacketSocket gateway(lab_.gateway, lab::kGatewayInterface);
    const Books before = books();
    for (int size = 1; size < 1400; size += 100) {
        EXPECT_TRUE(client.send(tagged(kClientMac, kGatewayMac) / UDP{.dport = 9000} /
                                Payload(static_cast<std::size_t>(size))));
        EXPECT_TRUE(gateway.send(tagged(kGatewayMac, kClientMac) / UDP{.sport = 9000} /
                                 Payload(static_cast<std::size_t>(size))));
    }
    expect_exact(before, "untagged, meanwhile");
    const auto tags = client_->counts({"vlan.id == 100 && eth.src == " + kClientName,
                                       "vlan.id == 100 && eth.dst == " + kClientName});
    const Traffic seen{tags[0], tags[1]};
    EXPECT_EQ(seen.rx.packets, 14u);
    EXPECT_EQ(seen.tx.packets, 14u);
    EXPECT_EQ(counted(name), seen);
    std::cout << "tagged: " << seen << "\n";
}

// The daemon dies amid a stream, and comes back with other constants in its programs.
TEST_P(Exactness, OverARestartAndAnUpgrade) {
    const Books before = books();
    const std::string programs = boost::json::serialize(portald_->json({"prog", "show"}));
    std::thread traffic([&] { stream_once(); });
    portald_->kill();
    portald_->start();
    portald_->kill();
    portald_->write_config(settings("http_port = 8080"));
    portald_->start();
    traffic.join();
    stream_once();
    EXPECT_NE(boost::json::serialize(portald_->json({"prog", "show"})), programs);
    expect_exact(before, "TCP, over two restarts");
}

// The client pays for what is sent to it, not for what the gate keeps back.
TEST_P(Exactness, WhatIsDroppedIsNotCounted) {
    const UniqueFd near = lab::bind_udp(lab_.client, client(9001));
    const UniqueFd far = lab::bind_udp(lab_.internet, server(9002));
    lab::send_udp(far, client(9001), "before");
    ASSERT_TRUE(lab::receive(near, 5s));
    const Traffic before = counted(kClientName);
    ASSERT_EQ(portald_->ctl({"client", "deauthorize", kClientName}).exit, 0);
    const std::uint64_t dropped = portald_->packets("tx_stranger");
    for (int i = 0; i < 5; ++i)
        lab::send_udp(far, client(9001), "after");
    lab::await("the drops", [&] { return portald_->packets("tx_stranger") >= dropped + 5; });
    EXPECT_GT(before.tx.packets, 0u);
    sign_in(kClientName);
    EXPECT_EQ(counted(kClientName), Traffic{}) << "a new session begins at nothing";
}

constexpr Offload kOffloads[] = {
    {"segments_together", "native", true, false},
    {"merged_on_arrival", "native", false, true},
    {"no_offload", "native", false, false},
    {"generic_together", "generic", true, false},
};

INSTANTIATE_TEST_SUITE_P(Offloads, Exactness,
                         testing::Combine(testing::Values(Family::ipv4, Family::ipv6),
                                          testing::ValuesIn(kOffloads)),
                         [](const auto& parameter) {
                             return lab::to_string(std::get<Family>(parameter.param)) + "_" +
                                    std::get<Offload>(parameter.param).name;
                         });

}  // namespace
}  // namespace portal::system_test
