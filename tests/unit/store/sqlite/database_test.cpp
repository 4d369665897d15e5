// Which files are taken for a store, and which are left alone.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "store/sqlite/database.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/store.h"
#include "unit/temporary_directory.h"

namespace portal::store::sqlite {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string contents(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

class SqliteDatabase : public testing::Test {
  protected:
    // The error of opening the file, which must name it, help, and leave it as it is.
    Error refused() {
        const std::string before = contents(path_);
        const auto store = open(path_);
        EXPECT_TRUE(contents(path_) == before) << "the file was changed";
        if (store) {
            ADD_FAILURE() << "was opened";
            return {};
        }
        EXPECT_THAT(store.error().what, StartsWith(path_.string()));
        EXPECT_FALSE(store.error().hint.empty());
        return store.error();
    }

    // Makes a store and runs SQL on it, in a process that dies at once: what it wrote is still in
    // the write-ahead log.
    void make_with(const std::string& sql) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const auto database = Database::open(path_);
            if (!database || !(*database)->execute_script(sql)) _exit(1);
            kill(getpid(), SIGKILL);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
    }

    TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_ / "portal.db";
};

TEST_F(SqliteDatabase, IsForItsOwnerAlone) {
    const mode_t mask = umask(0);
    auto store = open(path_);
    umask(mask);
    ASSERT_TRUE(store);
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
        EXPECT_EQ(mode_of(entry), 0600U) << entry;
}

TEST_F(SqliteDatabase, TightensALooseMode) {
    ASSERT_TRUE(open(path_));
    ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
    const auto store = open(path_);
    ASSERT_TRUE(store);
    EXPECT_EQ(mode_of(path_), 0600U);
}

TEST_F(SqliteDatabase, TakesAnEmptyFile) {
    std::ofstream{path_};
    EXPECT_TRUE(open(path_));
}

TEST_F(SqliteDatabase, SyncsEveryCommitToAWriteAheadLog) {
    auto database = Database::open(path_).value();
    EXPECT_EQ(database->integer("PRAGMA synchronous").value(), 2);
    EXPECT_EQ(database->integer("PRAGMA foreign_keys").value(), 1);
    Statement mode = database->prepare("PRAGMA journal_mode").value();
    ASSERT_TRUE(mode.step().value());
    EXPECT_EQ(mode.text(0), "wal");
}

TEST_F(SqliteDatabase, IsOneProcessesAtATime) {
    const auto first = open(path_).value();
    const auto second = open(path_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_THAT(second.error().what, HasSubstr("another process"));
    EXPECT_TRUE(first->users().list());
}

TEST_F(SqliteDatabase, IsFreeWhenClosed) {
    ASSERT_TRUE(open(path_));
    EXPECT_TRUE(open(path_));
}

TEST_F(SqliteDatabase, RefusesGarbage) {
    std::ofstream(path_) << std::string(10'000, 'x');
    const Error error = refused();
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_THAT(error.what, HasSubstr("not a database"));
}

TEST_F(SqliteDatabase, RefusesShortGarbage) {
    std::ofstream(path_) << "x";
    EXPECT_EQ(refused().code, ErrorCode::invalid);
    std::ofstream(path_) << std::string("SQLite format 3\0", 16);
    EXPECT_EQ(refused().code, ErrorCode::invalid);
}

TEST_F(SqliteDatabase, RefusesAnotherProgramsDatabase) {
    make_with("PRAGMA application_id = 7");
    EXPECT_THAT(refused().what, HasSubstr("another program"));
}

TEST_F(SqliteDatabase, RefusesADatabaseWithoutAnApplicationId) {
    make_with("PRAGMA application_id = 0");
    EXPECT_THAT(refused().what, HasSubstr("another program"));
}

TEST_F(SqliteDatabase, RefusesANewerSchema) {
    make_with("PRAGMA user_version = 7");
    const Error error = refused();
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_THAT(error.what, HasSubstr("has schema 7"));
    EXPECT_THAT(error.hint, HasSubstr("newer"));
}

TEST_F(SqliteDatabase, RefusesADamagedFile) {
    {
        auto database = Database::open(path_).value();
        for (int i = 0; i < 500; ++i)
            ASSERT_TRUE(database->execute("INSERT INTO users VALUES ('user" + std::to_string(i) +
                                          "', 'hash', 0, NULL)"));
    }
    {
        // The middle pages; the header stays whole.
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(5 * 4096);
        file << std::string(3 * 4096, 'x');
    }
    EXPECT_THAT(refused().hint, HasSubstr("restore a backup"));
}

TEST_F(SqliteDatabase, RefusesWhatIsNoFile) {
    std::filesystem::create_directory(path_);
    const auto store = open(path_);
    ASSERT_FALSE(store);
    EXPECT_THAT(store.error().what, HasSubstr("not a regular file"));
}

TEST_F(SqliteDatabase, TellsOfAMissingDirectory) {
    const auto store = open(directory_ / "missing" / "portal.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::unavailable);
    EXPECT_THAT(store.error().what, HasSubstr("missing does not exist"));
}

TEST_F(SqliteDatabase, NeedsAnAbsolutePathOfAFile) {
    for (const char* path : {"", "portal.db", ":memory:", "/tmp/"})
        EXPECT_EQ(open(path).error().code, ErrorCode::invalid) << path;
}

// Root may write anywhere: the attempt is a child's that is nobody.
TEST_F(SqliteDatabase, TellsOfADirectoryItMayNotWrite) {
    ASSERT_EQ(chmod(directory_.path().c_str(), 0555), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) _exit(2);
        const auto store = open(path_);
        const bool told = !store && store.error().code == ErrorCode::unavailable &&
                          store.error().what.find("Permission denied") != std::string::npos &&
                          !store.error().hint.empty();
        _exit(told ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace portal::store::sqlite
