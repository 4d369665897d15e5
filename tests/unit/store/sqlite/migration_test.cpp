#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "store/sqlite/database.h"
#include "store/sqlite/schema.h"
#include "unit/temporary_directory.h"

namespace portal::store::sqlite {
namespace {

class SqliteMigration : public testing::Test {
  protected:
    // The released steps and one more.
    static std::vector<std::string_view> with(std::string_view step) {
        std::vector<std::string_view> steps(migrations().begin(), migrations().end());
        steps.push_back(step);
        return steps;
    }
    std::int64_t version() { return database_->integer("PRAGMA user_version").value(); }

    TemporaryDirectory directory_;
    std::unique_ptr<Database> database_ = Database::open(directory_ / "portal.db").value();
    const std::int64_t released_ = static_cast<std::int64_t>(migrations().size());
};

TEST_F(SqliteMigration, ANewFileIsMarkedAsOurs) {
    EXPECT_EQ(database_->integer("PRAGMA application_id").value(), kApplicationId);
    EXPECT_EQ(version(), released_);
}

TEST_F(SqliteMigration, TakesOnlyTheStepsNotTaken) {
    ASSERT_TRUE(database_->execute("INSERT INTO users VALUES ('ann', 'hash', 0, NULL)"));
    const auto steps = with("CREATE TABLE one (a); INSERT INTO one VALUES (1)");
    ASSERT_TRUE(migrate(*database_, steps));
    ASSERT_TRUE(migrate(*database_, steps));
    EXPECT_EQ(version(), released_ + 1);
    EXPECT_EQ(database_->integer("SELECT count(*) FROM one").value(), 1);
    EXPECT_EQ(database_->integer("SELECT count(*) FROM users").value(), 1);
}

// A policy that an operator or a voucher had named before anybody kept how it came.
TEST_F(SqliteMigration, KeepsWhichPoliciesWereNamed) {
    Database* const old = database_.get();
    for (const char* back :
         {"ALTER TABLE sessions DROP COLUMN interface", "ALTER TABLE users DROP COLUMN policy",
          "ALTER TABLE sessions DROP COLUMN policy_named",
          "PRAGMA user_version = 3"})
        ASSERT_TRUE(old->execute(back));
    ASSERT_TRUE(old->execute("INSERT INTO users VALUES ('ann', 'hash', 0)"));
    for (const char* row : {"(1, x'020000000001', 0, 'authorized', 'operator', NULL, 'staff',",
                            "(2, x'020000000002', 0, 'authorized', 'password', NULL, 'default',"})
        ASSERT_TRUE(old->execute(std::string("INSERT INTO sessions VALUES ") + row +
                                 " 0, NULL, 0, 0, 0, 0, 0, NULL)"));
    ASSERT_TRUE(migrate(*old, migrations().first(4)));
    const auto named = [&](int id) {
        return old->integer("SELECT policy_named FROM sessions WHERE id = " + std::to_string(id))
            .value();
    };
    EXPECT_EQ(named(1), 1);
    EXPECT_EQ(named(2), 0);
    EXPECT_EQ(old->integer("SELECT count(*) FROM users WHERE policy IS NULL").value(), 1);
}

TEST_F(SqliteMigration, AFailedStepLeavesTheOldSchema) {
    EXPECT_FALSE(migrate(*database_, with("CREATE TABLE one (a); CREATE TABLE one (a)")));
    EXPECT_EQ(version(), released_);
    EXPECT_EQ(database_->integer("SELECT count(*) FROM sqlite_schema WHERE name = 'one'").value(),
              0);
}

}  // namespace
}  // namespace portal::store::sqlite
