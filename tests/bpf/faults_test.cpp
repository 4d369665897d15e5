// Deliberate faults in the dataplane, one at a time: the model or the tables of frames and cases
// must object to each, and without a fault neither does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "bpf/faults.h"
#include "bpf/gate.h"
#include "system/lab/process.h"

namespace portal::gate {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr const char* kTables[] = {"ingress", "egress", "expiry",     "steer",
                                   "https",   "note",   "hidden_tag", "accounting"};

std::vector<fs::path> fault_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(BPF_FAULTS))
        if (entry.path().extension() == ".fault") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

// The dataplane with this fault, or none, compiled as the dataplane is; what a fault leaves unused
// is no error.
class Mutant {
  public:
    explicit Mutant(const std::string& name, const Fault* fault = nullptr)
        : folder_(fs::path(BPF_MUTANTS) / name) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        fs::copy(BPF_SOURCES, folder_);
        if (fault != nullptr) apply(*fault, folder_);
        const auto built =
            lab::run({.command = {BPF_COMPILER, "@" BPF_FLAGS, "-Wno-error", "-c",
                                  (folder_ / "portal.bpf.c").string(), "-o", object().string()}});
        if (built.exit != 0) throw std::runtime_error("it does not compile:\n" + built.err);
    }
    ~Mutant() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    fs::path object() const { return folder_ / "portal.bpf.o"; }

    // Runs one of the dataplane's test programs on it.
    lab::Outcome test(const std::string& name) const {
        lab::Process process(
            {.command = {std::string(BPF_TESTS) + "/bpf_" + name + "_test", "--gtest_brief=1"},
             .environment = {"PORTAL_BPF_OBJECT=" + object().string(),
                             "PORTAL_MODEL_FRAMES=" + std::string(kFrames)}});
        return process.wait(seconds(240));
    }

    // The kernel takes it: what the tests object to is what it does.
    void expect_loads() const {
        ::setenv("PORTAL_BPF_OBJECT", object().c_str(), 1);
        EXPECT_NO_THROW(Gate{});
        ::unsetenv("PORTAL_BPF_OBJECT");
    }

  private:
    static constexpr const char* kFrames = "400000";
    fs::path folder_;
};

TEST(Faults, TheCodeItselfHasNone) {
    const Mutant unchanged("unchanged");
    for (const char* table : kTables) {
        const auto outcome = unchanged.test(table);
        EXPECT_EQ(outcome.exit, 0) << outcome.out;
    }
    const auto outcome = unchanged.test("model");
    EXPECT_EQ(outcome.exit, 0) << outcome.out;
}

class FaultTest : public testing::TestWithParam<fs::path> {};

TEST_P(FaultTest, IsCaught) {
    const Fault fault = read_fault(GetParam());
    const Mutant mutant(fault.name, &fault);
    mutant.expect_loads();
    std::string by;
    if (mutant.test("model").exit == 1) by = "the model";
    for (const char* table : kTables)
        if (mutant.test(table).exit == 1) {
            by += (by.empty() ? "" : " and ") + std::string(table) + "_test";
            break;
        }
    EXPECT_FALSE(by.empty()) << "nothing objects to this: " << fault.description;
    std::cout << fault.name << " is caught by " << by << '\n';
}

INSTANTIATE_TEST_SUITE_P(Bpf, FaultTest, testing::ValuesIn(fault_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace portal::gate
