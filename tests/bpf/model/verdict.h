// What the rules say of a frame: whether it passes, and the reasons that may be given for it. Where
// several things speak against a frame the rules do not say which is named.
#pragma once

#include <bitset>
#include <initializer_list>

#include "portal_abi.h"

namespace portal::model {

using Reasons = std::bitset<REASON_COUNT>;

inline Reasons reasons(std::initializer_list<reason> list) {
    Reasons set;
    for (const reason one : list)
        set.set(one);
    return set;
}

struct Verdict {
    bool passes = false;
    Reasons reasons;
};

inline Verdict pass(reason why) {
    return {true, reasons({why})};
}

inline Verdict drop(const Reasons& why) {
    return {false, why};
}

inline Verdict drop(reason why) {
    return {false, reasons({why})};
}

}  // namespace portal::model
