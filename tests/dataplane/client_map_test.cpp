#include <gmock/gmock.h>

#include "base/clock.h"
#include "dataplane/dataplane.h"
#include "sandbox.h"

namespace portal::dataplane {
namespace {

using test::Sandbox;
using testing::IsEmpty;
using testing::SizeIs;

class ClientMapTest : public Sandbox {
  protected:
    std::unique_ptr<Dataplane> open(std::uint32_t max_clients) {
        auto dataplane = Dataplane::open({.bpffs = bpffs(), .max_clients = max_clients});
        EXPECT_TRUE(dataplane) << dataplane.error().what;
        return dataplane ? std::move(*dataplane) : nullptr;
    }
};

ClientId client(std::uint8_t last, std::uint16_t vlan = 0) {
    return {Mac{{2, 0, 0, 0, 0, last}}, vlan};
}

constexpr Limits kLimits = {.down = 123'456'789'012, .up = 64'001, .quota = 5'000'000'001};

ClientEntry entry(std::uint8_t last, std::uint64_t session) {
    return {.client = client(last), .session = session, .last_seen = SystemClock().monotonic()};
}

TEST_F(ClientMapTest, KeepsWhatIsPut) {
    const auto dataplane = open(8);
    ASSERT_TRUE(dataplane);
    ClientTable& table = dataplane->clients();
    const ClientEntry wanted = {.client = client(1, 100),
                                .state = ClientState::trusted,
                                .session = 7,
                                .expires_at = MonotonicTime(123'456'789),
                                .idle_timeout = Seconds(60),
                                .last_seen = MonotonicTime(5),
                                .ifindex = 12,
                                .bound = true,
                                .limits = kLimits};
    ASSERT_TRUE(table.put(wanted, {1, 2, 3, 4}));
    EXPECT_EQ(table.find(client(1, 100)), wanted);
    EXPECT_EQ(table.usage(client(1, 100)), (Usage{1, 2, 3, 4}));
    EXPECT_FALSE(table.find(client(1))) << "another VLAN is another client";
    EXPECT_THAT(table.list().value(), testing::ElementsAre(wanted));
    ASSERT_TRUE(table.erase(client(1, 100)));
    EXPECT_TRUE(table.erase(client(1, 100))) << "erasing twice is no error";
    EXPECT_THAT(table.list().value(), IsEmpty());
}

TEST_F(ClientMapTest, CountsOnWhileTheSessionStays) {
    const auto dataplane = open(8);
    ASSERT_TRUE(dataplane);
    ClientTable& table = dataplane->clients();
    ASSERT_TRUE(table.put(entry(1, 1), {5, 50, 6, 60}));
    ASSERT_TRUE(table.put(entry(1, 1), {}));
    EXPECT_EQ(table.usage(client(1)), (Usage{5, 50, 6, 60}));
    ASSERT_TRUE(table.put(entry(1, 2), {}));
    EXPECT_EQ(table.usage(client(1)), Usage{});
}

class QuotaTest : public ClientMapTest {
  protected:
    // The client's entry, once it has these limits in that session.
    ClientEntry put(std::uint64_t session, const Limits& limits, const Usage& carried = {}) {
        ClientEntry wanted = entry(1, session);
        wanted.limits = limits;
        EXPECT_TRUE(dataplane_->clients().put(wanted, carried));
        return dataplane_->clients().find(client(1)).value();
    }
    std::vector<ClientId> spent() { return dataplane_->clients().spent(); }

    static constexpr Usage kCarried{1, 600, 1, 400};
    std::unique_ptr<Dataplane> dataplane_;
};

TEST_F(QuotaTest, CountsWhatIsCarriedAndGoesOnUnderOtherLimits) {
    dataplane_ = open(8);
    ASSERT_TRUE(dataplane_);
    const ClientEntry over = put(1, {.quota = 1'000}, kCarried);
    EXPECT_TRUE(over.spent);
    EXPECT_FALSE(is_alive(over, SystemClock().monotonic()));
    EXPECT_THAT(spent(), testing::ElementsAre(client(1)));

    EXPECT_FALSE(put(1, {.quota = 1'001}).spent);
    EXPECT_THAT(spent(), IsEmpty());
    EXPECT_TRUE(put(1, {.down = 8'000, .quota = 1'000}).spent);
    EXPECT_FALSE(put(1, {.down = 8'000}).spent);
    EXPECT_TRUE(put(1, {.quota = 1'000}).spent);

    EXPECT_FALSE(put(2, {.quota = 1'000}).spent) << "another session";
    EXPECT_TRUE(put(3, {.quota = 1'000}, kCarried).spent);
    ASSERT_TRUE(dataplane_->clients().erase(client(1)));
    EXPECT_THAT(spent(), IsEmpty());
}

TEST_F(QuotaTest, SetLaterCountsFromTheSessionsBeginning) {
    dataplane_ = open(8);
    ASSERT_TRUE(dataplane_);
    const ClientEntry free = put(1, {}, kCarried);
    EXPECT_EQ(free.limits, Limits{});
    EXPECT_TRUE(is_alive(free, SystemClock().monotonic()));
    EXPECT_TRUE(put(1, {.quota = 1'000}).spent);
    EXPECT_FALSE(put(1, {}).spent);
}

TEST_F(QuotaTest, SurvivesTheProcess) {
    dataplane_ = open(8);
    ASSERT_TRUE(dataplane_);
    ASSERT_TRUE(dataplane_->attachment().attach("gw0"));
    put(1, {.up = 64'001, .quota = 1'000}, kCarried);
    dataplane_.reset();
    dataplane_ = open(8);
    ASSERT_TRUE(dataplane_);
    const ClientEntry kept = dataplane_->clients().find(client(1)).value();
    EXPECT_EQ(kept.limits, (Limits{.up = 64'001, .quota = 1'000}));
    EXPECT_TRUE(kept.spent);
    EXPECT_THAT(spent(), testing::ElementsAre(client(1)));
}

TEST_F(ClientMapTest, SaysWhenItIsFull) {
    const auto dataplane = open(2);
    ASSERT_TRUE(dataplane);
    ClientTable& table = dataplane->clients();
    ASSERT_TRUE(table.put(entry(1, 1), {}));
    ASSERT_TRUE(table.put(entry(2, 2), {}));
    const Status full = table.put(entry(3, 3), {});
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::full);
    EXPECT_THAT(table.list().value(), SizeIs(2));
    EXPECT_TRUE(table.put(entry(1, 1), {})) << "a renewal needs no room";
    EXPECT_TRUE(table.put(entry(1, 4), {})) << "nor does a new session of a client inside";
    ASSERT_TRUE(table.erase(client(2)));
    EXPECT_TRUE(table.put(entry(3, 3), {}));
}

TEST_F(ClientMapTest, SurvivesTheProcess) {
    {
        const auto dataplane = open(8);
        ASSERT_TRUE(dataplane);
        ASSERT_TRUE(dataplane->attachment().attach("gw0"));
        ASSERT_TRUE(dataplane->clients().put(entry(1, 1), {9, 9, 9, 9}));
    }
    const auto dataplane = open(8);
    ASSERT_TRUE(dataplane);
    ClientTable& table = dataplane->clients();
    ASSERT_TRUE(table.find(client(1)));
    EXPECT_EQ(table.usage(client(1)), (Usage{9, 9, 9, 9}));
    ASSERT_TRUE(table.put(entry(2, 2), {}));
    EXPECT_EQ(table.usage(client(1)), (Usage{9, 9, 9, 9})) << "its slot was given away";
}

TEST_F(ClientMapTest, ListsManyClients) {
    const auto dataplane = open(20'000);
    ASSERT_TRUE(dataplane);
    ClientTable& table = dataplane->clients();
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        const auto high = static_cast<std::uint8_t>(i >> 8);
        const ClientId id = {Mac{{2, 0, 0, 0, high, static_cast<std::uint8_t>(i)}}, 0};
        ASSERT_TRUE(table.put({.client = id, .session = i + 1}, {}));
    }
    EXPECT_THAT(table.list().value(), SizeIs(20'000));
}

}  // namespace
}  // namespace portal::dataplane
