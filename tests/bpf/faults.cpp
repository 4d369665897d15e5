#include "bpf/faults.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace portal::gate {

namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Fault read_fault(const std::filesystem::path& file) {
    std::ifstream in(file);
    Fault fault{.name = file.stem().string(), .description = {}, .edits = {}};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("@ "))
            fault.edits.push_back({.file = line.substr(2), .before = {}, .after = {}});
        else if (fault.edits.empty())
            fault.description += line + '\n';
        else if (line.starts_with('-'))
            fault.edits.back().before += line.substr(1) + '\n';
        else if (line.starts_with('+'))
            fault.edits.back().after += line.substr(1) + '\n';
        else
            throw std::runtime_error(file.string() + ": neither - nor +: " + line);
    }
    if (fault.description.empty() || fault.edits.empty())
        throw std::runtime_error(file.string() + ": needs a description and an edit");
    for (const Edit& edit : fault.edits)
        if (edit.before.empty()) throw std::runtime_error(file.string() + ": replaces nothing");
    return fault;
}

void apply(const Fault& fault, const std::filesystem::path& sources) {
    for (const Edit& edit : fault.edits) {
        std::string code = read(sources / edit.file);
        const std::size_t at = code.find(edit.before);
        if (at == std::string::npos)
            throw std::runtime_error(fault.name + ": bpf/" + edit.file +
                                     " no longer has these lines:\n" + edit.before);
        if (code.find(edit.before, at + 1) != std::string::npos)
            throw std::runtime_error(fault.name + ": bpf/" + edit.file +
                                     " has these lines twice:\n" + edit.before);
        code.replace(at, edit.before.size(), edit.after);
        std::ofstream(sources / edit.file, std::ios::binary) << code;
    }
}

}  // namespace portal::gate
