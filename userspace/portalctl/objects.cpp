#include "portalctl/objects.h"

namespace portal::portalctl {

std::span<const Object* const> objects() {
    static constexpr const Object* kObjects[] = {
        &kClient, &kGarden, &kPolicy,  &kUser,   &kVoucher, &kAudit,  &kStats, &kEvent,
        &kProg,   &kConfig, &kFeature, &kDoctor, &kStatus,  &kDetach, &kBatch,
    };
    return kObjects;
}

}  // namespace portal::portalctl
