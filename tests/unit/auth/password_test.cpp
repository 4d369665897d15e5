#include "auth/password.h"

#include <gmock/gmock.h>

#include "auth/password_hash.h"

namespace portal::auth {
namespace {

using testing::Return;
using testing::StrictMock;

class MockUserStore : public store::UserStore {
  public:
    MOCK_METHOD(Status, add, (const store::User&), (override));
    MOCK_METHOD(Result<store::User>, set_password, (std::string_view, std::string_view),
                (override));
    MOCK_METHOD(Result<store::User>, erase, (std::string_view), (override));
    MOCK_METHOD(Result<std::optional<store::User>>, find, (std::string_view), (override));
    MOCK_METHOD(Result<std::vector<store::User>>, list, (), (override));
};

class PasswordSignIn : public testing::Test {
  protected:
    void has_ann() {
        EXPECT_CALL(users_, find(std::string_view("ann")))
            .WillRepeatedly(Return(store::User{"ann", hash_password("correct horse").value(), {}}));
    }
    void has_nobody() { EXPECT_CALL(users_, find).WillRepeatedly(Return(std::nullopt)); }

    StrictMock<MockUserStore> users_;
    std::unique_ptr<Password> password_ = Password::create(users_).value();
};

TEST_F(PasswordSignIn, TakesTheRightPassword) {
    has_ann();
    EXPECT_EQ(password_->method(), "password");
    EXPECT_EQ(password_->authenticate({"ann", "correct horse"}).value().user, "ann");
}

TEST_F(PasswordSignIn, DeniesAWrongPasswordAndAnUnknownUserAlike) {
    has_ann();
    EXPECT_CALL(users_, find(std::string_view("bob"))).WillOnce(Return(std::nullopt));
    const Error wrong = password_->authenticate({"ann", "battery staple"}).error();
    const Error unknown = password_->authenticate({"bob", "correct horse"}).error();
    EXPECT_EQ(wrong.code, ErrorCode::denied);
    EXPECT_EQ(unknown.code, ErrorCode::denied);
    EXPECT_EQ(wrong.what, unknown.what);
    EXPECT_EQ(wrong.hint, unknown.hint);
}

TEST_F(PasswordSignIn, DeniesEmptyCredentials) {
    has_nobody();
    EXPECT_EQ(password_->authenticate({}).error().code, ErrorCode::denied);
    EXPECT_EQ(password_->authenticate({"ann", ""}).error().code, ErrorCode::denied);
}

TEST_F(PasswordSignIn, AsksTheStoreForNoNameThatCannotBe) {
    EXPECT_CALL(users_, find).Times(0);
    for (const std::string& name : {std::string("a b"), std::string(100'000, 'a'),
                                    std::string("\xff"), std::string("a\0b", 3)})
        EXPECT_EQ(password_->authenticate({name, "correct horse"}).error().code, ErrorCode::denied);
}

TEST_F(PasswordSignIn, DeniesAnOverlongPasswordUnhashed) {
    EXPECT_CALL(users_, find).Times(0);
    EXPECT_EQ(password_->authenticate({"ann", std::string(1'000'000, 'x')}).error().code,
              ErrorCode::denied);
}

TEST_F(PasswordSignIn, AFailingStoreIsNotTheGuestsFault) {
    EXPECT_CALL(users_, find).WillOnce(Return(fail(ErrorCode::system, "disk I/O error")));
    EXPECT_EQ(password_->authenticate({"ann", "correct horse"}).error().code, ErrorCode::system);
}

}  // namespace
}  // namespace portal::auth
