// The walled garden by name, with a real resolver: what strangers' own questions open to them.
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "packets/applications.h"
#include "portal_abi.h"
#include "system/lab/mount_namespace.h"
#include "system/lab/resolver.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

// One server of the internet for each name, so that what is open can be told apart.
struct Site {
    const char* name;
    IpAddress v4;
    IpAddress v6;
};
const Site kPay{"pay.example.com", kServer4, kServer6};
const Site kOther{"other.example.com", ip("203.0.113.81"), ip("2001:db8:ffff::81")};
const Site kShop{"edge.cdn.test", ip("203.0.113.82"), ip("2001:db8:ffff::82")};
const Site kBelow{"a.b.example.org", ip("203.0.113.83"), ip("2001:db8:ffff::83")};
const Site kApex{"example.org", ip("203.0.113.81"), ip("2001:db8:ffff::81")};

constexpr const char* kAllow =
    "allow = [\"pay.example.com:443\", \"shop.example.com:443\", \"*.example.org:443\"]\n";

// dnsmasq on `host`, with the sites above and `more`.
std::vector<std::string> dnsmasq(const char* interface, const std::vector<std::string>& more) {
    std::vector<std::string> command = {"dnsmasq",
                                        "--no-daemon",
                                        "--conf-file=/dev/null",
                                        "--no-resolv",
                                        "--no-hosts",
                                        "--bind-interfaces",
                                        "--local-ttl=1",
                                        "--cname=shop.example.com,alias.test",
                                        "--cname=alias.test,edge.cdn.test",
                                        std::string("--interface=") + interface};
    for (const Site& site : {kPay, kOther, kShop, kBelow, kApex})
        command.push_back(std::string("--host-record=") + site.name + "," + site.v4.to_string() +
                          "," + site.v6.to_string());
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

// The bytes of a resolver's answer, true or forged, to the question that dns_question() is.
std::string answer(std::string_view name, const IpAddress& address) {
    Bytes bytes = dns_question(name);
    const bool v4 = address.is_v4();
    bytes[2] = 0x81;
    bytes[3] = 0x80;
    bytes[7] = 1;
    bytes[bytes.size() - 3] = v4 ? 1 : 28;
    const auto put = [&](std::initializer_list<int> more) {
        for (const int byte : more)
            bytes.push_back(static_cast<std::uint8_t>(byte));
    };
    put({0xc0, 12, 0, v4 ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, v4 ? 4 : 16});
    bytes.insert(bytes.end(), address.bytes.begin() + (v4 ? 12 : 0), address.bytes.end());
    return {bytes.begin(), bytes.end()};
}

class GardenNamesTest : public FamilyTest {
  protected:
    GardenNamesTest() {
        for (const Site& site : {kOther, kShop, kBelow})
            lab::Lab::ip(lab_.internet, "address add " + site.v4.to_string() +
                                            "/24 dev eth0\naddress add " + site.v6.to_string() +
                                            "/64 dev eth0 nodad\n");
        more_web_.emplace(lab_.internet, std::vector<Endpoint>{{kOther.v4, 443},
                                                               {kOther.v6, 443},
                                                               {kShop.v4, 443},
                                                               {kShop.v6, 443},
                                                               {kBelow.v4, 443},
                                                               {kBelow.v6, 443}});
        files_.write("/etc/resolv.conf", lab::kResolvConf);
    }

    bool v4() const { return GetParam() == Family::ipv4; }
    const IpAddress& of(const Site& site) const { return v4() ? site.v4 : site.v6; }

    void start_resolver(const std::vector<std::string>& more = {}) {
        resolver_.emplace(
            lab::Launch{.command = dnsmasq(lab::kGatewayInterface, more), .where = &lab_.gateway});
        lab::await("the resolver", [&] {
            return lab::reach(lab_.gateway, {kGateway4, 53}) == Reach::open;
        });
    }

    // The status that curl gets by a name, as a browser would; 0 without an answer.
    int visit(const std::string& name, std::uint16_t port = 443) {
        const Outcome outcome = lab::run(
            {.command = {"curl", v4() ? "-4" : "-6", "--silent", "--noproxy", "*", "--output",
                         "/dev/null", "--write-out", "%{http_code}", "--connect-timeout", "4",
                         "http://" + name + ":" + std::to_string(port) + "/"},
             .where = &lab_.client,
             .files = &files_});
        return std::stoi(outcome.out);
    }
    bool opens(const Site& site) { return lab::reach(lab_.client, {of(site), 443}) == Reach::open; }

    // What the garden's entry says it has learnt.
    static boost::json::array learnt(const Portald& portald, const std::string& name) {
        const boost::json::value shown = portald.json({"garden", "show"});
        for (const auto& entry : shown.as_array())
            if (entry.at("name").is_string() && entry.at("name").as_string() == name)
                return entry.at("learnt").as_array();
        lab::fail(name + " is not in the garden");
    }
    // Asks for the A or AAAA of `name`, from a port of ours, until `portald` has learnt it.
    void learn(const Portald& portald, const std::string& name, const Endpoint& resolver) {
        const UniqueFd socket =
            lab::bind_udp(lab_.client, {resolver.address.is_v4() ? kClient4 : kClient6, 0});
        lab::await(name, [&] {
            const Bytes question = dns_question(name);
            lab::send_udp(socket, resolver, {question.begin(), question.end()});
            lab::receive(socket, 1s);
            return !learnt(portald, name).empty();
        });
    }

    std::optional<lab::WebServer> more_web_;
    lab::MountNamespace files_{lab_.client, {}};
    std::optional<Process> resolver_;
};

TEST_P(GardenNamesTest, OpenWhatStrangersAskFor) {
    start_resolver();
    const Portald portald(lab_, {{"strangers", kAllow}});
    EXPECT_FALSE(opens(kPay));
    EXPECT_EQ(visit("pay.example.com"), 200);
    EXPECT_EQ(visit("pay.example.com", 80), 511);
    EXPECT_EQ(visit("PAY.example.com"), 200);
    // Nothing else, at the same moment.
    EXPECT_EQ(visit("other.example.com"), 0);
    EXPECT_FALSE(opens(kOther));
    EXPECT_FALSE(learnt(portald, "pay.example.com").empty());
    EXPECT_EQ(portald.state(kClientName), "stranger");
}

TEST_P(GardenNamesTest, AWildcardHoldsWhatIsBelowAlone) {
    start_resolver();
    const Portald portald(lab_, {{"strangers", kAllow}});
    EXPECT_EQ(visit(kApex.name), 0);
    EXPECT_EQ(visit(kBelow.name), 200);
    EXPECT_FALSE(opens(kApex));
}

TEST_P(GardenNamesTest, AliasesAreFollowedFromTheirNameOnly) {
    start_resolver();
    const Portald portald(lab_, {{"strangers", kAllow}});
    // By the name at the end of the aliases, which is not the garden's.
    EXPECT_EQ(visit(kShop.name), 0);
    EXPECT_EQ(visit("shop.example.com"), 200);
    EXPECT_TRUE(opens(kShop));
}

TEST_P(GardenNamesTest, CloseWhenTheyLapse) {
    start_resolver();
    // Longer than it takes a client to repeat a SYN that was faster than the answer.
    const Portald portald(lab_, {{"strangers", std::string(kAllow) + "least_ttl = \"4s\"\n"}});
    EXPECT_EQ(visit("pay.example.com"), 200);
    lab::await("the end", [&] { return learnt(portald, "pay.example.com").empty(); });
    EXPECT_FALSE(opens(kPay));
    // And open again.
    EXPECT_EQ(visit("pay.example.com"), 200);
}

TEST_P(GardenNamesTest, ComeAndGoWhilePortaldRuns) {
    start_resolver();
    const Portald portald(lab_);
    EXPECT_EQ(visit("pay.example.com"), 0);
    ASSERT_EQ(portald.ctl({"garden", "add", "Pay.Example.com.", "--port", "443"}).exit, 0);
    EXPECT_EQ(visit("pay.example.com"), 200);
    for (const char* name : {"*.com", "*", "com", "pay_me.example.com", "b\u00fccher.example"})
        EXPECT_EQ(portald.ctl({"garden", "add", name}).exit, 1) << name;
    ASSERT_EQ(portald.ctl({"garden", "delete", "pay.example.com", "--port", "443/tcp"}).exit, 0);
    EXPECT_FALSE(opens(kPay));
}

TEST_P(GardenNamesTest, OutliveARestart) {
    start_resolver();
    Portald portald(lab_, {{"strangers", kAllow}});
    ASSERT_EQ(visit("pay.example.com"), 200);
    ASSERT_EQ(visit("shop.example.com"), 200);
    portald.kill();
    EXPECT_TRUE(opens(kPay));
    portald.write_config({{"strangers", "allow = [\"pay.example.com:443\"]"}});
    portald.start();
    EXPECT_TRUE(opens(kPay));
    EXPECT_FALSE(learnt(portald, "pay.example.com").empty());
    EXPECT_FALSE(opens(kShop)) << "its name is no more";
}

TEST_P(GardenNamesTest, AForgedAnswerOpensNothing) {
    start_resolver();
    const Portald portald(lab_, {{"strangers", kAllow}});
    ASSERT_EQ(portald.ctl({"client", "trust", kOtherName}).exit, 0);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);
    const std::string forged = answer("pay.example.com", of(kOther));
    const UDP udp{.sport = 53, .dport = 40000};
    for (const IpAddress& from : {guest().gateway(53).address, of(kPay)}) {
        const Packet ip = v4() ? Packet{IPv4{.src = from, .dst = kClient4}}
                               : Packet{IPv6{.src = from, .dst = kClient6}};
        for (const Mac& station : {kClientMac, kOtherMac})
            ASSERT_TRUE(client.send(Ethernet{.src = station} / ip / udp / Payload(forged)));
        ASSERT_TRUE(internet.send(Ethernet{.src = kOtherMac, .dst = lab::kUplinkMac} / ip / udp /
                                  Payload(forged)));
    }
    // Answers are read in their order: what follows is known, and so would they be.
    learn(portald, "shop.example.com", {kGateway4, 53});
    EXPECT_TRUE(learnt(portald, "pay.example.com").empty());
    EXPECT_FALSE(opens(kOther));
}

