#include <gmock/gmock.h>

#include "unit/store/contract/backend.h"

namespace portal::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

User user(std::string name, std::string hash = "$argon2id$…") {
    return {std::move(name), std::move(hash),
            WallTime(std::chrono::milliseconds(1'769'846'400'123))};
}

TEST_P(UserStoreContract, StartsEmpty) {
    EXPECT_THAT(users().list().value(), IsEmpty());
    EXPECT_EQ(users().find("ann").value(), std::nullopt);
}

TEST_P(UserStoreContract, KeepsUsersSortedByName) {
    const User ann = user("ann");
    User bob = user("bob", "$argon2id$other");
    bob.policy = "staff";
    const User zoe = user("zo\xc3\xab");
    for (const User& each : {zoe, bob, ann})
        ASSERT_TRUE(users().add(each));
    reopen();
    EXPECT_THAT(users().list().value(), ElementsAre(ann, bob, zoe));
    EXPECT_EQ(users().find("bob").value(), bob);
}

TEST_P(UserStoreContract, ANewPasswordLeavesThePolicy) {
    User bob = user("bob");
    bob.policy = "staff";
    ASSERT_TRUE(users().add(bob));
    EXPECT_EQ(users().set_password("bob", "new").value().policy, "staff");
    EXPECT_EQ(users().erase("bob").value().policy, "staff");
}

TEST_P(UserStoreContract, ANameIsTakenOnce) {
    ASSERT_TRUE(users().add(user("ann")));
    EXPECT_EQ(users().add(user("ann", "other")).error().code, ErrorCode::conflict);
    EXPECT_EQ(users().find("ann").value(), user("ann"));
}

TEST_P(UserStoreContract, NamesCompareByteByByte) {
    ASSERT_TRUE(users().add(user("ann")));
    EXPECT_TRUE(users().add(user("Ann")));
    EXPECT_EQ(users().find("ANN").value(), std::nullopt);
    EXPECT_EQ(users().find("").value(), std::nullopt);
    EXPECT_EQ(users().find("an%").value(), std::nullopt);
}

TEST_P(UserStoreContract, SetPasswordChangesTheHashAlone) {
    ASSERT_TRUE(users().add(user("ann")));
    ASSERT_TRUE(users().add(user("bob")));
    EXPECT_EQ(users().set_password("ann", "new").value(), user("ann", "new"));
    reopen();
    EXPECT_THAT(users().list().value(), ElementsAre(user("ann", "new"), user("bob")));
}

TEST_P(UserStoreContract, EraseReturnsWhatItErased) {
    ASSERT_TRUE(users().add(user("ann")));
    ASSERT_TRUE(users().add(user("bob")));
    EXPECT_EQ(users().erase("ann").value(), user("ann"));
    reopen();
    EXPECT_THAT(users().list().value(), ElementsAre(user("bob")));
}

TEST_P(UserStoreContract, AnUnknownUserIsNotFound) {
    EXPECT_EQ(users().set_password("ann", "new").error().code, ErrorCode::not_found);
    EXPECT_EQ(users().erase("ann").error().code, ErrorCode::not_found);
    EXPECT_THAT(users().list().value(), IsEmpty());
}

}  // namespace
}  // namespace portal::store
