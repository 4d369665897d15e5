// The parser's native build against its BPF build, field by field, on the same bytes: what the
// fuzzer shows of the one holds for the other.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "bpf/counters.h"
#include "bpf/mutation.h"
#include "bpf/native_parser.h"
#include "bpf/private_network.h"
#include "bpf/tables/ingress.h"
#include "parse_probe.skel.h"

namespace portal::gate {
namespace {

using packets::Bytes;

constexpr int kFrames = 1'000'000;

// Longer ones reach XDP in pieces.
constexpr std::size_t kLinear = 3000;

class Probe {
  public:
    Probe() : skeleton_(parse_probe_bpf__open_and_load()) {
        if (!skeleton_) throw std::runtime_error("loading the probe (are you root?)");
        fd_ = bpf_program__fd(skeleton_->progs.parse_probe);
    }

    parse_result parse(const Bytes& frame, int hidden_tag) {
        skeleton_->data->hidden_tag = hidden_tag;
        skeleton_->bss->result = {};
        LIBBPF_OPTS(bpf_test_run_opts, options);
        options.data_in = frame.data();
        options.data_size_in = static_cast<__u32>(frame.size());
        if (bpf_prog_test_run_opts(fd_, &options) != 0) throw std::runtime_error("test run");
        return skeleton_->bss->result;
    }

  private:
    struct Destroy {
        void operator()(parse_probe_bpf* skeleton) const { parse_probe_bpf__destroy(skeleton); }
    };
    std::unique_ptr<parse_probe_bpf, Destroy> skeleton_;
    int fd_ = -1;
};

// The frame at the alignment the parser is promised.
class NativeFrame {
  public:
    parse_result parse(const Bytes& frame, int hidden_tag) {
        return parse(frame, frame.size(), hidden_tag);
    }
    // As if only the first `linear` bytes could be read.
    parse_result parse(const Bytes& frame, std::size_t linear, int hidden_tag) {
        buffer_.assign(linear + 2, 0);
        std::copy_n(frame.begin(), linear, buffer_.begin() + 2);
        parse_result result{};
        native_parse(buffer_.data() + 2, linear, frame.size(), hidden_tag, &result);
        return result;
    }

  private:
    std::vector<std::uint8_t> buffer_;
};

void compare(Probe& probe, NativeFrame& native, const Bytes& frame, int hidden_tag) {
    const parse_result here = native.parse(frame, hidden_tag),
                       there = probe.parse(frame, hidden_tag);
    EXPECT_EQ(std::memcmp(&here, &there, sizeof here), 0)
        << "native " << here.link << '/' << here.network << " (" << name_of(here.network)
        << "), BPF " << there.link << '/' << there.network << " (" << name_of(there.network)
        << "), frame of " << frame.size() << " bytes " << testing::PrintToString(frame);
    const char* broken = broken_invariant(&here, frame.size(), frame.size());
    EXPECT_STREQ(broken, nullptr) << testing::PrintToString(frame);
}

TEST(ParserBuilds, AgreeOnTheTables) {
    Probe probe;
    NativeFrame native;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE(row.description);
        if (row.frame.size() > kLinear) continue;
        for (const int hidden_tag : {NATIVE_NO_HIDDEN_TAG, 0, 100})
            compare(probe, native, row.frame, hidden_tag);
    }
}

TEST(ParserBuilds, AgreeOnBentFrames) {
    Probe probe;
    NativeFrame native;
    Mutation mutation(0x8910);
    for (int i = 0; i < kFrames && !testing::Test::HasFailure(); i++)
        compare(probe, native, mutation.next(), i % 4 == 0 ? i % 4096 : NATIVE_NO_HIDDEN_TAG);
}

// Shorter than Ethernet, which the kernel hands to no program.
TEST(Parser, RefusesEveryFrameShorterThanEthernet) {
    NativeFrame native;
    for (std::size_t size = 0; size < 14; size++)
        EXPECT_EQ(native.parse(Bytes(size, 0x02), NATIVE_NO_HIDDEN_TAG).link, REASON_RUNT);
}

// A driver may leave the rest of a frame elsewhere: every cut must be refused or read alike.
TEST(Parser, NeverReadsBeyondTheLinearPart) {
    NativeFrame native;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE(row.description);
        const parse_result whole = native.parse(row.frame, NATIVE_NO_HIDDEN_TAG);
        for (std::size_t linear = 0; linear < row.frame.size() && linear < 128; linear++) {
            const parse_result cut = native.parse(row.frame, linear, NATIVE_NO_HIDDEN_TAG);
            EXPECT_STREQ(broken_invariant(&cut, linear, row.frame.size()), nullptr) << linear;
            if (cut.network != PARSE_ACCEPTED) continue;
            EXPECT_EQ(std::memcmp(&cut, &whole, sizeof cut), 0) << linear;
        }
    }
}

}  // namespace
}  // namespace portal::gate
