// Copies of the answers that strangers got from their resolver, by a BPF ring buffer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/clock.h"
#include "base/error.h"

struct ring_buffer;

namespace portal::dataplane {

class AnswerRing {
  public:
    // A DNS message as it was on the wire, and when. What is in it, strangers have a say in.
    using Callback = std::function<void(std::span<const std::uint8_t> message, MonotonicTime time)>;

    // `callback` is called from consume().
    static Result<AnswerRing> open(int map_fd, Callback callback);

    // Readable (EPOLLIN) when there are answers.
    int fd() const;
    // Hands over what is there, without waiting; at most so many that the caller is not kept from
    // its other work while they come faster.
    void consume();

  private:
    struct Reader {
        Callback callback;
        int left = 0;  // of those that one consume() hands over
    };
    struct Close {
        void operator()(ring_buffer* ring) const;
    };
    AnswerRing(std::unique_ptr<Reader> reader, std::unique_ptr<ring_buffer, Close> ring);

    static int deliver(void* context, void* data, std::size_t size);

    std::unique_ptr<Reader> reader_;
    std::unique_ptr<ring_buffer, Close> ring_;
};

}  // namespace portal::dataplane
