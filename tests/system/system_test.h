// What system tests begin with: the lab and a small internet, and in most cases portald.
#pragma once

#include <gtest/gtest.h>

#include "packets/packet.h"
#include "system/lab/await.h"
#include "system/lab/chatter.h"
#include "system/lab/guest.h"
#include "system/lab/lab.h"
#include "system/lab/packet_socket.h"
#include "system/lab/portald.h"
#include "system/lab/process.h"
#include "system/lab/sockets.h"
#include "system/lab/web.h"

namespace portal::system_test {

using namespace std::chrono_literals;
using namespace portal::packets;  // NOLINT: frames are written as words
using lab::Endpoint;
using lab::Family;
using lab::Guest;
using lab::Outcome;
using lab::PacketSocket;
using lab::Portald;
using lab::Process;
using lab::Reach;
using lab::Settings;
using lab::WebAnswer;

inline const std::string kClientName = kClientMac.to_string();
inline const std::string kOtherName = kOtherMac.to_string();

class SystemTest : public testing::Test {
  protected:
    lab::Lab lab_;
    lab::WebServer web_{lab_.internet,
                        {{kServer4, 80}, {kServer4, 443}, {kServer6, 80}, {kServer6, 443}}};
    Guest guest4_{lab_.client, Family::ipv4};
    Guest guest6_{lab_.client, Family::ipv6};
};

// The same once for each family.
class FamilyTest : public SystemTest, public testing::WithParamInterface<Family> {
  protected:
    Guest& guest() { return GetParam() == Family::ipv4 ? guest4_ : guest6_; }
};

}  // namespace portal::system_test

// Runs every TEST_P of `suite` for IPv4 and IPv6.
#define PORTAL_BOTH_FAMILIES(suite)                                                           \
    INSTANTIATE_TEST_SUITE_P(                                                                 \
        Family, suite, testing::Values(portal::lab::Family::ipv4, portal::lab::Family::ipv6), \
        [](const auto& family) { return portal::lab::to_string(family.param); })
