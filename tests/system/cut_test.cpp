// Cut means cut: behind a NAT, what a client had under way ends with its session, both ways, and
// nothing of it stays in the kernel's table of connections.
#include <functional>
#include <sstream>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

// The gateway hides its clients behind its own address, as most do.
constexpr const char* kMasquerade =
    "table inet nat {\n"
    "  chain postrouting {\n"
    "    type nat hook postrouting priority srcnat; policy accept;\n"
    "    oifname \"eth0\" masquerade\n"
    "  }\n"
    "}\n";

// A download and an upload, over TCP and UDP; UDP 443 is what QUIC uses.
class Transfers {
  public:
    Transfers(const lab::Lab& lab, const Endpoint& client, const Guest& guest)
        : quic_(lab, {client.address, 5443}, guest.server(443)),
          udp_(lab, {client.address, 5001}, guest.server(5001)) {
        const UniqueFd listener = lab::listen_tcp(lab.internet, guest.server(9000));
        lab::Attempt attempt = lab::connect_tcp(lab.client, guest.server(9000));
        if (attempt.reach != Reach::open) lab::fail("no connection to begin with");
        tcp_client_ = std::move(attempt.socket);
        tcp_server_ = lab::accept_tcp(listener);
    }

    bool all_flow() {
        return quic_.up(2s) && quic_.down(2s) && udp_.up(2s) && udp_.down(2s) &&
               stream(tcp_client_, tcp_server_, 2s) && stream(tcp_server_, tcp_client_, 2s);
    }
    bool any_flows() {
        constexpr auto kWhile = 300ms;
        return quic_.up(kWhile) || quic_.down(kWhile) || udp_.up(kWhile) || udp_.down(kWhile) ||
               stream(tcp_client_, tcp_server_, kWhile) || stream(tcp_server_, tcp_client_, kWhile);
    }

  private:
    // The server answers to where it heard the client from.
    class Datagrams {
      public:
        Datagrams(const lab::Lab& lab, const Endpoint& client, const Endpoint& server)
            : server_(server),
              client_socket_(lab::bind_udp(lab.client, client)),
              server_socket_(lab::bind_udp(lab.internet, server)) {}
        bool up(std::chrono::milliseconds patience) {
            lab::send_udp(client_socket_, server_, "up");
            auto heard = lab::receive_udp(server_socket_, patience);
            if (heard) seen_ = heard->from;
            return heard.has_value();
        }
        bool down(std::chrono::milliseconds patience) const {
            lab::send_udp(server_socket_, seen_, "down");
            return lab::receive(client_socket_, patience).has_value();
        }

      private:
        Endpoint server_;
        Endpoint seen_;
        UniqueFd client_socket_;
        UniqueFd server_socket_;
    };

    static bool stream(const UniqueFd& from, const UniqueFd& to,
                       std::chrono::milliseconds patience) {
        lab::send_stream(from, "data");
        return lab::receive(to, patience).has_value();
    }

    Datagrams quic_;
    Datagrams udp_;
    UniqueFd tcp_client_;
    UniqueFd tcp_server_;
};

class CutTest : public FamilyTest {
  protected:
    CutTest() {
        lab::run_or_fail(
            {.command = {"nft", "-f", "-"}, .input = kMasquerade, .where = &lab_.gateway});
    }

    IpAddress address() const { return GetParam() == Family::ipv4 ? kClient4 : kClient6; }
    // What the kernel remembers of the client's connections to the internet.
    std::string connections() const {
        const std::string all = lab::run_or_fail(
            {.command = {"conntrack", "-L", "-s", address().to_string(), "-d",
                         (GetParam() == Family::ipv4 ? kServer4 : kServer6).to_string()},
             .where = &lab_.gateway});
        std::string transfers;
        std::istringstream lines(all);
        for (std::string line; std::getline(lines, line);)
            for (const char* port : {"dport=443 ", "dport=5001 ", "dport=9000 "})
                if (line.find(port) != std::string::npos) transfers += line + "\n";
        return transfers;
    }
    void expect_cut_by(const std::function<void()>& end) {
        ASSERT_EQ(guest().click_through().status, 303);
        Transfers transfers(lab_, {address(), 0}, guest());
        ASSERT_TRUE(transfers.all_flow());
        ASSERT_NE(connections(), "");
        end();
        lab::await("the table without them", [&] { return connections().empty(); });
        EXPECT_FALSE(transfers.any_flows());
        EXPECT_EQ(connections(), "") << "nothing of the client's has passed since";
    }
    void ctl(const std::vector<std::string>& words) const {
        ASSERT_EQ(portald_.ctl(words).exit, 0);
    }

    Portald portald_{lab_};
};

TEST_P(CutTest, BySigningOut) {
    expect_cut_by([&] { EXPECT_EQ(guest().sign_out().status, 303); });
}

TEST_P(CutTest, ByTheOperator) {
    expect_cut_by([&] { ctl({"client", "deauthorize", kClientName}); });
}

TEST_P(CutTest, ByABlock) {
    expect_cut_by([&] { ctl({"client", "block", kClientName}); });
}

TEST_P(CutTest, ByExpiry) {
    Process monitor = portald_.monitor();
    expect_cut_by([&] {
        ctl({"client", "authorize", kClientName, "--timeout", "1s"});
        monitor.await_line("\"expiry\"");
    });
}

PORTAL_BOTH_FAMILIES(CutTest);

}  // namespace
}  // namespace portal::system_test
