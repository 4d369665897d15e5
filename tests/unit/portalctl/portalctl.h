// The real portalctl before a fake daemon that answers everything as the API promises.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "child.h"
#include "fake_daemon.h"

namespace portal::portalctl::test {

class Gateway {
  public:
    // With the samples of samples.h.
    Gateway();

    FakeDaemon& daemon() { return daemon_; }

    // The words of a command line that asks this daemon.
    std::vector<std::string> command(std::vector<std::string> words) const;

    // Runs portalctl to its end.
    Ended run(std::vector<std::string> words, std::string_view input = "") const;

  private:
    FakeDaemon daemon_;
};

// The one JSON document that `text` is, and no byte more than a line's end; a test failure else.
boost::json::value parse_json(const std::string& text);

}  // namespace portal::portalctl::test
