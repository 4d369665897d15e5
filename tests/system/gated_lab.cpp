#include "system/gated_lab.h"

#include <stdexcept>

#include "base/clock.h"

namespace portal::system_test {

namespace {

const ClientId kClient = {packets::kClientMac, 0};

template <typename T>
T required(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().what);
    return *std::move(result);
}

void require(const Status& status) {
    if (!status) throw std::runtime_error(status.error().what);
}

}  // namespace

GatedLab::GatedLab() {
    lab_.gateway.run([&] {
        dataplane_ = required(
            dataplane::Dataplane::open({.bpffs = lab_.bpffs() / "xdp-portal", .max_clients = 16}));
        require(dataplane_->attachment().attach(lab::kGatewayInterface));
    });
}

void GatedLab::begin(const Limits& limits) {
    ++session_;
    put(limits);
}

void GatedLab::change(const Limits& limits) {
    put(limits);
}

void GatedLab::put(const Limits& limits) {
    require(clients().put({.client = kClient,
                           .session = session_,
                           .last_seen = SystemClock().monotonic(),
                           .limits = limits},
                          {}));
}

Usage GatedLab::used() {
    return clients().usage(kClient);
}

bool GatedLab::spent() {
    return clients().find(kClient).value().spent;
}

}  // namespace portal::system_test
