// What is asked at a terminal: passwords and the confirmation of detach.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "portalctl.h"

namespace portal::portalctl::test {

using testing::HasSubstr;
using testing::Not;

namespace {

// A terminal with the test at the keyboard.
class Terminal {
  public:
    Terminal() : keyboard_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (grantpt(keyboard_.get()) != 0 || unlockpt(keyboard_.get()) != 0)
            throw std::runtime_error("posix_openpt");
        line_.reset(open(ptsname(keyboard_.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }

    int line() const { return line_.get(); }

    void type(std::string_view text) {
        ASSERT_EQ(write(keyboard_.get(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }

    bool echoes() const {
        termios settings{};
        tcgetattr(line_.get(), &settings);
        return (settings.c_lflag & ECHO) != 0;
    }

    // What the screen showed, once nothing writes to it any more.
    std::string screen() {
        fcntl(keyboard_.get(), F_SETFL, O_NONBLOCK);
        std::string shown(4096, '\0');
        const ssize_t count = read(keyboard_.get(), shown.data(), shown.size());
        shown.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return shown;
    }

  private:
    UniqueFd keyboard_, line_;
};

}  // namespace

TEST(Password, IsAskedTwiceWithoutEcho) {
    Gateway gateway;
    Terminal terminal;
    Child portalctl(gateway.command({"user", "add", "alice"}), terminal.line());
    portalctl.read_error_until("Password: ");
    EXPECT_FALSE(terminal.echoes());
    terminal.type("correct horse\n");
    portalctl.read_error_until("Again: ");
    terminal.type("correct horse\n");
    EXPECT_EQ(portalctl.wait(), 0) << portalctl.error();
    EXPECT_THAT(terminal.screen(), Not(HasSubstr("correct")));
    EXPECT_TRUE(terminal.echoes());
    EXPECT_EQ(gateway.daemon().received().back().body,
              R"({"name":"alice","password":"correct horse"})");
}

TEST(Password, ThatDiffersIsRefused) {
    Gateway gateway;
    Terminal terminal;
    Child portalctl(gateway.command({"user", "passwd", "alice"}), terminal.line());
    portalctl.read_error_until("Password: ");
    terminal.type("correct horse\n");
    portalctl.read_error_until("Again: ");
    terminal.type("correct house\n");
    EXPECT_EQ(portalctl.wait(), 1);
    EXPECT_THAT(portalctl.error(), HasSubstr("the two passwords differ"));
    EXPECT_TRUE(gateway.daemon().received().empty());
}

TEST(Password, InterruptionRestoresTheTerminal) {
    Gateway gateway;
    Terminal terminal;
    Child portalctl(gateway.command({"user", "add", "alice"}), terminal.line());
    portalctl.read_error_until("Password: ");
    portalctl.signal(SIGINT);
    EXPECT_NE(portalctl.wait(), 0);
    EXPECT_TRUE(terminal.echoes());
    EXPECT_TRUE(gateway.daemon().received().empty());
}

TEST(Password, IsOneLineOfWhatIsNoTerminal) {
    Gateway gateway;
    EXPECT_EQ(gateway.run({"user", "passwd", "alice"}, "  two words \nrest\n").status, 0);
    EXPECT_EQ(gateway.daemon().received().back().body, R"({"password":"  two words "})");
    EXPECT_EQ(gateway.run({"user", "passwd", "alice"}, "").status, 1);
}

TEST(Detach, AsksAtATerminal) {
    for (const auto& [answer, status] : {std::pair{"yes\n", 0}, {"no\n", 1}, {"\n", 1}}) {
        Gateway gateway;
        Terminal terminal;
        Child portalctl(gateway.command({"detach", "-j"}), terminal.line());
        EXPECT_THAT(portalctl.read_error_until("to go on: "), HasSubstr("This opens the gate"));
        terminal.type(answer);
        EXPECT_EQ(portalctl.wait(), status) << answer;
        EXPECT_EQ(gateway.daemon().received().size(), status == 0 ? 1u : 0u);
        EXPECT_EQ(parse_json(portalctl.output()).as_object().contains("error"), status == 1);
    }
}

}  // namespace portal::portalctl::test
