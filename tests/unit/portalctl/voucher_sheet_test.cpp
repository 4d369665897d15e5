// The sheet of vouchers, read back as a guest's phone and an operator's browser would.
#include <gmock/gmock.h>

#include <cstdlib>
#include <regex>

#include "child.h"
#include "portalctl.h"
#include "portalctl/qr_code.h"
#include "portalctl/voucher_sheet.h"
#include "temporary_directory.h"

namespace portal::portalctl::test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

#define VOUCHER(code, state, note)                                                     \
    R"({"code":")" code R"(","state":")" state R"(","timeout_s":28800,"policy":null,)" \
    R"("uses":3,"devices":0,"valid_until":"2999-01-31T16:05:00Z","note":)" note        \
    R"(,"created_at":"2026-01-31T08:00:00Z","revoked_at":null})"

// A picture of the svg as portable graymap: what its path fills is black.
std::string drawn(const std::string& svg) {
    constexpr int kScale = 6;
    std::smatch size;
    EXPECT_TRUE(std::regex_search(svg, size, std::regex("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"")));
    const int width = std::stoi(size[1]);
    std::string dark(static_cast<std::size_t>(width * width), '\0');
    const std::regex run("M([0-9]+) ([0-9]+)h([0-9]+)v1h-([0-9]+)z");
    for (std::sregex_iterator match(svg.begin(), svg.end(), run), end; match != end; ++match) {
        EXPECT_EQ((*match)[3], (*match)[4]);
        const int x = std::stoi((*match)[1]), y = std::stoi((*match)[2]);
        for (int i = 0; i < std::stoi((*match)[3]); ++i)
            dark.at(static_cast<std::size_t>(y * width + x + i)) = '\1';
    }
    const int pixels = width * kScale;
    std::string image = "P5\n" + std::to_string(pixels) + " " + std::to_string(pixels) + "\n255\n";
    for (int y = 0; y < pixels; ++y)
        for (int x = 0; x < pixels; ++x)
            image +=
                dark[static_cast<std::size_t>(y / kScale * width + x / kScale)] ? '\0' : '\xff';
    return image;
}

// What a reader of QR codes finds in the picture.
std::string scanned(const std::string& svg) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("code.pgm", drawn(svg));
    const Ended ended = run_child({"zbarimg", "--quiet", "--raw", file});
    EXPECT_EQ(ended.status, 0) << ended.error;
    return ended.output;
}

std::vector<std::string> pictures(const std::string& html) {
    std::vector<std::string> found;
    const std::regex svg("<svg[^]*?</svg>");
    for (std::sregex_iterator match(html.begin(), html.end(), svg), end; match != end; ++match)
        found.push_back(match->str());
    return found;
}

class VoucherSheet : public testing::Test {
  protected:
    void SetUp() override {
        if (run_child({"sh", "-c", "command -v zbarimg"}).status == 0) return;
        if (std::getenv("PORTAL_ALLOW_SKIP") != nullptr)
            GTEST_SKIP() << "NOT TESTED: zbarimg is not installed";
        FAIL() << "zbarimg is not installed; scripts/deps --test installs it";
    }

    void answer_vouchers(std::string_view vouchers) {
        gateway_.daemon().answer("GET /v1/vouchers", vouchers);
    }
    void answer_portal(std::string_view portal) {
        gateway_.daemon().answer("GET /v1/status", "{\"portal\":" + std::string(portal) + "}");
    }
    std::string sheet(std::vector<std::string> words = {}) {
        words.insert(words.begin(), {"voucher", "sheet"});
        const Ended ended = gateway_.run(words);
        EXPECT_EQ(ended.status, 0) << ended.error;
        return ended.output;
    }

    Gateway gateway_;
};

TEST_F(VoucherSheet, TheCodesLeadToTheSignInPage) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "," VOUCHER(
        "0000-0000-0001", "in_use", "null") "]");
    const auto found = pictures(sheet());
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(scanned(found[0]), "http://portal.example.net/?voucher=K7QF-M2XW-9RTD\n");
    EXPECT_EQ(scanned(found[1]), "http://portal.example.net/?voucher=0000-0000-0001\n");
}

TEST_F(VoucherSheet, ALinkOfItsOwnIsKept) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "]");
    answer_portal(R"({"name":"x","login_url":"https://login.example.com/in?site=1&x#top"})");
    EXPECT_EQ(scanned(pictures(sheet()).at(0)),
              "https://login.example.com/in?site=1&x&voucher=K7QF-M2XW-9RTD#top\n");
}

