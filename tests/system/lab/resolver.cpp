#include "system/lab/resolver.h"

#include "system/lab/await.h"
#include "system/lab/sockets.h"

namespace portal::lab {

namespace {

std::vector<std::string> command() {
    const std::string portal = std::string("--address=/") + kPortalName + "/";
    return {"dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            std::string("--interface=") + kGatewayInterface,
            "--address=/#/" + packets::kServer4.to_string(),
            "--address=/#/" + packets::kServer6.to_string(),
            portal + packets::kGateway4.to_string(),
            portal + packets::kGateway6.to_string()};
}

}  // namespace

Resolver::Resolver(const Lab& lab) : process_({.command = command(), .where = &lab.gateway}) {
    await("the resolver", [&] {
        if (!process_.running()) fail("dnsmasq ended: " + process_.errors());
        return reach(lab.gateway, {packets::kGateway4, 53}) == Reach::open;
    });
}

}  // namespace portal::lab
