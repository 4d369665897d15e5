// The documentation's table of verdicts is the list in bpf/portal_abi.h.

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <string>

#include "portal_abi.h"

namespace {

TEST(VerdictDocs, ListEveryReason) {
    std::ifstream file(PORTAL_SOURCE_DIR "/docs/SECURITY.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string table = "| reason | verdict | meaning |\n|---|---|---|\n";
    const std::string PASS = "pass";
    const std::string DROP = "drop";
#define X(id, action, name, description) \
    table += "| `" name "` | " + action + " | " description " |\n";
    PORTAL_REASONS(X)
#undef X
    EXPECT_THAT(text, testing::HasSubstr(table));
}

}  // namespace
