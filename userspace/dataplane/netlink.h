// A netlink socket: one request, its answers, its error (libmnl).
#pragma once

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal::dataplane {

// A request under construction. Add the family header and attributes by libmnl's calls.
class NetlinkRequest {
  public:
    NetlinkRequest(std::uint16_t type, std::uint16_t flags);
    nlmsghdr* header() { return header_; }

    template <typename T>
    T* extra() {
        return static_cast<T*>(mnl_nlmsg_put_extra_header(header_, sizeof(T)));
    }

  private:
    std::vector<char> buffer_;
    nlmsghdr* header_;
};

// The attributes behind a message's `header` bytes of family header.
void for_each_attribute(const nlmsghdr* message, std::size_t header,
                        const std::function<void(const nlattr*)>& each);

class Netlink {
  public:
    // `bus`: NETLINK_ROUTE, NETLINK_NETFILTER, …
    static Result<Netlink> open(int bus = NETLINK_ROUTE);

    // Sends a dump request and hands each answer to `each`.
    Status dump(NetlinkRequest& request, const std::function<void(const nlmsghdr*)>& each);
    // Sends a request that changes something. Returns the kernel's errno, 0 for done, so that a
    // caller may take EEXIST or ENOENT for what it wants.
    Result<int> change(NetlinkRequest& request);

  private:
    struct Close {
        void operator()(mnl_socket* socket) const;
    };
    explicit Netlink(std::unique_ptr<mnl_socket, Close> socket) : socket_(std::move(socket)) {}

    std::unique_ptr<mnl_socket, Close> socket_;
    unsigned sequence_ = 0;
};

}  // namespace portal::dataplane
