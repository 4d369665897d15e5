// Deliberate faults in the dataplane's code: mistakes that a tired engineer makes, to see that the
// tests notice. Each is a file in tests/bpf/faults: what is wrong, and edits.
//
//     The hop limit is not looked at.
//     @ preauth.h
//     -lines as they are, exactly once in the file
//     +lines in their place
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace portal::gate {

struct Edit {
    std::string file;  // in bpf/
    std::string before;
    std::string after;
};

struct Fault {
    std::string name;
    std::string description;
    std::vector<Edit> edits;
};

// Throws std::runtime_error that names the file and what is wrong with it.
Fault read_fault(const std::filesystem::path& file);

// In a copy of bpf/. Throws std::runtime_error where the code is not as the fault says: then the
// fault needs to be written anew.
void apply(const Fault& fault, const std::filesystem::path& sources);

}  // namespace portal::gate
