// A guest's browser, driven by a script of tests/clients that tells what it sees, a line each.
#pragma once

#include "system/device_test.h"

namespace portal::system_test {

class Browser {
  public:
    // With a home of its own, and the network's resolver. The script gets the name of the portal.
    Browser(const NetNamespace& host, const std::string& script);

    // What it tells next; or how it failed.
    std::string next();

  private:
    MountNamespace files_;
    Process process_;
};

}  // namespace portal::system_test
