// RFC 8910 §2.3, the option in router advertisements: Debian 12 has no server that sends it, so
// the bytes are those of the worked example in docs/CAPPORT.md.
#include <fstream>
#include <regex>
#include <sstream>

#include "packets/neighbor_discovery.h"
#include "system/device_test.h"

namespace portal::system_test {
namespace {

// The lines of the document that are bytes in hexadecimal.
Bytes documented_option() {
    static const std::regex kBytes("[0-9a-f]{2}( [0-9a-f]{2})*");
    std::ifstream document(DOCS "/CAPPORT.md");
    Bytes bytes;
    for (std::string line; std::getline(document, line);) {
        if (!std::regex_match(line, kBytes)) continue;
        std::istringstream words(line);
        for (std::string word; words >> word;)
            put8(bytes, static_cast<std::uint8_t>(std::stoi(word, nullptr, 16)));
    }
    return bytes;
}

// A capture file of one frame (pcap, link type Ethernet).
void write_capture(const std::filesystem::path& path, const Bytes& frame) {
    Bytes file;
    for (const std::uint32_t word : {0xa1b2c3d4u, 0x00020004u, 0u, 0u, 65535u, 1u, 0u, 0u})
        put32(file, word);
    put32(file, static_cast<std::uint32_t>(frame.size()));
    put32(file, static_cast<std::uint32_t>(frame.size()));
    put(file, frame);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
}

class RouterAdvertisementTest : public DeviceTest {
  protected:
    void SetUp() override { lab::require_program("tshark"); }
};

TEST_F(RouterAdvertisementTest, RFC8910Section23Option37) {
    const Portald portald(lab_);
    const PacketSocket gateway(lab_.gateway, lab::kGatewayInterface);
    const PacketSocket client(lab_.client, lab::kClientInterface);
    const Bytes option = documented_option();
    const Bytes sent = Ethernet{.src = kGatewayMac, .dst = mac("33:33:00:00:00:01")} /
                       IPv6{.src = kGatewayLinkLocal, .dst = ip("ff02::1"), .hop_limit = 255} /
                       router_advertisement(kGatewayMac) / Payload{option};
    // Padded with NUL "to make the total option length … a multiple of 8 bytes".
    ASSERT_FALSE(option.empty());
    EXPECT_EQ(option.size() % 8, 0u);
    EXPECT_EQ(option[0], 37);
    EXPECT_EQ(option[1], option.size() / 8);

    // A stranger receives it.
    ASSERT_TRUE(gateway.send(sent));
    client.receive_until([&](const Bytes& frame) { return frame == sent; });
    const std::filesystem::path capture = lab_.folder() / "capture.pcap";
    write_capture(capture, sent);
    EXPECT_EQ(lab::run_or_fail({.command = {"tshark", "-r", capture, "-T", "fields", "-e",
                                            "icmpv6.opt.captive_portal"}}),
              "https://portal.example.net/capport\n");
}

}  // namespace
}  // namespace portal::system_test