// The process that reads the answers, which portald started.
std::optional<pid_t> reader_of(pid_t portald) {
    const std::string task =
        "/proc/" + std::to_string(portald) + "/task/" + std::to_string(portald);
    std::ifstream children(task + "/children");
    for (pid_t child = 0; children >> child;) {
        std::ifstream command("/proc/" + std::to_string(child) + "/cmdline");
        std::string words;
        std::getline(command, words);
        if (words.contains("--read-answers")) return child;
    }
    return std::nullopt;
}

TEST_P(GardenNamesTest, AnswersAreReadWithoutPrivileges) {
    start_resolver();
    Portald portald(lab_, {{"strangers", kAllow}});
    ASSERT_EQ(visit("pay.example.com"), 200);
    const auto reader = reader_of(portald.process().pid());
    ASSERT_TRUE(reader);
    std::ifstream file("/proc/" + std::to_string(*reader) + "/status");
    std::stringstream status;
    status << file.rdbuf();
    EXPECT_TRUE(status.str().contains("\nSeccomp:\t2\n"));
    EXPECT_TRUE(status.str().contains("\nCapBnd:\t0000000000000000\n"));
    EXPECT_TRUE(status.str().contains("\nNoNewPrivs:\t1\n"));
    EXPECT_FALSE(status.str().contains("\nUid:\t0\t"));
    // Another takes its place.
    ASSERT_EQ(::kill(*reader, SIGKILL), 0);
    lab::await("another reader", [&] {
        const auto next = reader_of(portald.process().pid());
        return next && *next != *reader;
    });
    EXPECT_EQ(visit("shop.example.com"), 200);
    // Without names there is none.
    portald.write_config({});
    ASSERT_EQ(portald.ctl({"config", "reload"}).exit, 0);
    lab::await("its end", [&] { return !reader_of(portald.process().pid()); });
    EXPECT_FALSE(opens(kPay));
}

