// Warnings of policies that somebody is to have and the configuration has not.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/session_manager.h"
#include "store/user_store.h"
#include "store/voucher_store.h"

namespace portal::control {

// A sentence for each such policy: which sessions, users and vouchers in force have "default"
// instead.
Result<std::vector<std::string>> missing_policies(const SessionManager& sessions,
                                                  store::UserStore& users,
                                                  store::VoucherStore& vouchers,
                                                  const Clock& clock);

}  // namespace portal::control
