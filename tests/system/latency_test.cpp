// How long after the operator's word the first packet passes. Told, not judged: the machine has
// other work.
#include <algorithm>
#include <functional>
#include <iostream>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

using Clock = std::chrono::steady_clock;

class LatencyTest : public SystemTest {
  protected:
    // From the call of `authorize` to the first datagram that arrives, a few times over.
    void measure(const char* what, const std::function<void()>& authorize) {
        std::vector<double> milliseconds;
        for (int round = 0; round < 20; ++round) {
            const auto start = Clock::now();
            authorize();
            do {
                lab::send_udp(client_, {kServer4, 9000}, "x");
            } while (!lab::receive(server_, 1ms));
            milliseconds.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - start).count());
            ASSERT_EQ(portald_.ctl({"client", "deauthorize", kClientName}).exit, 0);
            while (lab::receive(server_, 0ms)) {
            }
        }
        std::ranges::sort(milliseconds);
        std::cout << what << " to first packet: median " << milliseconds[milliseconds.size() / 2]
                  << " ms, longest " << milliseconds.back() << " ms\n";
    }

    Portald portald_{lab_};
    UniqueFd server_ = lab::bind_udp(lab_.internet, {kServer4, 9000});
    UniqueFd client_ = lab::bind_udp(lab_.client, {kClient4, 0});
};

TEST_F(LatencyTest, OfPortalctl) {
    measure("portalctl client authorize", [&] {
        ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    });
}

TEST_F(LatencyTest, OfTheApi) {
    const std::string request = "POST /v1/clients/" + kClientName +
                                "/authorize HTTP/1.1\r\nHost: portald\r\n"
                                "Content-Length: 0\r\n\r\n";
    const UniqueFd api = lab::connect_unix(lab_.folder() / "run/portald.sock");
    measure("a request to the API", [&] {
        lab::send_stream(api, request);
        const auto answer = lab::receive(api, 5s);
        ASSERT_TRUE(answer && answer->starts_with("HTTP/1.1 200 ")) << answer.value_or("nothing");
    });
}

}  // namespace
}  // namespace portal::system_test