// The resolver on another host: its answers pass, and so may those of who takes its address.
TEST_P(GardenNamesTest, OfAResolverElsewhereAnAnswerNobodyAskedForOpensNothing) {
    resolver_.emplace(
        lab::Launch{.command = dnsmasq(lab::kInternetInterface, {}), .where = &lab_.internet});
    lab::await("the resolver", [&] {
        return lab::reach(lab_.internet, {kServer4, 53}) == Reach::open;
    });
    const Portald portald(
        lab_, {{"strangers", std::string(kAllow) + "dns_servers = [\"" + kServer4.to_string() +
                                 "\", \"" + kServer6.to_string() + "\"]\n"}});
    ASSERT_EQ(portald.ctl({"client", "trust", kOtherName}).exit, 0);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const PacketSocket internet(lab_.internet, lab::kInternetInterface);
    const Endpoint resolver = guest().server(53);
    const Packet ip = v4() ? Packet{IPv4{.src = resolver.address, .dst = kClient4}}
                           : Packet{IPv6{.src = resolver.address, .dst = kClient6}};
    const Packet forged =
        ip / UDP{.sport = 53, .dport = 40000} / Payload(answer("pay.example.com", of(kOther)));
    const std::uint64_t before = portald.packets("tx_answer");
    ASSERT_TRUE(internet.send(Ethernet{.src = kOtherMac, .dst = lab::kUplinkMac} / forged));
    lab::await("the forged answer on its way to the client",
               [&] { return portald.packets("tx_answer") > before; });
    ASSERT_TRUE(client.send(Ethernet{.src = kOtherMac} / forged));
    learn(portald, "shop.example.com", resolver);
    EXPECT_TRUE(learnt(portald, "pay.example.com").empty());
    EXPECT_FALSE(opens(kOther));
    learn(portald, "pay.example.com", resolver);
    EXPECT_TRUE(lab::reach(lab_.client, {kPay.v4, 443}) == Reach::open);
}

