#include "portalctl/words.h"

#include <gmock/gmock.h>

namespace portal::portalctl {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Words, StandBetweenBlanks) {
    EXPECT_THAT(*split_words("  client\tblock  x "), ElementsAre("client", "block", "x"));
    EXPECT_THAT(*split_words(""), IsEmpty());
    EXPECT_THAT(*split_words(" \t "), IsEmpty());
}

TEST(Words, Comments) {
    EXPECT_THAT(*split_words("# all"), IsEmpty());
    EXPECT_THAT(*split_words("a #b c"), ElementsAre("a"));
    EXPECT_THAT(*split_words("a#b '#c' \\#d"), ElementsAre("a#b", "#c", "#d"));
}

TEST(Words, Quotes) {
    EXPECT_THAT(*split_words(R"('a "b' "c 'd" e'f g'h "")"),
                ElementsAre("a \"b", "c 'd", "ef gh", ""));
    EXPECT_THAT(*split_words(R"("a\"b\\c\d" '\x' a\ b)"),
                ElementsAre(R"(a"b\c\d)", R"(\x)", "a b"));
}

TEST(Words, RefusesWhatIsNotClosed) {
    EXPECT_FALSE(split_words("a 'b"));
    EXPECT_FALSE(split_words("\"a\\\""));
    EXPECT_FALSE(split_words("a \\"));
}

}  // namespace portal::portalctl
