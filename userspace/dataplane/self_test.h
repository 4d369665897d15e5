// Canned frames through the loaded programs, before they are put in force: a build whose verdicts
// are wrong must not replace one whose verdicts are right.
#pragma once

#include "base/error.h"

namespace portal::dataplane {

// `ingress` is the XDP program of an object whose maps are empty: everyone is a stranger. The
// network of the test's stranger is added to `networks`.
Status self_test(int ingress, int networks);

}  // namespace portal::dataplane
