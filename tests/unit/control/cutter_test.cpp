#include "control/cutter.h"

#include <gmock/gmock.h>

#include <future>

#include "fakes.h"

namespace portal::control::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

dataplane::Neighbor seen(const ClientId& client, std::string_view address, int last) {
    return {.client = client, .address = ip(address), .last_seen = Seconds(last)};
}

TEST(AddressesOf, AreThoseThatTheClientUsedLast) {
    const std::vector neighbors{
        seen(client(1), "192.0.2.5", 10), seen(client(1), "2001:db8::5", 10),
        seen(client(1), "192.0.2.6", 10), seen(client(2), "192.0.2.6", 20),
        seen(client(1), "192.0.2.7", 20), seen(client(2), "192.0.2.7", 10),
        seen(client(1), "::", 30),        seen(client(3, 100), "192.0.2.5", 40),
    };
    EXPECT_THAT(addresses_of({client(1)}, neighbors),
                ElementsAre(ip("192.0.2.5"), ip("192.0.2.7"), ip("2001:db8::5")));
    EXPECT_THAT(addresses_of({client(9)}, neighbors), IsEmpty());
}

TEST(CutterTest, DoesWhatIsLeftToDoBeforeItEnds) {
    std::vector<std::set<IpAddress>> forgotten;
    std::promise<void> begun;
    std::promise<void> go_on;
    int times = 0;
    {
        Cutter cutter({.neighbors =
                           [&] {
                               if (times++ == 0) {
                                   begun.set_value();
                                   go_on.get_future().wait();
                               }
                               return std::vector{seen(client(1), "192.0.2.1", 1),
                                                  seen(client(2), "192.0.2.2", 1),
                                                  seen(client(3), "192.0.2.3", 1)};
                           },
                       .forget = [&](const std::set<IpAddress>& addresses) -> Status {
                           forgotten.push_back(addresses);
                           return {};
                       }});
        cutter.cut(client(1));
        begun.get_future().wait();
        cutter.cut(client(2));
        cutter.cut(client(3));
        go_on.set_value();
    }
    EXPECT_THAT(forgotten,
                ElementsAre(std::set{ip("192.0.2.1")}, std::set{ip("192.0.2.2"), ip("192.0.2.3")}));
}

}  // namespace
}  // namespace portal::control::test
