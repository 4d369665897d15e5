// A connected Unix stream socket as Boost.Beast's synchronous algorithms take it (they need
// read_some and write_some). It blocks in the kernel, so that SO_RCVTIMEO counts, which Asio's
// own sockets wait past. Its owner uses it from one thread.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "base/unique_fd.h"

namespace portal::portalctl {

class UnixStream {
  public:
    // Neither connecting, reading nor writing lasts longer than `timeout` without progress.
    static UnixStream connect(const std::string& path, std::chrono::milliseconds timeout,
                              boost::system::error_code& error);

    // From now on a read waits without end, until `interrupt` (not owned; -1: none) is readable:
    // then it fails with net::error::interrupted.
    void wait_for_ever(int interrupt);

    // Whether the peer has closed, or has sent what nobody asked for.
    bool is_stale() const;

    template <typename Buffers>
    std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
        const boost::asio::mutable_buffer buffer = first_of<boost::asio::mutable_buffer>(buffers);
        return receive(buffer.data(), buffer.size(), error);
    }
    template <typename Buffers>
    std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
        const boost::asio::const_buffer buffer = first_of<boost::asio::const_buffer>(buffers);
        return send(buffer.data(), buffer.size(), error);
    }
    // Beast's stream concepts ask for the throwing forms as well.
    template <typename Buffers>
    std::size_t read_some(const Buffers& buffers) {
        boost::system::error_code error;
        const std::size_t count = read_some(buffers, error);
        if (error) throw boost::system::system_error(error);
        return count;
    }
    template <typename Buffers>
    std::size_t write_some(const Buffers& buffers) {
        boost::system::error_code error;
        const std::size_t count = write_some(buffers, error);
        if (error) throw boost::system::system_error(error);
        return count;
    }

  private:
    explicit UnixStream(UniqueFd fd) : fd_(std::move(fd)) {}

    template <typename Buffer, typename Buffers>
    static Buffer first_of(const Buffers& buffers) {
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers); ++at) {
            const Buffer buffer(*at);
            if (buffer.size() > 0) return buffer;
        }
        return {};
    }

    std::size_t receive(void* data, std::size_t size, boost::system::error_code& error);
    std::size_t send(const void* data, std::size_t size, boost::system::error_code& error);

    UniqueFd fd_;
    bool for_ever_ = false;
    int interrupt_ = -1;
};

}  // namespace portal::portalctl
