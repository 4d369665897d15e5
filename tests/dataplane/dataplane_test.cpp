#include "dataplane/dataplane.h"

#include <gmock/gmock.h>
#include <net/if.h>

#include "dataplane/features.h"
#include "portal_abi.h"
#include "sandbox.h"

namespace portal::dataplane {
namespace {

using test::Sandbox;
using testing::HasSubstr;
using testing::IsEmpty;

using DataplaneTest = Sandbox;

TEST_F(DataplaneTest, RefusesASecondOwner) {
    const auto first = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_TRUE(first) << first.error().what;
    const auto second = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

TEST_F(DataplaneTest, RefusesAFolderThatIsNotBpffs) {
    const auto dataplane = Dataplane::open({.bpffs = "/tmp/xdp-portal-nowhere"});
    ASSERT_FALSE(dataplane);
    EXPECT_EQ(dataplane.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(std::filesystem::exists("/tmp/xdp-portal-nowhere"));
}

TEST_F(DataplaneTest, RefusesAnotherTableSizeOverPins) {
    {
        const auto first = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
        ASSERT_TRUE(first);
        ASSERT_TRUE((*first)->attachment().attach("gw0"));
    }
    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 5});
    ASSERT_FALSE(dataplane);
    EXPECT_EQ(dataplane.error().code, ErrorCode::conflict);
    EXPECT_THAT(dataplane.error().what, HasSubstr("max_clients"));
}

// An upgrade over another ABI: no moment without a gate, and none of its maps.
TEST_F(DataplaneTest, TakesOverTheHooksOfAnotherAbi) {
    {
        const auto former = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
        ASSERT_TRUE(former);
        ASSERT_TRUE((*former)->attachment().attach("gw0"));
    }
    const std::filesystem::path current = bpffs() / ("v" + std::to_string(PORTAL_ABI));
    const std::filesystem::path other = bpffs() / "v9999";
    std::filesystem::rename(current, other);

    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 5});
    ASSERT_TRUE(dataplane) << dataplane.error().what;
    EXPECT_FALSE(std::filesystem::exists(other));
    EXPECT_FALSE((*dataplane)->attachment().is_attached("gw0")) << "the former programs still";
    EXPECT_TRUE((*dataplane)->attachment().check("gw0"));
    const Status attached = (*dataplane)->attachment().attach("gw0");
    ASSERT_TRUE(attached) << attached.error().what;
    EXPECT_TRUE((*dataplane)->attachment().is_attached("gw0"));
}

TEST_F(DataplaneTest, LeavesNoPinsWithoutAGate) {
    { ASSERT_TRUE(Dataplane::open({.bpffs = bpffs(), .max_clients = 4})); }
    EXPECT_FALSE(std::filesystem::exists(bpffs()));
    EXPECT_TRUE(Dataplane::open({.bpffs = bpffs(), .max_clients = 5}));
}

TEST_F(DataplaneTest, ForgetsInterfacesThatAreNoMore) {
    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_TRUE(dataplane);
    for (unsigned gone = 1000; gone < 1200; ++gone)
        ASSERT_TRUE((*dataplane)->set_interface(gone, Mac{{2, 0, 0, 0, 0, 1}}));
    EXPECT_TRUE((*dataplane)->set_interface(if_nametoindex("gw0"), Mac{{2, 0, 0, 0, 0, 1}}));
}

TEST_F(DataplaneTest, CountsEveryReasonFromZero) {
    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_TRUE(dataplane);
    const auto verdicts = (*dataplane)->verdicts();
    ASSERT_TRUE(verdicts);
    EXPECT_EQ(verdicts->front().reason, "authorized");
    EXPECT_TRUE(verdicts->front().passes);
    for (const Verdict& verdict : *verdicts) {
        EXPECT_EQ(verdict.packets, 0U) << verdict.reason << ": the self test must not count";
        EXPECT_FALSE(verdict.description.empty());
    }
}

TEST_F(DataplaneTest, ReplacesAddressesAndGarden) {
    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_TRUE(dataplane);
    const AddressRoles first[] = {{parse_ip_address("192.0.2.1").value(), true, true, true},
                                  {parse_ip_address("2001:db8::1").value(), true, false, false}};
    EXPECT_TRUE((*dataplane)->set_addresses(first));
    EXPECT_TRUE((*dataplane)->set_addresses(std::span(first, 1)));
    const std::vector<AddressRoles> many(2000, first[0]);
    EXPECT_FALSE((*dataplane)->set_addresses(many));
    const GardenRule rules[] = {parse_garden_rule("203.0.113.0/24").value(),
                                parse_garden_rule("203.0.113.7:443").value(),
                                parse_garden_rule("2001:db8::/32").value()};
    EXPECT_TRUE((*dataplane)->set_garden(compile_garden(rules).value().entries));
    EXPECT_TRUE((*dataplane)->set_garden({}));
    EXPECT_TRUE((*dataplane)->set_interface(if_nametoindex("gw0"), Mac{{2, 0, 0, 0, 0, 1}}));
    EXPECT_THAT((*dataplane)->neighbors().value(), IsEmpty());
    EXPECT_FALSE((*dataplane)->origin({}));
}

TEST_F(DataplaneTest, FindsWhatNamesLeadToAgain) {
    const auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = 4});
    ASSERT_TRUE(dataplane);
    EXPECT_TRUE((*dataplane)->watch_answers(true));
    EXPECT_THAT((*dataplane)->learnt().value(), IsEmpty());
    LearntOpening opening{.address = parse_ip_address("203.0.113.7").value(),
                          .ports = {{443, Protocol::tcp}, {443, Protocol::udp}},
                          .until = std::chrono::hours(1000),
                          .name = parse_garden_name("*.example.org").value()};
    EXPECT_TRUE((*dataplane)->set_learnt(opening));
    EXPECT_THAT((*dataplane)->learnt().value(), testing::ElementsAre(opening));
    opening.ports.clear();
    EXPECT_TRUE((*dataplane)->set_learnt(opening));
    EXPECT_THAT((*dataplane)->learnt().value(), testing::ElementsAre(opening));
    for (const int round : {1, 2})
        EXPECT_TRUE((*dataplane)->erase_learnt(opening.address)) << round;
    EXPECT_THAT((*dataplane)->learnt().value(), IsEmpty());
}

TEST_F(DataplaneTest, TellsItsFeatures) {
    for (const Feature& feature : probe_features({"gw0", "absent0"})) {
        if (feature.name == "tcx") continue;
        EXPECT_EQ(feature.available, feature.name != "xdp_native:absent0") << feature.name;
    }
}

}  // namespace
}  // namespace portal::dataplane
