// The supervisor with a real child process, fake_responder.
#include "control/responder_supervisor.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <functional>

#include "control/seal_key.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using testing::HasSubstr;

// Any listening sockets do: transparent ones would need privileges.
ResponderListeners plain_listeners() {
    ResponderListeners listeners;
    for (UniqueFd* listener : {&listeners.http4, &listeners.http6}) {
        listener->reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        // Autobind (unix(7)): an abstract name of the kernel's choosing.
        EXPECT_EQ(bind(listener->get(), reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t)),
                  0);
        EXPECT_EQ(listen(listener->get(), 1), 0);
    }
    return listeners;
}

ipc::Configuration named(std::string name) {
    ipc::Configuration configuration;
    configuration.portal_name = std::move(name);
    return configuration;
}

class ResponderSupervisorTest : public testing::Test {
  protected:
    void start(const std::string& way, ResponderSupervisor::Backoff backoff = kQuick,
               const std::filesystem::path& program = FAKE_RESPONDER) {
        supervisor.emplace(
            context,
            ResponderSupervisor::Options{
                .program = program, .user = way, .seal_key = key, .backoff = backoff},
            listeners,
            [this](const ipc::Request& request,
                   const std::function<void(const ipc::Reply&)>& send) {
                asked.push_back(request.id);
                ipc::Reply reply;
                reply.id = request.id;
                send(reply);
            },
            clock, bus);
        supervisor->serve(named("Café"));
    }
    // What is reported, each in its turn.
    std::string next_report() {
        while (reports.empty())
            context.run_one();
        const std::string report = reports.front();
        reports.pop_front();
        return report;
    }
    void run_until(const std::function<bool()>& done) {
        while (!done())
            context.run_one();
    }

    static constexpr ResponderSupervisor::Backoff kQuick{.first = std::chrono::milliseconds(1),
                                                         .longest = std::chrono::milliseconds(1)};

    boost::asio::io_context context;
    FakeClock clock;
    EventBus bus;
    std::deque<std::string> reports;
    EventBus::Subscription subscription = bus.subscribe(1, [this] {
        for (const Event& event : subscription.take().events) {
            EXPECT_EQ(event.type, EventType::responder);
            reports.push_back(event.detail.value_or(""));
        }
    });
    const ResponderListeners listeners = plain_listeners();
    const std::string key = make_seal_key();
    std::vector<std::uint64_t> asked;
    std::optional<ResponderSupervisor> supervisor;
};

TEST_F(ResponderSupervisorTest, AnswersTheResponder) {
    start("asks");
    EXPECT_THAT(next_report(), HasSubstr("started"));
    EXPECT_EQ(next_report(), "exited with status 0");
    EXPECT_THAT(asked, testing::ElementsAre(1, 2, 3));
}

TEST_F(ResponderSupervisorTest, StartsAnotherWhenOneExits) {
    start("exits");
    for (std::uint64_t restarts = 0; restarts < 3; ++restarts) {
        EXPECT_THAT(next_report(), HasSubstr("started"));
        EXPECT_EQ(supervisor->state().restarts, restarts);
        EXPECT_TRUE(supervisor->state().pid);
        EXPECT_EQ(next_report(), "exited with status 3");
        EXPECT_FALSE(supervisor->state().pid);
    }
}

TEST_F(ResponderSupervisorTest, TellsHowOneWasKilled) {
    start("crashes");
    EXPECT_THAT(next_report(), HasSubstr("started"));
    EXPECT_EQ(next_report(), "was killed by signal 9");
}

TEST_F(ResponderSupervisorTest, EndsOneThatBabbles) {
    start("babbles");
    EXPECT_THAT(next_report(), HasSubstr("started"));
    EXPECT_EQ(next_report(), "was killed by signal 9");
    EXPECT_THAT(next_report(), HasSubstr("started"));
}

TEST_F(ResponderSupervisorTest, ReplacesItWhenThereIsSomethingElseToServe) {
    start("tells-its-name");
    EXPECT_THAT(next_report(), HasSubstr("started"));
    run_until([&] { return asked.size() == 1; });
    const auto first = supervisor->state().pid;
    supervisor->serve(named("Café"));
    EXPECT_EQ(supervisor->state().pid, first);
    supervisor->serve(named("Another"));
    EXPECT_THAT(next_report(), HasSubstr("started"));
    run_until([&] { return asked.size() == 2; });
    EXPECT_NE(supervisor->state().pid, first);
    EXPECT_THAT(asked, testing::ElementsAre(std::string("Café").size(), 7));
}

TEST_F(ResponderSupervisorTest, EveryResponderHasTheSameKey) {
    start("tells-its-key");
    run_until([&] { return asked.size() == 3; });
    EXPECT_THAT(asked, testing::Each(std::stoull(key.substr(0, 8), nullptr, 16)));
}

TEST(SealKey, Is32RandomBytesAsHex) {
    const std::string key = make_seal_key();
    EXPECT_THAT(key, testing::MatchesRegex("[0-9a-f]{64}"));
    EXPECT_NE(key, make_seal_key());
}

TEST_F(ResponderSupervisorTest, WaitsLongerEachTimeUntilOneLives) {
    // A wait of an hour would hang the test; a life of two hours ends it.
    start("exits", {.first = std::chrono::milliseconds(1),
                    .longest = std::chrono::hours(1),
                    .good_life = std::chrono::hours(2)});
    for (int i = 0; i < 6; ++i) {
        EXPECT_THAT(next_report(), HasSubstr("started"));
        EXPECT_EQ(next_report(), "exited with status 3");
    }
    const auto wait = supervisor->next_wait();
    EXPECT_EQ(wait, std::chrono::milliseconds(64));
    EXPECT_THAT(next_report(), HasSubstr("started"));
    clock.advance(std::chrono::hours(2));
    EXPECT_EQ(next_report(), "exited with status 3");
    EXPECT_EQ(supervisor->next_wait(), std::chrono::milliseconds(2));
}

TEST_F(ResponderSupervisorTest, StopEndsItForGood) {
    start("stays");
    EXPECT_THAT(next_report(), HasSubstr("started"));
    const pid_t pid = supervisor->state().pid.value();
    supervisor->stop();
    EXPECT_FALSE(supervisor->state().pid);
    EXPECT_EQ(kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
    context.run();
    EXPECT_TRUE(reports.empty());
}

TEST_F(ResponderSupervisorTest, AMissingProgramIsTriedAgain) {
    start("exits", kQuick, "/nonexistent/portal-responder");
    EXPECT_FALSE(supervisor->state().pid);
    EXPECT_EQ(context.run_one(), 1U);
    EXPECT_FALSE(supervisor->state().pid);
    EXPECT_EQ(context.run_one(), 1U);
}

TEST(ExistingUser, FallsBackToNobody) {
    EXPECT_EQ(existing_user("root"), "root");
    EXPECT_EQ(existing_user("no-such-user"), "nobody");
}

}  // namespace

}  // namespace portal::control::test
