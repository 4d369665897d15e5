// The client table in the kernel: `clients`, the counters of `traffic` and the limits in `meters`.
#pragma once

#include <map>
#include <memory>

#include "dataplane/client_table.h"
#include "dataplane/meters.h"
#include "dataplane/slots.h"

struct client;

namespace portal::dataplane {

class ClientMap final : public ClientTable {
  public:
    // The map's descriptors are not owned and outlive this. Entries that are there keep their
    // slots.
    static Result<std::unique_ptr<ClientMap>> open(int clients_fd, int traffic_fd, int meters_fd,
                                                   std::uint32_t capacity);

    Status put(const ClientEntry& entry, const Usage& carried) override;
    Status erase(const ClientId& client) override;
    std::optional<ClientEntry> find(const ClientId& client) const override;
    Usage usage(const ClientId& client) const override;
    Result<std::vector<ClientEntry>> list() const override;
    std::vector<ClientId> spent() const override;
    std::size_t capacity() const override { return capacity_; }

  private:
    ClientMap(int clients_fd, int traffic_fd, Meters meters, std::uint32_t capacity);

    std::optional<::client> lookup(const ClientId& client) const;
    ClientEntry to_entry(const ClientId& client, const ::client& value) const;
    Usage counted(std::uint32_t slot) const;
    // The slot starts from `carried`, all of it on the first CPU.
    Status seed(std::uint32_t slot, const Usage& carried) const;

    int clients_fd_;
    int traffic_fd_;
    std::uint32_t capacity_;
    int cpus_;
    Slots slots_;
    Meters meters_;
    std::map<std::uint32_t, ClientId> quotas_;  // by slot: clients that have one
    SystemClock clock_;
};

}  // namespace portal::dataplane
