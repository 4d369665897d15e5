// Writes a seed for the parser's fuzzer out of every sample frame: write_corpus DIRECTORY
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "packets/samples.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: write_corpus DIRECTORY\n", stderr);
        return 2;
    }
    const std::filesystem::path directory(argv[1]);
    std::filesystem::create_directories(directory);
    unsigned number = 0;
    for (const auto& frame : portal::packets::sample_frames()) {
        std::ofstream file(directory / (std::to_string(number++) + ".frame"), std::ios::binary);
        file.put(0).put(0);  // no hidden tag, all of it linear
        file.write(reinterpret_cast<const char*>(frame.data()),
                   static_cast<std::streamsize>(frame.size()));
        if (!file.flush()) return 1;
    }
    return 0;
}
