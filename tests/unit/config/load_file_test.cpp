#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "config/load.h"
#include "unit/temporary_directory.h"

namespace portal::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class LoadFile : public testing::Test {
  protected:
    void write(std::string_view text) { std::ofstream(path_) << text; }

    TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_ / "portald.toml";
};

TEST_F(LoadFile, ReadsAFile) {
    write("gateway.client_interfaces = ['eth1']");
    EXPECT_EQ(load_file(path_).value().gateway.client_interfaces.size(), 1U);
}

TEST_F(LoadFile, FollowsALink) {
    write("gateway.client_interfaces = ['eth1']");
    std::filesystem::create_symlink(path_, directory_ / "link");
    EXPECT_TRUE(load_file(directory_ / "link"));
}

TEST_F(LoadFile, ErrorsNameTheFile) {
    write("\n[gateway]\n");
    EXPECT_THAT(load_file(path_).error().what,
                StartsWith(path_.string() + ":2: gateway.client_interfaces: "));
}

TEST_F(LoadFile, AMissingFileIsNotFound) {
    const auto config = load_file(path_);
    EXPECT_EQ(config.error().code, ErrorCode::not_found);
    EXPECT_THAT(config.error().what, StartsWith(path_.string()));
}

TEST_F(LoadFile, OnlyRegularFiles) {
    EXPECT_THAT(load_file(directory_.path()).error().what, HasSubstr("not a regular file"));
    ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
    EXPECT_THAT(load_file(path_).error().what, HasSubstr("not a regular file"));
    EXPECT_THAT(load_file("/dev/zero").error().what, HasSubstr("not a regular file"));
}

TEST_F(LoadFile, EndsAtTheLargest) {
    const std::string text = "gateway.client_interfaces = ['eth1']\n";
    std::string padding;
    while (padding.size() < kLargestFile)
        padding += "# to fill a line of a file\n";
    write(text + padding.substr(0, kLargestFile - text.size() - 1) + "\n");
    EXPECT_TRUE(load_file(path_));
    write(text + padding.substr(0, kLargestFile - text.size() - 1) + "\n\n");
    EXPECT_THAT(load_file(path_).error().what, HasSubstr("larger than 1048576 bytes"));
}

}  // namespace
}  // namespace portal::config
