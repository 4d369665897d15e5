#include "portalctl/line_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "base/unique_fd.h"

namespace portal::portalctl {

namespace {

struct Pipe {
    Pipe() {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("pipe");
        read_end.reset(ends[0]);
        write_end.reset(ends[1]);
    }
    void write(std::string_view text) {
        ASSERT_EQ(::write(write_end.get(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }
    UniqueFd read_end, write_end;
};

}  // namespace

TEST(LineReader, SplitsLines) {
    Pipe pipe;
    pipe.write("one\n\ntwo\r\nlast");
    pipe.write_end.reset();
    LineReader reader(pipe.read_end.get());
    EXPECT_FALSE(reader.is_terminal());
    EXPECT_EQ(reader.next().value(), "one");
    EXPECT_EQ(reader.next().value(), "");
    EXPECT_EQ(reader.next().value(), "two");
    EXPECT_EQ(reader.next().value(), "last");
    EXPECT_EQ(reader.next().value(), std::nullopt);
    EXPECT_EQ(reader.next().value(), std::nullopt);
}

TEST(LineReader, TakesTheLongestLine) {
    // A file, since a pipe holds less.
    std::FILE* file = std::tmpfile();
    ASSERT_TRUE(file);
    const std::string longest(LineReader::kLongestLine, 'x');
    std::fputs((longest + "\n" + longest + "x\n").c_str(), file);
    std::rewind(file);
    LineReader reader(fileno(file));
    EXPECT_EQ(reader.next().value(), longest);
    EXPECT_FALSE(reader.next());
    std::fclose(file);
}

TEST(LineReader, RefusesALineWithoutEnd) {
    const UniqueFd zero(open("/dev/zero", O_RDONLY));
    LineReader reader(zero.get());
    EXPECT_FALSE(reader.next());
}

TEST(LineReader, CanBeInterrupted) {
    Pipe lines, interrupt;
    interrupt.write("!");
    LineReader reader(lines.read_end.get());
    const auto line = reader.next(interrupt.read_end.get());
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ErrorCode::unavailable);
}

}  // namespace portal::portalctl
