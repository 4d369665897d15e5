// What was acknowledged stays, and what failed changes nothing.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite/database.h"
#include "store/sqlite/session_store.h"
#include "store/sqlite/store.h"
#include "unit/temporary_directory.h"

namespace portal::store::sqlite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Session session_of(std::string_view client) {
    Session session;
    session.client = parse_client_id(client).value();
    session.method = "click-through";
    return session;
}

TEST(SqliteDurability, AnAcknowledgedSessionSurvivesAKill) {
    const TemporaryDirectory directory;
    const auto path = directory / "portal.db";
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto store = open(path);
        if (!store) _exit(1);
        const bool acknowledged =
            (*store)->sessions().put(session_of("02:00:00:00:00:01"), nullptr).has_value();
        if (!acknowledged) _exit(2);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);

    const auto store = open(path).value();
    EXPECT_THAT(store->sessions().load_all().value(),
                ElementsAre(testing::Field(&Session::client,
                                           parse_client_id("02:00:00:00:00:01").value())));
}

TEST(SqliteDurability, AFullDiskIsToldAndChangesNothing) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory / "portal.db").value();
    SqliteSessionStore sessions(*database);
    Session kept = session_of("02:00:00:00:00:01");
    kept.id = sessions.put(kept, nullptr).value();

    // SQLite answers the same when the file may not grow as when the disk is full.
    const auto pages = database->integer("PRAGMA page_count").value();
    ASSERT_EQ(database->integer("PRAGMA max_page_count = " + std::to_string(pages)).value(), pages);
    Session large = kept;
    large.user = std::string(100'000, 'x');
    const auto refused = sessions.put(large, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::full);
    EXPECT_THAT(refused.error().what, HasSubstr("full"));
    EXPECT_THAT(refused.error().hint, HasSubstr("space"));
    EXPECT_THAT(sessions.load_all().value(), ElementsAre(kept));

    database->integer("PRAGMA max_page_count = 1000000").value();
    EXPECT_EQ(sessions.put(large, nullptr).value(), kept.id);
    EXPECT_THAT(sessions.load_all().value(), ElementsAre(large));
}

TEST(SqliteDurability, AnUncommittedTransactionLeavesNothing) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory / "portal.db").value();
    {
        const auto transaction = Transaction::begin(*database).value();
        ASSERT_TRUE(database->execute("INSERT INTO users VALUES ('ann', 'hash', 0, NULL)"));
    }
    EXPECT_EQ(database->integer("SELECT count(*) FROM users").value(), 0);
}

}  // namespace
}  // namespace portal::store::sqlite
