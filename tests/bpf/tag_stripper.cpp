#include "bpf/tag_stripper.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <stdexcept>

#include "portal.skel.h"
#include "prologue.skel.h"

namespace portal::gate {

TagStripper::TagStripper(Gate& gate) : gate_(gate), prologue_(prologue_bpf__open_and_load()) {
    if (prologue_ == nullptr) throw std::runtime_error("loading the prologue");
    const auto& programs = gate.programs().progs;
    for (const auto& [at, program] :
         {std::pair{kSteer, programs.portal_steer}, std::pair{kEgress, programs.portal_egress}}) {
        const __u32 key = at;
        const int fd = bpf_program__fd(program);
        if (bpf_map_update_elem(bpf_map__fd(prologue_->maps.next), &key, &fd, BPF_ANY) != 0)
            throw std::runtime_error("the tail call");
    }
}

TagStripper::~TagStripper() {
    prologue_bpf__destroy(prologue_);
}

Outcome TagStripper::steer(std::uint16_t tag, const packets::Bytes& frame,
                           const TcContext& context) {
    return run(kSteer, tag, frame, context);
}

Outcome TagStripper::egress(std::uint16_t tag, const packets::Bytes& frame,
                            const TcContext& context) {
    return run(kEgress, tag, frame, context);
}

Outcome TagStripper::run(Program program, std::uint16_t tag, const packets::Bytes& frame,
                         const TcContext& context) {
    prologue_->bss->tag = tag;
    prologue_->bss->program = program;
    return gate_.run_tc(bpf_program__fd(prologue_->progs.hide_tag), frame, context);
}

}  // namespace portal::gate
