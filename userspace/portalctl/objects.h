// The objects of the command language; each is defined in the file of its name.
#pragma once

#include <span>

#include "portalctl/grammar.h"

namespace portal::portalctl {

extern const Object kClient;
extern const Object kGarden;
extern const Object kPolicy;
extern const Object kUser;
extern const Object kVoucher;
extern const Object kAudit;
extern const Object kStats;
extern const Object kEvent;
extern const Object kProg;
extern const Object kConfig;
extern const Object kFeature;
extern const Object kDoctor;
extern const Object kStatus;
extern const Object kDetach;
extern const Object kBatch;

// All of them, in the order the help lists them.
std::span<const Object* const> objects();

}  // namespace portal::portalctl
