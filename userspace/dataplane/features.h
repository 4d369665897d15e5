// What this kernel can do for the dataplane, found by trying.
#pragma once

#include <string>
#include <vector>

namespace portal::dataplane {

struct Feature {
    std::string name;  // "tcx", "xdp_native:eth1"
    bool available = false;
    std::string detail;
};

std::vector<Feature> probe_features(const std::vector<std::string>& interfaces);

}  // namespace portal::dataplane