int bpf(int command, bpf_attr& attributes) {
    return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

// How long after its answer a name's address is open; printed, not judged.
TEST_P(GardenNamesTest, AreOpenSoonAfterTheAnswer) {
    constexpr int kNames = 100;
    std::vector<std::string> records;
    std::vector<IpAddress> addresses;
    for (int i = 0; i < kNames; ++i) {
        addresses.push_back(ip("198.51.100." + std::to_string(i + 100)));
        records.push_back("--host-record=n" + std::to_string(i) + ".example.org," +
                          addresses.back().to_string());
    }
    start_resolver(records);
    const Portald portald(lab_, {{"strangers", kAllow}});
    const std::string path =
        (lab_.bpffs() / "xdp-portal" / ("v" + std::to_string(PORTAL_ABI)) / "learnt").string();
    bpf_attr get{};
    get.pathname = reinterpret_cast<std::uintptr_t>(path.c_str());
    const UniqueFd map(bpf(BPF_OBJ_GET, get));
    ASSERT_TRUE(map) << path;

    const UniqueFd socket = lab::bind_udp(lab_.client, {kClient4, 0});
    std::vector<std::chrono::microseconds> delays;
    for (int i = 0; i < kNames; ++i) {
        const Bytes question = dns_question("n" + std::to_string(i) + ".example.org");
        lab::send_udp(socket, {kGateway4, 53}, {question.begin(), question.end()});
        ASSERT_TRUE(lab::receive(socket, 5s));
        const auto answered = std::chrono::steady_clock::now();
        learnt_address value{};
        bpf_attr look{};
        look.map_fd = static_cast<std::uint32_t>(map.get());
        look.key =
            reinterpret_cast<std::uintptr_t>(addresses[static_cast<std::size_t>(i)].bytes.data());
        look.value = reinterpret_cast<std::uintptr_t>(&value);
        lab::await("the address", [&] {
            for (int attempt = 0; attempt < 10'000; ++attempt)
                if (bpf(BPF_MAP_LOOKUP_ELEM, look) == 0) return true;
            return false;
        });
        delays.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - answered));
    }
    std::ranges::sort(delays);
    std::printf("from answer to open: median %ld us, 95 of 100 within %ld us\n",
                static_cast<long>(delays[kNames / 2].count()),
                static_cast<long>(delays[kNames * 95 / 100].count()));
}

PORTAL_BOTH_FAMILIES(GardenNamesTest);

}  // namespace
}  // namespace portal::system_test
