#include "system/lab/packet_socket.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "system/lab/await.h"
#include "system/lab/failure.h"

namespace portal::lab {

namespace {

constexpr int kBuffer = 64 * 1024 * 1024;

// The kernel takes the tag out of the frame, and tells it beside.
void restore_tag(packets::Bytes& frame, msghdr& message) {
    for (cmsghdr* note = CMSG_FIRSTHDR(&message); note != nullptr;
         note = CMSG_NXTHDR(&message, note)) {
        if (note->cmsg_level != SOL_PACKET || note->cmsg_type != PACKET_AUXDATA) continue;
        tpacket_auxdata auxiliary{};
        std::memcpy(&auxiliary, CMSG_DATA(note), sizeof auxiliary);
        if ((auxiliary.tp_status & TP_STATUS_VLAN_VALID) == 0 || frame.size() < 12) return;
        packets::Bytes tag;
        packets::put16(tag, auxiliary.tp_vlan_tpid);
        packets::put16(tag, auxiliary.tp_vlan_tci);
        frame.insert(frame.begin() + 12, tag.begin(), tag.end());
    }
}

}  // namespace

PacketSocket::PacketSocket(const NetNamespace& host, const char* interface) {
    host.run([&] {
        fd_.reset(must(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), "packet socket"));
        const int yes = 1;
        must(::setsockopt(fd_.get(), SOL_PACKET, PACKET_AUXDATA, &yes, sizeof yes), "auxdata");
        must(::setsockopt(fd_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes),
             "ignore outgoing");
        must(::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer),
             "SO_RCVBUFFORCE");
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_protocol = htons(ETH_P_ALL);
        address.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
        must(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), interface);
    });
}

bool PacketSocket::send(const packets::Bytes& frame) const {
    if (::send(fd_.get(), frame.data(), frame.size(), 0) >= 0) return true;
    if (errno == EINVAL || errno == EMSGSIZE) return false;
    fail_errno("send a frame");
}

std::optional<packets::Bytes> PacketSocket::receive(std::chrono::milliseconds patience) const {
    pollfd wanted{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    packets::Bytes frame(65536 + 64);
    std::array<char, 256> control{};
    iovec part{.iov_base = frame.data(), .iov_len = frame.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t length = must(::recvmsg(fd_.get(), &message, 0), "receive a frame");
    frame.resize(static_cast<std::size_t>(length));
    restore_tag(frame, message);
    return frame;
}

std::vector<packets::Bytes> PacketSocket::receive_until(
    const std::function<bool(const packets::Bytes&)>& last) const {
    std::vector<packets::Bytes> frames;
    for (;;) {
        std::optional<packets::Bytes> frame = receive(kPatience);
        if (!frame) fail("the last frame never came");
        if (last(*frame)) return frames;
        frames.push_back(std::move(*frame));
    }
}

}  // namespace portal::lab
