// What may stand at the gateway's client interface and keep strangers out. Each is in force while
// its object lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/unique_fd.h"
#include "dataplane/dataplane.h"
#include "system/lab/lab.h"

namespace portal::bench {

class Gate {
  public:
    virtual ~Gate() = default;
};

// An XDP program by its descriptor.
class ProgramGate : public Gate {
  public:
    ProgramGate(const lab::Lab& lab, int program);

  private:
    UniqueFd link_;
};

// The dataplane as portald loads it, with `clients` signed in and `prefixes` in the garden.
class PortalGate : public Gate {
  public:
    PortalGate(const lab::Lab& lab, std::uint32_t clients, std::uint32_t prefixes);
    ~PortalGate() override;

  private:
    const lab::Lab& lab_;
    std::unique_ptr<dataplane::Dataplane> dataplane_;
};

// xdp-filter of xdp-tools: all sources denied but `clients` MAC addresses.
class XdpFilterGate : public Gate {
  public:
    // As many as its table holds.
    static constexpr std::uint32_t kMost = 10'000;

    XdpFilterGate(const lab::Lab& lab, std::uint32_t clients);
    ~XdpFilterGate() override;

  private:
    const lab::Lab& lab_;
};

// Rules of iptables or nftables in the gateway's namespace.
class RulesGate : public Gate {
  public:
    static std::unique_ptr<RulesGate> nftables(const lab::Lab& lab, std::uint32_t clients);
    static std::unique_ptr<RulesGate> opennds(const lab::Lab& lab, std::uint32_t clients);
    ~RulesGate() override;

  private:
    explicit RulesGate(const lab::Lab& lab) : lab_(lab) {}

    const lab::Lab& lab_;
};

}  // namespace portal::bench
