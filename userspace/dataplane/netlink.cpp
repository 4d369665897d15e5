#include "dataplane/netlink.h"

#include <array>

namespace portal::dataplane {

namespace {

constexpr std::size_t kBufferSize = 32 * 1024;

int hand_over(const nlmsghdr* message, void* each) {
    (*static_cast<const std::function<void(const nlmsghdr*)>*>(each))(message);
    return MNL_CB_OK;
}

int hand_over_attribute(const nlattr* attribute, void* each) {
    (*static_cast<const std::function<void(const nlattr*)>*>(each))(attribute);
    return MNL_CB_OK;
}

}  // namespace

void for_each_attribute(const nlmsghdr* message, std::size_t header,
                        const std::function<void(const nlattr*)>& each) {
    auto callback = each;
    mnl_attr_parse(message, static_cast<unsigned>(header), hand_over_attribute, &callback);
}

NetlinkRequest::NetlinkRequest(std::uint16_t type, std::uint16_t flags)
    : buffer_(4096), header_(mnl_nlmsg_put_header(buffer_.data())) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
}

void Netlink::Close::operator()(mnl_socket* socket) const {
    mnl_socket_close(socket);
}

Result<Netlink> Netlink::open(int bus) {
    std::unique_ptr<mnl_socket, Close> socket(mnl_socket_open2(bus, SOCK_CLOEXEC));
    if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0)
        return fail_errno("cannot open a netlink socket");
    return Netlink(std::move(socket));
}

Status Netlink::dump(NetlinkRequest& request, const std::function<void(const nlmsghdr*)>& each) {
    request.header()->nlmsg_seq = ++sequence_;
    if (mnl_socket_sendto(socket_.get(), request.header(), request.header()->nlmsg_len) < 0)
        return fail_errno("cannot ask the kernel by netlink");
    std::vector<char> buffer(kBufferSize);
    auto callback = each;
    while (true) {
        const ssize_t size = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
        if (size < 0) return fail_errno("the kernel does not answer by netlink");
        const int state = mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), sequence_,
                                     mnl_socket_get_portid(socket_.get()), hand_over, &callback);
        if (state < 0) return fail_errno("the kernel refuses by netlink");
        if (state == MNL_CB_STOP) return {};
    }
}

Result<int> Netlink::change(NetlinkRequest& request) {
    request.header()->nlmsg_flags |= NLM_F_ACK;
    request.header()->nlmsg_seq = ++sequence_;
    if (mnl_socket_sendto(socket_.get(), request.header(), request.header()->nlmsg_len) < 0)
        return fail_errno("cannot ask the kernel by netlink");
    std::vector<char> buffer(kBufferSize);
    while (true) {
        const ssize_t size = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
        if (size < 0) return fail_errno("the kernel does not answer by netlink");
        const int state = mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), sequence_,
                                     mnl_socket_get_portid(socket_.get()), nullptr, nullptr);
        if (state < 0) return errno;
        if (state == MNL_CB_STOP) return 0;
    }
}

}  // namespace portal::dataplane
