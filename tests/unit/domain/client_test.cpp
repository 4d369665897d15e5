#include "domain/client.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(ClientId, ReadsAndWritesMacAndVlan) {
    for (const std::string_view text : {"02:00:00:00:00:01", "02:00:00:00:00:01@1",
                                        "02:00:00:00:00:01@100", "02:00:00:00:00:01@4094"})
        EXPECT_EQ(parse_client_id(text).value().to_string(), text);
    EXPECT_EQ(parse_client_id("02-00-00-00-00-0A@7").value().to_string(), "02:00:00:00:00:0a@7");
}

TEST(ClientId, VlanZeroIsUntagged) {
    const ClientId id = parse_client_id("02:00:00:00:00:01@0").value();
    EXPECT_EQ(id, parse_client_id("02:00:00:00:00:01").value());
    EXPECT_EQ(id.to_string(), "02:00:00:00:00:01");
}

TEST(ClientId, RefusesBadVlans) {
    for (const std::string_view text :
         {"02:00:00:00:00:01@", "02:00:00:00:00:01@4095", "02:00:00:00:00:01@65536",
          "02:00:00:00:00:01@-1", "02:00:00:00:00:01@+1", "02:00:00:00:00:01@1@2",
          "02:00:00:00:00:01@1 ", "02:00:00:00:00:01 @1", "@1"}) {
        const auto id = parse_client_id(text);
        ASSERT_FALSE(id) << text;
        EXPECT_EQ(id.error().code, ErrorCode::invalid);
    }
}

TEST(ClientId, RefusesAddressesNoClientHas) {
    EXPECT_NE(parse_client_id("00:00:00:00:00:00").error().what.find("zero"), std::string::npos);
    EXPECT_NE(parse_client_id("ff:ff:ff:ff:ff:ff").error().what.find("multicast"),
              std::string::npos);
    EXPECT_FALSE(parse_client_id("01:00:5e:00:00:01@5"));
}

TEST(ClientId, SortsByMacAndThenVlan) {
    EXPECT_LT(parse_client_id("02:00:00:00:00:01@9").value(),
              parse_client_id("02:00:00:00:00:02").value());
    EXPECT_LT(parse_client_id("02:00:00:00:00:01").value(),
              parse_client_id("02:00:00:00:00:01@1").value());
}

TEST(ClientState, ReadsBackItsNames) {
    for (const ClientState state : {ClientState::stranger, ClientState::authorized,
                                    ClientState::trusted, ClientState::blocked})
        EXPECT_EQ(parse_client_state(to_string(state)), state);
    EXPECT_EQ(parse_client_state("Authorized"), std::nullopt);
    EXPECT_EQ(parse_client_state(""), std::nullopt);
}

}  // namespace
}  // namespace portal
