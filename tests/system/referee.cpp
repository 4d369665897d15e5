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

std::vector<Count> Referee::counts(const std::vector<std::string>& filters) const {
    std::string statistics = "io,stat,0";
    for (const std::string& filter : filters)
        statistics += ',' + filter;
    std::istringstream table(
        lab::run_or_fail({.command = {"tshark", "-n", "-q", "-r", file_, "-z", statistics}}));
    // The row of the one interval has frames and bytes for each filter:
    //   | 0.0 <> 1.2 |    10 |   980 |     0 |     0 |
    // Where that is too wide, there are several tables.
    std::vector<Count> counts;
    for (std::string line; std::getline(table, line);) {
        if (line.find("<>") == std::string::npos) continue;
        std::istringstream cells(line.substr(line.find('|', line.find("<>"))));
        char bar;
        for (Count count; cells >> bar >> count.packets >> bar >> count.bytes;)
            counts.push_back(count);
    }
    if (counts.size() != filters.size()) lab::fail("tshark's table is another: " + table.str());
    return counts;
}

}  // namespace portal::system_test