TEST_F(VoucherSheet, ACardSaysWhatTheVoucherIs) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "]");
    const std::string html = sheet();
    EXPECT_THAT(html, HasSubstr(">Harbour Inn<"));
    EXPECT_THAT(html, HasSubstr(">K7QF-M2XW-9RTD<"));
    EXPECT_THAT(html, HasSubstr("8h of internet access"));
    EXPECT_THAT(html, HasSubstr("each on up to 3 devices"));
    EXPECT_THAT(html, HasSubstr("valid until 2999-01-31 16:05 UTC"));
    EXPECT_THAT(html, HasSubstr("@page { size: A4"));
    for (const char* from_elsewhere : {"src=", "href=", "url(", "<script", "@import"})
        EXPECT_THAT(html, Not(HasSubstr(from_elsewhere)));
}

TEST_F(VoucherSheet, WithoutALinkItShowsTheCodeAlone) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "]");
    answer_portal(R"({"name":"x","login_url":null})");
    const std::string html = sheet();
    EXPECT_THAT(html, HasSubstr("K7QF-M2XW-9RTD"));
    EXPECT_THAT(html, Not(HasSubstr("<svg")));
}

TEST_F(VoucherSheet, HoldsWhatIsAskedForAndCanBeUsed) {
    answer_vouchers("[" VOUCHER("0000-0000-0001", "unused", R"("May")") "," VOUCHER(
        "0000-0000-0002", "used_up",
        R"("May")") "," VOUCHER("0000-0000-0003", "in_use",
                                "null") "," VOUCHER("0000-0000-0004", "revoked",
                                                    "null") "," VOUCHER("0000-0000-0005", "expired",
                                                                        "null") "]");
    const auto codes = [](const std::string& html) {
        std::vector<std::string> found;
        const std::regex code("<p class=\"code\">([^<]*)");
        for (std::sregex_iterator match(html.begin(), html.end(), code), end; match != end; ++match)
            found.push_back((*match)[1]);
        return found;
    };
    EXPECT_THAT(codes(sheet()), ElementsAre("0000-0000-0001", "0000-0000-0003"));
    EXPECT_THAT(codes(sheet({"--note", "May"})), ElementsAre("0000-0000-0001"));
    EXPECT_THAT(codes(sheet({"0000 0000 0003", "oooo-oooo-oool"})),
                ElementsAre("0000-0000-0003", "0000-0000-0001"));
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"0000-0000-0002"},
                                               {"0000-0000-0004"},
                                               {"0000-0000-0009"},
                                               {"nonsense"},
                                               {"--note", "June"}}) {
        std::vector<std::string> all{"voucher", "sheet"};
        all.insert(all.end(), words.begin(), words.end());
        const Ended ended = gateway_.run(all);
        EXPECT_EQ(ended.status, 1) << words[0];
        EXPECT_EQ(ended.output, "");
    }
    EXPECT_EQ(gateway_.run({"voucher", "sheet", "0000-0000-0001", "--note", "May"}).status, 2);
}

TEST_F(VoucherSheet, HostileTextStaysText) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "]");
    answer_portal(R"({"name":"<script>alert('1')</script> & \"Caf\u00e9\" \u001b[2J \ud83d\ude00",)"
                  R"("login_url":null})");
    const std::string html = sheet();
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, HasSubstr("&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62; &#38; "
                                "&#34;Caf&#233;&#34; [2J &#128512;"));
    for (const char c : html)
        EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f));
}

TEST_F(VoucherSheet, IsAStringAsJson) {
    answer_vouchers("[" VOUCHER("K7QF-M2XW-9RTD", "unused", "null") "]");
    const std::string plain = sheet();
    EXPECT_EQ(std::string(parse_json(sheet({"-j"})).at("html").as_string()) + "\n", plain);
}

TEST_F(VoucherSheet, ALinkThatFitsNoCodeIsToldOf) {
    const VoucherCard card{.code = "K7QF-M2XW-9RTD",
                           .link = std::string(5000, 'x'),
                           .time = "8h",
                           .devices = {},
                           .valid_until = {}};
    const auto html = voucher_sheet("x", std::span(&card, 1));
    ASSERT_FALSE(html);
    EXPECT_THAT(html.error().what, HasSubstr("fits no QR code"));
    EXPECT_EQ(scanned(qr_code_svg(std::string(2000, 'x')).value()), std::string(2000, 'x') + "\n");
}

}  // namespace

}  // namespace portal::portalctl::test
