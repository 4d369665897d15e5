// Accounts that sign in by password. The store keeps the hash alone and never sees a password.
//
// Every call may wait for the disk, and is durable when it returns; on failure nothing has
// changed. Any thread; calls are taken one at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace portal::store {

struct User {
    std::string name;           // as check_name(); compared byte by byte
    std::string password_hash;  // as auth::hash_password() makes it
    WallTime created_at{};
    std::optional<std::string> policy = {};  // named for this user; none: of the method's list

    bool operator==(const User&) const = default;
};

class UserStore {
  public:
    virtual ~UserStore() = default;

    // ErrorCode::conflict if the name is taken.
    virtual Status add(const User& user) = 0;

    // ErrorCode::not_found if there is no such user. Returns the user as now stored.
    virtual Result<User> set_password(std::string_view name, std::string_view password_hash) = 0;

    // ErrorCode::not_found if there is no such user. Returns what was erased.
    virtual Result<User> erase(std::string_view name) = 0;

    virtual Result<std::optional<User>> find(std::string_view name) = 0;

    // Sorted by name.
    virtual Result<std::vector<User>> list() = 0;
};

}  // namespace portal::store
