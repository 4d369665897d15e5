#include "control/venue_files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "control/picture_type.h"
#include "unit/temporary_directory.h"

namespace portal::control {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

TEST(PictureType, IsToldByContent) {
    EXPECT_EQ(picture_type("\x89PNG\r\n\x1a\n..."s), "image/png");
    EXPECT_EQ(picture_type("\xff\xd8\xff\xe0..."s), "image/jpeg");
    EXPECT_EQ(picture_type("RIFF\0\0\0\0WEBPVP8 "s), "image/webp");
    for (const std::string& svg :
         {"<svg/>"s, "<svg xmlns='x'></svg>"s, "\xef\xbb\xbf<svg>"s,
          "<?xml version='1.0'?>\n<svg>"s,
          "<!-- caf\xc3\xa9 -->\n<!DOCTYPE svg PUBLIC 'x' 'y'>\r\n\t<svg\n>"s})
        EXPECT_EQ(picture_type(svg), "image/svg+xml") << svg;
}

TEST(PictureType, WhatIsNoPictureHasNone) {
    for (const std::string& other :
         {""s, "GIF89a"s, "\x89PNG"s, "RIFF\0\0\0\0WAVE"s, "RIFFWEBP"s, "<html><svg>"s, "<svgx>"s,
          "<svg"s, "<!-- <svg>"s, "<?xml"s, "<script>"s, "<svg>\xff</svg>"s, "<svg>\0</svg>"s,
          "\xff\xfe<\0s\0v\0g\0>\0"s})
        EXPECT_EQ(picture_type(other), std::nullopt) << other;
}

class VenueFilesTest : public testing::Test {
  protected:
    std::filesystem::path file(const std::string& content) const {
        const auto path = directory_.path() / "file";
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    Result<VenueFiles> read() const { return read_venue_files(portal_); }

    TemporaryDirectory directory_;
    config::Portal portal_;
};

TEST_F(VenueFilesTest, NoneAreNeeded) {
    const auto files = read();
    ASSERT_TRUE(files);
    EXPECT_FALSE(files->logo);
    EXPECT_EQ(files->terms, "");
}

TEST_F(VenueFilesTest, AreRead) {
    portal_.logo = file("<svg/>");
    EXPECT_EQ(read()->logo, (ipc::Logo{"image/svg+xml", "<svg/>"}));
    portal_.logo.clear();
    portal_.terms = file("Caf\xc3\xa9:\r\n\tbe kind.\n\nThank you.\n");
    EXPECT_EQ(read()->terms, "Caf\xc3\xa9:\n be kind.\n\nThank you.\n");
}

TEST_F(VenueFilesTest, AWrongLogoIsRefusedByKeyAndFile) {
    portal_.logo = file("<html>");
    auto error = read().error();
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_EQ(error.what, "portal.logo: " + portal_.logo.string() +
                              ": neither SVG (as UTF-8), PNG, JPEG nor WebP");
    portal_.logo = file("<svg>" + std::string(ipc::kLargestLogo, ' '));
    EXPECT_THAT(read().error().what, HasSubstr("larger than 65536 bytes"));
    portal_.logo = directory_.path();
    EXPECT_THAT(read().error().what, HasSubstr("not a regular file"));
    portal_.logo = "/nowhere/logo.svg";
    EXPECT_EQ(read().error().what, "portal.logo: /nowhere/logo.svg: no such file");
}

TEST_F(VenueFilesTest, WrongTermsAreRefusedByKeyAndFile) {
    for (const std::string& text : {""s, " \n\n"s, "a\0b"s, "\xff"s, "\x1b[1m"s}) {
        portal_.terms = file(text);
        const auto files = read();
        ASSERT_FALSE(files) << text;
        EXPECT_THAT(files.error().what, HasSubstr("portal.terms: " + portal_.terms.string()));
    }
}

}  // namespace
}  // namespace portal::control
