// How near to a client's rate its transfers come: iperf3 through the gate, with the programs on a
// veth pair and nothing else in the way. Prints a Markdown table.
//
//     rates [BITS_PER_SECOND [SECONDS]]        20000000, 10
//
// "goodput" is what iperf3's receivers got, "frames" what the gate counted. Each line is a session
// of its own.
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "system/gated_lab.h"
#include "system/lab/process.h"

namespace portal {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using lab::Process;

struct Settings {
    double rate = 20'000'000;
    int seconds = 10;
};

class Rates {
  public:
    explicit Rates(const Settings& settings) : settings_(settings) {
        for (const char* port : {"5201", "5202"}) {
            servers_.emplace_back(
                lab::Launch{.command = {"iperf3", "-s", "--forceflush", "-p", port},
                            .where = &hosts().internet});
            servers_.back().await_line("listening");
        }
    }

    void measure(const std::string& family, const std::string& server) {
        const std::string flood = std::to_string(settings_.rate * 5);
        const std::vector<std::string> down{"-R"}, up{};
        const std::vector<std::string> down4{"-R", "-P", "4"}, up4{"-P", "4"};
        const std::vector<std::string> udp_down{"-R", "-u", "-b", flood}, udp_up{"-u", "-b", flood};
        report(family + " TCP down", server, {down});
        report(family + " TCP up", server, {up});
        report(family + " TCP down and up", server, {down, up});
        report(family + " TCP down, 4 flows", server, {down4});
        report(family + " TCP up, 4 flows", server, {up4});
        report(family + " UDP down at 5 times the rate", server, {udp_down});
        report(family + " UDP up at 5 times the rate", server, {udp_up});
        report(family + " UDP down and up", server, {udp_down, udp_up});
    }

  private:
    const lab::Lab& hosts() const { return gate_.hosts(); }

    void report(const std::string& what, const std::string& server,
                const std::vector<std::vector<std::string>>& transfers) {
        const auto rate = static_cast<std::uint64_t>(settings_.rate);
        const auto start = Clock::now();
        gate_.begin({.down = rate, .up = rate});
        std::vector<Process> running;
        const char* ports[] = {"5201", "5202"};
        for (const auto& options : transfers) {
            std::vector<std::string> command{"iperf3", "-J",
                                             "-c",     server,
                                             "-t",     std::to_string(settings_.seconds),
                                             "-p",     ports[running.size()]};
            command.insert(command.end(), options.begin(), options.end());
            running.emplace_back(lab::Launch{.command = command, .where = &hosts().client});
        }
        std::vector<std::string> results;
        for (Process& process : running)
            results.push_back(process.wait(std::chrono::seconds(settings_.seconds + 60)).out);
        const Usage used = gate_.used();
        const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        for (std::size_t i = 0; i < transfers.size(); ++i) {
            const bool down = !transfers[i].empty() && transfers[i].front() == "-R";
            print(transfers.size() == 1 ? what : what + (down ? ": down" : ": up"), results[i],
                  down ? used.tx_bytes : used.rx_bytes, elapsed);
        }
    }

    // A change against the rate, "-4.1 %".
    std::string against(double bits) const {
        char text[32];
        std::snprintf(text, sizeof text, "%.2f (%+.1f %%)", bits / 1e6,
                      100 * bits / settings_.rate - 100);
        return text;
    }

    void print(const std::string& what, const std::string& json, std::uint64_t frames,
               double elapsed) const {
        const boost::json::value result = boost::json::parse(json);
        if (const auto* error = result.as_object().if_contains("error")) {
            std::printf("| %s | %s | | |\n", what.c_str(), error->as_string().c_str());
            return;
        }
        const auto& end = result.at("end").as_object();
        const auto number = [](const boost::json::value& value) {
            return value.to_number<double>();
        };
        std::string flows;
        double goodput = 0;
        for (const auto& stream : end.at("streams").as_array()) {
            double bits = 0;
            if (const auto* udp = stream.as_object().if_contains("udp"))
                bits = number(udp->at("bits_per_second")) *
                       (1 - number(udp->at("lost_percent")) / 100);
            else
                bits = number(stream.at("receiver").at("bits_per_second"));
            goodput += bits;
            char text[32];
            std::snprintf(text, sizeof text, "%s%.1f", flows.empty() ? "" : ", ", bits / 1e6);
            flows += text;
        }
        if (end.at("streams").as_array().size() == 1) flows.clear();
        std::printf("| %s | %s | %s | %s |\n", what.c_str(), against(goodput).c_str(),
                    against(static_cast<double>(frames) * 8 / elapsed).c_str(), flows.c_str());
        std::fflush(stdout);
    }

    const Settings settings_;
    system_test::GatedLab gate_;
    std::vector<Process> servers_;
};

}  // namespace
}  // namespace portal

int main(int argc, char** argv) {
    portal::Settings settings;
    if (argc > 1) settings.rate = std::atof(argv[1]);
    if (argc > 2) settings.seconds = std::atoi(argv[2]);
    try {
        portal::Rates rates(settings);
        std::puts("| | goodput, Mbit/s | frames, Mbit/s | flows, Mbit/s |\n|---|---|---|---|");
        rates.measure("IPv4", portal::packets::kServer4.to_string());
        rates.measure("IPv6", portal::packets::kServer6.to_string());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "rates: %s\n", error.what());
        return 1;
    }
    return 0;
}
