#include "dataplane/bindings.h"

#include <bpf/bpf.h>

#include <map>

#include "dataplane/abi.h"
#include "dataplane/map_walk.h"
// Needs the ABI before it.
#include "client.h"

namespace portal::dataplane {

namespace {

bool is_held(const binding& held, const ::client& owner, std::uint64_t now) {
    return now < held.last_used + BINDING_LAPSE_NS && (owner.flags & CLIENT_BOUND) != 0 &&
           client_alive(&owner, now);
}

Status write_count(int counts, const ::client& client, std::uint32_t count) {
    binding_count known{};
    if (bpf_map_lookup_elem(counts, &client.slot, &known) != 0) return {};
    if (known.session != client.session || known.count == count) return {};
    known.count = count;
    if (const int error = bpf_map_update_elem(counts, &client.slot, &known, BPF_ANY))
        return fail_errno("cannot count a client's addresses", {}, -error);
    return {};
}

}  // namespace

Status collect_bindings(const BindingMaps& maps, MonotonicTime now) {
    TRY_ASSIGN(const auto bindings,
               (walk_map<binding_key, binding>(maps.bindings, PORTAL_BINDINGS)));
    if (bindings.empty()) return {};
    TRY_ASSIGN(const auto listed, (walk_map<client_key, ::client>(maps.clients, maps.max_clients)));
    std::map<ClientId, ::client> clients;
    for (const auto& [key, value] : listed)
        clients.emplace(from_abi(key), value);
    std::map<ClientId, std::uint32_t> counts;
    for (const auto& [key, held] : bindings) {
        const auto owner = clients.find(from_abi(held.owner));
        if (owner != clients.end() &&
            is_held(held, owner->second, static_cast<std::uint64_t>(now.count()))) {
            ++counts[owner->first];
            continue;
        }
        const int error = bpf_map_delete_elem(maps.bindings, &key);
        if (error != 0 && error != -ENOENT) return fail_errno("cannot free an address", {}, -error);
    }
    for (const auto& [client, value] : clients)
        if ((value.flags & CLIENT_BOUND) != 0) TRY(write_count(maps.counts, value, counts[client]));
    return {};
}

}  // namespace portal::dataplane
