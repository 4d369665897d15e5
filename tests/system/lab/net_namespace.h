// A network namespace without a name: it lives as long as something holds it, so a test that
// crashes leaves none behind.
#pragma once

#include <utility>

#include "base/unique_fd.h"

namespace portal::lab {

class NetNamespace {
  public:
    NetNamespace();

    int fd() const { return fd_.get(); }

    // Calls `work` with this thread in the namespace. Sockets made there stay there.
    template <typename Work>
    auto run(Work&& work) const {
        const Visit visit(fd_.get());
        return std::forward<Work>(work)();
    }

    // Writes /proc/sys/`path` of the namespace.
    void set(const char* path, const char* value) const;

  private:
    class Visit {
      public:
        explicit Visit(int target);
        ~Visit();
        Visit(const Visit&) = delete;
        Visit& operator=(const Visit&) = delete;

      private:
        UniqueFd home_;
    };

    UniqueFd fd_;
};

}  // namespace portal::lab
