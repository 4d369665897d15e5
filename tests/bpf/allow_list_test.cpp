// The gate against the list of what strangers may send, over the tables and over bent frames.
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <iomanip>
#include <sstream>

#include "bpf/allow_list.h"
#include "bpf/gate.h"
#include "bpf/mutation.h"
#include "bpf/tables/ingress.h"

namespace portal::gate {
namespace {

using packets::Bytes;

constexpr int kFrames = 1'000'000;

// Longer ones reach XDP in pieces, and what lies in a later piece is not read.
constexpr std::size_t kLinear = 3000;

std::string hex(const Bytes& frame) {
    std::ostringstream out;
    for (const std::uint8_t byte : frame)
        out << std::hex << std::setw(2) << std::setfill('0') << int{byte};
    return out.str();
}

// The gate lets pass what is on the list and nothing else.
void compare(Gate& gate, const Bytes& frame, int& passed) {
    const bool passes = gate.ingress_action(frame) == XDP_PASS;
    passed += passes;
    if (passes != stranger_may_send(frame))
        ADD_FAILURE() << (passes ? "got through, and is not on the list: "
                                 : "is on the list, and was dropped: ")
                      << hex(frame) << "\n as " << name_of(gate.ingress(frame).reason);
}

TEST(AllowList, AgreesWithTheGateOnTheTables) {
    Gate gate;
    int passed = 0;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE(row.description);
        if (row.frame.size() > kLinear) continue;
        compare(gate, row.frame, passed);
    }
}

TEST(AllowList, AgreesWithTheGateOnBentFrames) {
    Gate gate;
    Mutation mutation(0x511);
    int passed = 0;
    for (int i = 0; i < kFrames && !testing::Test::HasFailure(); i++)
        compare(gate, mutation.next(), passed);
    EXPECT_GT(passed, kFrames / 20) << "the frames are bent too far to tell anything";
}

}  // namespace
}  // namespace portal::gate
