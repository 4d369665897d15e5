#include "system/lab/portald.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstring>
#include <fstream>

#include "system/lab/await.h"
#include "system/lab/failure.h"

namespace portal::lab {

namespace {

std::string config_text(const Settings& settings) {
    Settings all = settings;
    all.try_emplace("gateway", "client_interfaces = [\"eth1\"]\nuplink_interfaces = [\"eth0\"]");
    std::string text;
    for (const auto& [section, lines] : all)
        text += "[" + section + "]\n" + lines + "\n";
    return text;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    if (!file.flush()) fail("cannot write " + path.string());
}

std::vector<std::string> portald_command(const Lab& lab, const std::filesystem::path& config) {
    return {PORTALD,
            "--config",
            config,
            "--bpffs",
            lab.bpffs() / "xdp-portal",
            "--state",
            lab.folder() / "state",
            "--run",
            lab.folder() / "run",
            "--responder",
            RESPONDER};
}

// Where the service manager would listen (sd_notify(3)).
class Notifications {
  public:
    explicit Notifications(std::filesystem::path path) : path_(std::move(path)) {
        ::unlink(path_.c_str());
        fd_.reset(must(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
        must(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), path_);
    }

    std::string variable() const { return "NOTIFY_SOCKET=" + path_.string(); }

    // Whether `process` has said it is ready. Waits a moment.
    bool ready() const {
        pollfd wanted{.fd = fd_.get(), .events = POLLIN, .revents = 0};
        if (::poll(&wanted, 1, 20) <= 0) return false;
        std::array<char, 1024> text{};
        const ssize_t length = ::recv(fd_.get(), text.data(), text.size(), 0);
        return length > 0 &&
               std::string_view(text.data(), static_cast<std::size_t>(length)).find("READY=1") !=
                   std::string_view::npos;
    }

  private:
    std::filesystem::path path_;
    UniqueFd fd_;
};

}  // namespace

Portald::Portald(const Lab& lab, const Settings& settings)
    : lab_(lab), config_file_(lab.folder() / "portald.toml") {
    write_config(settings);
    start();
}

void Portald::write_config(const Settings& settings) const {
    write_file(config_file_, config_text(settings));
}

void Portald::start() {
    const Notifications notifications(lab_.folder() / "notify");
    process_ = std::make_unique<Process>(Launch{.command = portald_command(lab_, config_file_),
                                                .environment = {notifications.variable()},
                                                .where = &lab_.gateway});
    await("portald ready", [&] {
        if (notifications.ready()) return true;
        if (!process_->running()) fail("portald ended: " + process_->errors());
        return false;
    });
}

void Portald::kill() {
    process_->signal(SIGKILL);
    process_->wait();
}

Outcome Portald::stop() {
    process_->signal(SIGTERM);
    return process_->wait();
}

Process Portald::start_ctl(const std::vector<std::string>& words, const std::string& input) const {
    std::vector<std::string> command{PORTALCTL, "--socket", lab_.folder() / "run/portald.sock"};
    command.insert(command.end(), words.begin(), words.end());
    return Process({.command = command, .input = input, .where = &lab_.gateway});
}

Outcome Portald::ctl(const std::vector<std::string>& words, const std::string& input) const {
    return start_ctl(words, input).wait();
}

Process Portald::monitor() const {
    const std::string nobody = "02:00:00:00:ff:ff";
    Process monitor = start_ctl({"--json", "event", "monitor"});
    await("the monitor listens", [&] {
        ctl({"client", "block", nobody});
        ctl({"client", "unblock", nobody});
        return monitor.find_line(nobody, std::chrono::milliseconds(20)).has_value();
    });
    return monitor;
}

boost::json::value Portald::json(const std::vector<std::string>& words) const {
    std::vector<std::string> all{"--json"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = ctl(all);
    if (outcome.exit != 0) fail("portalctl " + words.front() + ": " + outcome.out + outcome.err);
    return boost::json::parse(outcome.out);
}

boost::json::object Portald::client(const std::string& name) const {
    const boost::json::value answer = json({"client", "show", name});
    if (answer.as_array().size() != 1) fail("not one client: " + name);
    return answer.as_array().front().as_object();
}

std::string Portald::state(const std::string& name) const {
    return std::string(client(name).at("state").as_string());
}

std::uint64_t Portald::packets(const std::string& reason) const {
    const boost::json::value reasons = json({"stats", "show"});
    for (const boost::json::value& entry : reasons.as_array())
        if (entry.at("reason").as_string() == reason)
            return entry.at("packets").to_number<std::uint64_t>();
    fail("no such reason: " + reason);
}

Outcome run_portald(const Lab& lab, const Settings& settings,
                    const std::vector<std::string>& more) {
    const std::filesystem::path config = lab.folder() / "refused.toml";
    write_file(config, config_text(settings));
    std::vector<std::string> command = portald_command(lab, config);
    command.insert(command.end(), more.begin(), more.end());
    return run({.command = command, .where = &lab.gateway});
}

}  // namespace portal::lab
