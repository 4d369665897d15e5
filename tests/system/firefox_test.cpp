// Firefox on a guest's laptop: that it finds the portal by itself, that its way to the sign-in
// page is the portal's, and that it knows when the guest is in.
#include "system/device_test.h"

namespace portal::system_test {
namespace {

class FirefoxTest : public DeviceTest {
  protected:
    void SetUp() override {
        for (const char* program : {"dnsmasq", "node", "firefox-esr"})
            lab::require_program(program);
    }
};

// tests/clients/firefox.mjs, and the browser that it starts.
class Firefox {
  public:
    explicit Firefox(const NetNamespace& host)
        : files_(host, {"/run"}), process_([&] {
              files_.write("/etc/resolv.conf", lab::kResolvConf);
              files_.make_folder("/run/home/profile");
              return lab::Launch{.command = lab::contained({"node", CLIENTS "/firefox.mjs",
                                                            "/run/home/profile", lab::kPortalName}),
                                 .environment = {"HOME=/run/home"},
                                 .where = &host,
                                 .files = &files_};
          }()) {}

    // What it tells next; or how it failed.
    std::string next() {
        const auto line = process_.find_line("", kPatience);
        return line ? *line : process_.errors();
    }

  private:
    // A browser starts slowly on a busy machine.
    static constexpr auto kPatience = 60s;

    MountNamespace files_;
    Process process_;
};

TEST_F(FirefoxTest, FindsThePortalSignsInAndFindsItAgain) {
    const Portald portald(lab_,
                          {{"portal", std::string("hostname = \"") + lab::kPortalName + "\""}});
    const lab::Resolver resolver(lab_);
    Firefox firefox(lab_.client);
    EXPECT_EQ(firefox.next(), "state LOCKED_PORTAL");
    EXPECT_EQ(firefox.next(), "notification shown");
    EXPECT_EQ(firefox.next(), "page http://portal.test");
    EXPECT_EQ(firefox.next(), "success captive-portal-login-success");
    EXPECT_EQ(portald.state(kClientName), "authorized");
    EXPECT_EQ(firefox.next(), "state UNLOCKED_PORTAL");
    EXPECT_EQ(firefox.next(), "notification gone");

    ASSERT_EQ(portald.ctl({"client", "deauthorize", kClientName}).exit, 0);
    EXPECT_EQ(firefox.next(), "state LOCKED_PORTAL");
    EXPECT_EQ(firefox.next(), "notification shown");
}

}  // namespace
}  // namespace portal::system_test
