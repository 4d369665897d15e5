#include "portalctl/event_parser.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace portal::portalctl {

namespace {

using testing::ElementsAre;

constexpr std::string_view kStream =
    ": keep-alive\n\nevent: sign_in\ndata: {\"a\":1}\n\n"
    "event: x\r\ndata:one\r\ndata: two\r\nid: 7\r\n\r\nevent: without data\n\ndata\n\n"
    "data: not ended";

std::vector<std::string> parse(std::string_view stream, std::size_t piece) {
    EventParser parser;
    std::vector<std::string> events;
    for (std::size_t i = 0; i < stream.size(); i += piece) {
        EXPECT_TRUE(parser.feed(stream.substr(i, piece), [&](std::string_view data) -> Status {
            events.emplace_back(data);
            return {};
        }));
    }
    return events;
}

}  // namespace

TEST(EventParser, TakesBytesInAnyPieces) {
    for (std::size_t piece = 1; piece <= kStream.size(); ++piece)
        EXPECT_THAT(parse(kStream, piece), ElementsAre("{\"a\":1}", "one\ntwo", "")) << piece;
}

TEST(EventParser, BoundsLinesAndEvents) {
    const auto ignore = [](std::string_view) -> Status { return {}; };
    const std::string most(EventParser::kLargestEvent, 'x');
    EXPECT_TRUE(EventParser().feed(most, ignore));
    EXPECT_FALSE(EventParser().feed(most + "x", ignore));
    EventParser slowly;
    EXPECT_TRUE(slowly.feed(most, ignore));
    EXPECT_FALSE(slowly.feed("x", ignore));
    EventParser of_lines;
    const std::string line = "data: " + std::string(1000, 'x') + "\n";
    Status status;
    for (std::size_t i = 0; status && i < 100; ++i)
        status = of_lines.feed(line, ignore);
    EXPECT_FALSE(status);
}

TEST(EventParser, PassesTheSinksErrorOn) {
    const auto status = EventParser().feed(
        "data: x\n\n", [](std::string_view) -> Status { return fail(ErrorCode::full, "enough"); });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().what, "enough");
}

}  // namespace portal::portalctl
