#include "http/problem.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace portal::http {

namespace {

TEST(Problem, EachErrorHasItsStatus) {
    EXPECT_EQ(status_of(ErrorCode::invalid), 400U);
    EXPECT_EQ(status_of(ErrorCode::denied), 403U);
    EXPECT_EQ(status_of(ErrorCode::not_found), 404U);
    EXPECT_EQ(status_of(ErrorCode::conflict), 409U);
    EXPECT_EQ(status_of(ErrorCode::system), 500U);
    EXPECT_EQ(status_of(ErrorCode::unavailable), 503U);
    EXPECT_EQ(status_of(ErrorCode::full), 507U);
}

TEST(Problem, IsADocumentOfRfc9457) {
    const auto document =
        boost::json::parse(problem_document(507, {ErrorCode::full, "no \"room\"", "make some"}));
    EXPECT_EQ(document, (boost::json::value{{"type", "about:blank"},
                                            {"title", "Insufficient Storage"},
                                            {"status", 507},
                                            {"detail", "no \"room\""},
                                            {"hint", "make some"}}));
    const auto bare = boost::json::parse(problem_document(404, {ErrorCode::not_found, "gone", {}}));
    EXPECT_FALSE(bare.as_object().contains("hint"));
    EXPECT_EQ(bare.at("title"), "Not Found");
}

}  // namespace

}  // namespace portal::http
