// What the tests with devices of other people's making begin with: the lab, and an internet that
// answers the devices' questions. portald and the resolver are the test's to start, once it knows
// that it has the programs it needs.
#pragma once

#include <optional>

#include "system/lab/internet.h"
#include "system/lab/requirement.h"
#include "system/lab/resolver.h"
#include "system/system_test.h"

namespace portal::system_test {

using lab::MountNamespace;
using lab::NetNamespace;

class DeviceTest : public testing::Test {
  protected:
    lab::Lab lab_;
    std::optional<lab::Internet> internet_{lab_};
    Guest guest4_{lab_.client, Family::ipv4};
    Guest guest6_{lab_.client, Family::ipv6};
};

}  // namespace portal::system_test
