// However much is recorded, the table has an end.
#include <gmock/gmock.h>

#include "store/sqlite/audit_store.h"
#include "store/sqlite/database.h"
#include "unit/temporary_directory.h"

namespace portal::store::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SqliteAuditLimits, TheOldestOfAKindGoes) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory / "portal.db").value();
    SqliteAuditStore audit(*database, {.accepted = 2, .others = 3});
    std::uint64_t id = 0;
    const auto append = [&](AuditOutcome outcome, int times) {
        for (int i = 0; i < times; ++i)
            id = audit.append({.method = "password", .outcome = outcome}).value();
    };
    const auto left = [&] {
        std::vector<std::uint64_t> ids;
        const auto records = audit.list({}).value();
        for (const AuditRecord& record : records)
            ids.push_back(record.id);
        return ids;
    };
    append(AuditOutcome::accepted, 2);
    append(AuditOutcome::refused, 100);
    EXPECT_THAT(left(), ElementsAre(102, 101, 100, 2, 1)) << "failures push out failures alone";
    append(AuditOutcome::accepted, 1);
    append(AuditOutcome::throttled, 1);
    EXPECT_THAT(left(), ElementsAre(104, 103, 102, 101, 2));
    // What the retention takes makes room.
    ASSERT_TRUE(audit.purge(WallTime(std::chrono::milliseconds(1)), 1000));
    EXPECT_THAT(left(), IsEmpty());
    append(AuditOutcome::failed, 3);
    EXPECT_THAT(left(), ElementsAre(107, 106, 105));
}

}  // namespace
}  // namespace portal::store::sqlite
