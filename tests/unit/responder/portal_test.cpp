// The portal's own host over a real connection, and its talk with portald.
#include <gmock/gmock.h>

#include <atomic>

#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Portal : public RunningResponder {
  protected:
    std::string token_in(const RawResponse& page) const {
        const std::string before = "name=\"token\" value=\"";
        const std::size_t at = page.body.find(before);
        EXPECT_NE(at, std::string::npos) << page.body;
        return page.body.substr(at + before.size(), 64);
    }
    static std::string form(const std::string& path, const std::string& body,
                            const std::string& more = {}) {
        return "POST " + path +
               " HTTP/1.1\r\nHost: portal.example.net\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\n" +
               more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
};

constexpr const char* kFront = "GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n";

TEST_F(Portal, AGuestSignsInLooksAndSignsOut) {
    std::atomic<bool> signed_in = false;
    answers_ = [&](const ipc::Request& request) {
        if (const auto* question = std::get_if<ipc::SignIn>(&request.body))
            signed_in = question->user == "ada" && question->password == "correct horse";
        if (std::holds_alternative<ipc::SignOut>(request.body)) signed_in = false;
        ipc::Reply reply;
        reply.caller = signed_in ? guest() : stranger();
        const bool refused = std::holds_alternative<ipc::SignIn>(request.body) && !signed_in;
        reply.outcome = refused ? ipc::Outcome::refused : ipc::Outcome::done;
        return reply;
    };
    start();

    const RawResponse front = ask(kFront);
    EXPECT_EQ(front.status(), 200);
    EXPECT_EQ(front.field("connection"), "close");
    const std::string fields = "token=" + token_in(front) + "&method=password&user=ada&password=";

    const RawResponse refused = ask(form("/sign-in", fields + "wrong"));
    EXPECT_EQ(refused.status(), 403);
    EXPECT_THAT(refused.body, HasSubstr("role=\"alert\""));

    const RawResponse done =
        ask(form("/sign-in", fields + "correct+horse", "Origin: http://portal.example.net\r\n"));
    EXPECT_EQ(done.status(), 303);
    EXPECT_EQ(done.field("location"), "/status");

    const RawResponse status = ask("GET /status HTTP/1.1\r\nHost: PORTAL.example.net:80\r\n\r\n");
    EXPECT_EQ(status.status(), 200);
    EXPECT_THAT(status.body, HasSubstr("ada"));

    EXPECT_EQ(ask(form("/sign-out", "token=" + token_in(status))).field("location"), "/");
    EXPECT_EQ(ask("GET /status HTTP/1.1\r\nHost: portal.example.net\r\n\r\n").status(), 303);
    EXPECT_EQ(portald_->asked<ipc::SignOut>().size(), 1u);
}

TEST_F(Portal, LeadsBackToThePageThatWasAskedFor) {
    start();
    const std::string refresh =
        ask("GET /news?q=1 HTTP/1.1\r\nHost: example.org\r\n\r\n").field("refresh");
    const std::string before = "0; url=http://portal.example.net";
    ASSERT_EQ(refresh.find(before), 0u) << refresh;
    const std::string target = refresh.substr(before.size());
    const RawResponse page = ask("GET " + target + " HTTP/1.1\r\nHost: portal.example.net\r\n\r\n");
    const std::string body =
        "token=" + token_in(page) + "&method=click-through&" + target.substr(target.find("url="));
    EXPECT_EQ(ask(form("/sign-in", body)).field("location"), "http://example.org/news");
}

TEST_F(Portal, IsFoundByItsLiteralAddress) {
    configuration_.hostname.clear();
    start();
    EXPECT_EQ(
        ask("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n\r\n").status(),
        200);
    EXPECT_EQ(ask("GET http://127.0.0.1/ HTTP/1.1\r\nHost: example.org\r\n\r\n").status(), 200);
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n").status(), 511);
}

TEST_F(Portal, HeadWorks) {
    start();
    const RawResponse response = ask("HEAD / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n");
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.body, "");
}

TEST_F(Portal, AFormThatWaitsIsToldToGoOn) {
    start();
    RawClient client = connect();
    client.send(
        "POST /sign-in HTTP/1.1\r\nHost: portal.example.net\r\nExpect: 100-continue\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n");
    EXPECT_EQ(client.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("a=b");
    EXPECT_EQ(parse_response(client.read_to_end()).status(), 403);
}

TEST_F(Portal, WhatIsNoFormIsNotRead) {
    start();
    for (const char* head :
         {"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n",
          "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10\r\n",
          "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"}) {
        const RawResponse response =
            ask("POST /sign-in HTTP/1.1\r\nHost: portal.example.net\r\nExpect: 100-continue\r\n" +
                std::string(head) + "\r\n");
        EXPECT_EQ(response.status(), 400) << head;
    }
}

TEST_F(Portal, TextThatNoMessageCanCarryIsRefusedHere) {
    start();
    const std::string token = token_in(ask(kFront));
    for (const std::string& user : {std::string(65, 'u'), std::string("%ff%fe")}) {
        const RawResponse response =
            ask(form("/sign-in", "token=" + token + "&method=password&password=x&user=" + user));
        EXPECT_EQ(response.status(), 403);
        EXPECT_THAT(response.body, HasSubstr("is wrong"));
    }
    EXPECT_THAT(portald_->asked<ipc::SignIn>(), IsEmpty());
}

TEST_F(Portal, SaysThatItIsNotReadyWhenPortaldIsSilent) {
    answers_ = [](const ipc::Request&) { return std::nullopt; };
    portald_deadline_ = std::chrono::milliseconds(50);
    start();
    const RawResponse response = ask(kFront);
    EXPECT_EQ(response.status(), 503);
    EXPECT_EQ(response.field("retry-after"), "5");
    EXPECT_EQ(response.field("connection"), "close");
}

TEST_F(Portal, SaysThatItIsNotReadyWhenPortaldIsGone) {
    start();
    lose_portald();
    EXPECT_EQ(ask(kFront).status(), 503);
}

TEST_F(Portal, IsBackAsSoonAsPortaldAnswersAgain) {
    std::atomic<int> asked = 0;
    answers_ = [&](const ipc::Request&) -> std::optional<ipc::Reply> {
        if (asked++ == 0) return std::nullopt;
        ipc::Reply reply;
        reply.caller = stranger();
        return reply;
    };
    portald_deadline_ = std::chrono::milliseconds(50);
    start();
    EXPECT_EQ(ask(kFront).status(), 503);
    EXPECT_EQ(ask(kFront).status(), 200);
}

TEST_F(Portal, ConnectionsWithoutARecordAreOfferedNothing) {
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.outcome = ipc::Outcome::unknown;
        return reply;
    };
    start();
    const RawResponse response = ask(kFront);
    EXPECT_EQ(response.status(), 503);
    EXPECT_THAT(response.body, HasSubstr("not recognised"));
}

}  // namespace
}  // namespace portal::test
