#include "system/referee.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "system/lab/await.h"

namespace portal::system_test {

namespace {

std::filesystem::path new_file(const lab::Lab& lab) {
    static int number = 0;
    return lab.folder() / ("capture" + std::to_string(++number) + ".pcap");
}

// Headers alone, and room for bursts.
lab::Launch dumpcap(const std::filesystem::path& file, const lab::NetNamespace& host,
                    const char* interface) {
    return {.command = {"dumpcap", "-P", "-i", interface, "-s", "128", "-B", "64", "-w", file},
            .where = &host};
}

}  // namespace

Referee::Referee(const lab::Lab& lab, const lab::NetNamespace& host, const char* interface)
    : file_(new_file(lab)), process_(dumpcap(file_, host, interface)) {
    lab::await("dumpcap captures", [&] {
        if (!process_.running()) lab::fail("dumpcap ended: " + process_.errors());
        return process_.errors().find("File: ") != std::string::npos;
    });
}

void Referee::await(const std::string& mark) const {
    lab::await("the capture of " + mark, [&] {
        std::ifstream file(file_, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        return bytes.find(mark) != std::string::npos;
    });
}

Count Referee::count(const std::string& filter) const {
    std::istringstream lengths(
        lab::run_or_fail({.command = {"tshark", "-n", "-r", file_, "-Y", filter, "-T", "fields",
                                      "-e", "frame.len"}}));
    Count count;
    for (std::uint64_t length = 0; lengths >> length;)
        count.add(length);
    return count;
}

}  // namespace portal::system_test
