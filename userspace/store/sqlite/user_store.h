#pragma once

#include "store/sqlite/database.h"
#include "store/user_store.h"

namespace portal::store::sqlite {

// UserStore in the table `users`. `database` must outlive it.
class SqliteUserStore final : public UserStore {
  public:
    explicit SqliteUserStore(Database& database) : database_(database) {}

    Status add(const User& user) override;
    Result<User> set_password(std::string_view name, std::string_view password_hash) override;
    Result<User> erase(std::string_view name) override;
    Result<std::optional<User>> find(std::string_view name) override;
    Result<std::vector<User>> list() override;

  private:
    Database& database_;
};

}  // namespace portal::store::sqlite
