#include "portalctl/output.h"

#include <gtest/gtest.h>

#include <sstream>

#include "portalctl/cells.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"A", of<text, "a">},
    {"LONG", of<text, "b">, Column::Align::right},
    {"C", of<text, "c">},
};

const json::array kRows{{{"a", "xyz"}, {"b", 1}, {"c", json::value()}},
                        {{"a", ""}, {"b", true}, {"c", json::array{1, "2"}}}};

struct Captured {
    explicit Captured(Format format) : output(format, out, err) {}
    std::ostringstream out, err;
    Output output;
};

}  // namespace

TEST(Output, TableIsAligned) {
    Captured captured(Format::plain);
    captured.output.table(kRows, kColumns);
    EXPECT_EQ(captured.out.str(),
              "A    LONG  C\n"
              "xyz     1  -\n"
              "      yes  1, 2\n");
}

TEST(Output, EmptyTableKeepsItsTitles) {
    Captured captured(Format::plain);
    captured.output.table({}, kColumns);
    EXPECT_EQ(captured.out.str(), "A  LONG  C\n");
}

TEST(Output, RecordsAreBlocks) {
    Captured captured(Format::plain);
    captured.output.records(kRows, kColumns);
    EXPECT_EQ(captured.out.str(), "A     xyz\nLONG  1\nC     -\n\nA     \nLONG  yes\nC     1, 2\n");
}

TEST(Output, JsonIsAllRowsWhateverThePlainFormShows) {
    Captured captured(Format::json);
    captured.output.table(kRows, {}, kColumns);
    EXPECT_EQ(captured.out.str(),
              "[{\"a\":\"xyz\",\"b\":1,\"c\":null},{\"a\":\"\",\"b\":true,\"c\":[1,\"2\"]}]\n");
}

TEST(Output, FailureOfSeveralLines) {
    Captured captured(Format::plain);
    captured.output.failure(Failure("one\ntwo \x1b\xe2\x80\xa6\n", "do it", Exit::failed));
    EXPECT_EQ(captured.err.str(), "Error: one\nError: two \\x1b...\nHint: do it\n");
    EXPECT_EQ(captured.out.str(), "");
}

TEST(Output, PromptIsNeverData) {
    Captured captured(Format::json);
    captured.output.prompt("Password: ");
    EXPECT_EQ(captured.out.str(), "");
    EXPECT_EQ(captured.err.str(), "Password: ");
}

}  // namespace portal::portalctl
