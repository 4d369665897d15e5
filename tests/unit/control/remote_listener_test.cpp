#include "control/remote_listener.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace portal::control::test {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

template <typename Address>
Address address_of(const UniqueFd& socket) {
    Address address{};
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return address;
}

TEST(RemoteListener, ListensWhereItIsTold) {
    const auto four = open_remote_listener("127.0.0.1:0");
    ASSERT_TRUE(four) << four.error().what;
    EXPECT_EQ(address_of<sockaddr_in>(*four).sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    int listening = 0;
    socklen_t size = sizeof listening;
    ASSERT_EQ(getsockopt(four->get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size), 0);
    EXPECT_EQ(listening, 1);
    const auto six = open_remote_listener("[::1]:0");
    ASSERT_TRUE(six) << six.error().what;
    EXPECT_EQ(address_of<sockaddr_in6>(*six).sin6_family, AF_INET6);
}

TEST(RemoteListener, NamesTheKeyWhereItCannot) {
    const auto first = open_remote_listener("127.0.0.1:0");
    ASSERT_TRUE(first);
    const std::string taken =
        "127.0.0.1:" + std::to_string(ntohs(address_of<sockaddr_in>(*first).sin_port));
    const auto second = open_remote_listener(taken);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().what, StartsWith("remote.listen: " + taken + ": cannot bind"));
    const auto foreign = open_remote_listener("203.0.113.1:8443");
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error().hint, HasSubstr("address of this host"));
}

}  // namespace

}  // namespace portal::control::test
