#include "store/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <tuple>

#include "base/text.h"
#include "store/sqlite/schema.h"

namespace portal::store::sqlite {

namespace {

// A backup by sqlite3(1) locks the file for moments.
constexpr int kBusyMilliseconds = 5000;

Error unusable(const std::string& name, std::string_view what, int error_number) {
    return {ErrorCode::unavailable,
            name + ": " + std::string(what) + ": " + std::generic_category().message(error_number),
            "portald must be able to write the store and its directory"};
}

// Whether the file that is there may be given to SQLite, which takes a very short one for empty and
// writes over it.
Status check_file(const std::filesystem::path& path, const std::string& name) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0)
        return std::unexpected(unusable(name, "cannot be read", errno));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid, name + ": not a regular file",
                    "name a file with store.url");
    if (status.st_size == 0) return {};
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::array<char, magic.size()> start{};
    const ssize_t count = pread(file.get(), start.data(), start.size(), 0);
    if (count < 0) return std::unexpected(unusable(name, "cannot be read", errno));
    if (std::string_view(start.data(), start.size()) != magic)
        return fail(ErrorCode::invalid, name + ": not a database",
                    "move the file away, or name another with store.url");
    return {};
}

// Makes the file before SQLite does, since SQLite would make it readable by others. Its -wal and
// -shm files take their mode from it.
Status create_or_check_file(const std::filesystem::path& path, const std::string& name) {
    const UniqueFd file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file) return {};
    if (errno == EEXIST) return check_file(path, name);
    return std::unexpected(unusable(name, "cannot be made", errno));
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
    sqlite3_close(handle);
}

Database::Database(FileLock file_lock, std::string name, std::unique_ptr<sqlite3, Close> handle)
    : file_lock_(std::move(file_lock)), name_(std::move(name)), handle_(std::move(handle)) {}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path) {
    std::string name = printable(path.string(), 4096);
    if (!path.is_absolute() || !path.has_filename())
        return fail(ErrorCode::invalid, "\"" + name + "\" is not an absolute path of a file",
                    "write it as /var/lib/xdp-portal/portal.db");
    TRY_ASSIGN(FileLock file_lock, FileLock::take(path));
    TRY(create_or_check_file(path, name));

    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    std::unique_ptr<sqlite3, Close> handle(raw);
    if (!handle) return fail(ErrorCode::system, name + ": out of memory");
    if (code != SQLITE_OK) return std::unexpected(last_error(raw, name));
    sqlite3_busy_timeout(raw, kBusyMilliseconds);

    std::unique_ptr<Database> database(
        new Database(std::move(file_lock), std::move(name), std::move(handle)));
    // Until the file is known to be ours, not even closing it may write to it.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    TRY(database->check_identity());
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    if (chmod(path.c_str(), 0600) != 0)
        return fail_errno(database->name() + ": its mode cannot be set");
    TRY(database->configure());
    TRY(migrate(*database, migrations()));
    return database;
}

Status Database::check_identity() {
    TRY_ASSIGN(const std::int64_t application, integer("PRAGMA application_id"));
    TRY_ASSIGN(const std::int64_t version, integer("PRAGMA user_version"));
    TRY_ASSIGN(const std::int64_t objects, integer("SELECT count(*) FROM sqlite_schema"));
    if (application == 0 && version == 0 && objects == 0) return {};  // new
    if (application != kApplicationId)
        return fail(ErrorCode::invalid, name_ + ": a database of another program",
                    "name another file with store.url");
    const auto newest = static_cast<std::int64_t>(migrations().size());
    if (version < 0 || version > newest)
        return fail(ErrorCode::invalid,
                    name_ + ": has schema " + std::to_string(version) +
                        ", and this version knows up to " + std::to_string(newest),
                    "run the newer xdp-portal that wrote it, or restore an older backup");
    TRY_ASSIGN(Statement check, prepare("PRAGMA quick_check(1)"));
    TRY_ASSIGN(const bool row, check.step());
    if (const std::string verdict = row ? check.text(0) : "no answer"; verdict != "ok")
        return fail(ErrorCode::system, name_ + ": damaged: " + printable(verdict, 512),
                    "restore a backup, or move the file away and start anew");
    return {};
}

Status Database::configure() {
    // What was acknowledged survives a power cut: a WAL synced at each commit.
    TRY_ASSIGN(Statement wal, prepare("PRAGMA journal_mode = WAL"));
    TRY_ASSIGN(const bool row, wal.step());
    if (!row || wal.text(0) != "wal")
        return fail(ErrorCode::system, name_ + ": a write-ahead log is not possible here",
                    "put the store on a local file system");
    wal.reset();
    TRY(execute("PRAGMA synchronous = FULL"));
    TRY(execute("PRAGMA foreign_keys = ON"));
    return execute("PRAGMA trusted_schema = OFF");
}

Result<Statement> Database::prepare(std::string_view sql) {
    return Statement::prepare(handle_.get(), sql, name_);
}

Status Database::execute(std::string_view sql) {
    TRY_ASSIGN(Statement statement, prepare(sql));
    return statement.run();
}

Result<std::int64_t> Database::integer(std::string_view sql) {
    TRY_ASSIGN(Statement statement, prepare(sql));
    TRY_ASSIGN(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

Status Database::execute_script(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(last_error(handle_.get(), name_));
    return {};
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_.get());
}

Result<Transaction> Transaction::begin(Database& database) {
    TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::~Transaction() {
    // Some errors have rolled back already; then there is nothing to do.
    if (database_ != nullptr) std::ignore = database_->execute("ROLLBACK");
}

Status Transaction::commit() {
    TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace portal::store::sqlite
