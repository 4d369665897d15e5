#include "bench/generator.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "generator.skel.h"

namespace portal::bench {

namespace {

constexpr __u32 kBatch = 64;
constexpr int kPatience = 20;
// As many as the cable holds may still be on their way.
constexpr std::uint64_t kUnderWay = 256;

[[noreturn]] void fail(const char* what, int error) {
    throw std::system_error(std::abs(error), std::generic_category(), what);
}

// The generator and the gateway share a CPU: what is measured is what both cost.
void stay_on_one_cpu() {
    cpu_set_t cpu;
    CPU_ZERO(&cpu);
    CPU_SET(0, &cpu);
    if (::sched_setaffinity(0, sizeof cpu, &cpu) != 0) fail("staying on one CPU", errno);
}

}  // namespace

void Generator::Destroy::operator()(generator_bpf* skeleton) const {
    generator_bpf__destroy(skeleton);
}

Generator::Generator(const lab::Lab& lab, const packets::Bytes& frame, std::uint32_t clients)
    : lab_(lab), skeleton_(generator_bpf__open()) {
    if (!skeleton_) fail("opening the generator", errno);
    if (frame.size() != kFrameBytes) throw std::invalid_argument("a frame of another size");
    stay_on_one_cpu();
    auto& constants = *skeleton_->rodata;
    constants.client_count = clients;
    constants.outgoing =
        lab.client.run([] { return ::if_nametoindex(lab::kClientInterface); });
    std::ranges::copy(frame, const_cast<__u8*>(constants.frame));
    if (const int error = generator_bpf__load(skeleton_.get())) fail("loading the generator", error);
}

Generator::~Generator() = default;

int Generator::drop_program() const {
    return bpf_program__fd(skeleton_->progs.drop);
}

std::uint64_t Generator::received() const {
    return lab_.gateway.run([] {
        std::ifstream file("/proc/thread-self/net/dev");
        for (std::string line; std::getline(file, line);) {
            const auto name = line.find(std::string(lab::kGatewayInterface) + ":");
            if (name == std::string::npos) continue;
            unsigned long long bytes = 0, packets = 0;
            if (std::sscanf(line.c_str() + line.find(':') + 1, "%llu %llu", &bytes, &packets) == 2)
                return static_cast<std::uint64_t>(packets);
        }
        throw std::runtime_error("no counters of the gateway's interface");
    });
}

double Generator::send(std::uint32_t frames) {
    std::uint64_t arrived = 0;
    for (int attempt = 0; attempt < kPatience; ++attempt) {
        const std::uint64_t before = received();
        const double nanoseconds = send_once(frames);
        arrived = received() - before;
        if (arrived + kUnderWay >= frames) return nanoseconds;
    }
    throw std::runtime_error("of " + std::to_string(frames) + " frames the gateway got " +
                             std::to_string(arrived));
}

double Generator::send_once(std::uint32_t frames) const {
    packets::Bytes data(kFrameBytes);
    xdp_md in{};
    in.data_end = kFrameBytes;
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.data_in = data.data();
    options.data_size_in = kFrameBytes;
    options.ctx_in = &in;
    options.ctx_size_in = sizeof in;
    options.repeat = static_cast<int>(frames);
    options.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    options.batch_size = kBatch;
    const auto start = std::chrono::steady_clock::now();
    const int error = lab_.client.run([&] {
        return bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.generate), &options);
    });
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    if (error != 0) fail("live frames", error);
    return took.count() / frames;
}

}  // namespace portal::bench
