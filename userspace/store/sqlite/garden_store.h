#pragma once

#include "store/garden_store.h"
#include "store/sqlite/database.h"

namespace portal::store::sqlite {

// GardenStore in the table `garden`. `database` must outlive it.
class SqliteGardenStore final : public GardenStore {
  public:
    explicit SqliteGardenStore(Database& database) : database_(database) {}

    Result<std::vector<GardenRule>> list() override;
    Status add(const GardenRule& rule) override;
    Status erase(const GardenRule& rule) override;

  private:
    Database& database_;
};

}  // namespace portal::store::sqlite
