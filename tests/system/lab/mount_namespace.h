// Files of a host's own: what its programs write, and what is put there for them, nobody else
// sees. A mount namespace without a name, which lives as long as something holds it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "system/lab/net_namespace.h"

namespace portal::lab {

class MountNamespace {
  public:
    // Our files as they are, but: `empty` folders are empty and writable, /etc is a copy, and /sys
    // shows the devices of `network`. /sys is read-only, which tells programs that there is no
    // udev, as in a container.
    MountNamespace(const NetNamespace& network, const std::vector<std::filesystem::path>& empty);

    int fd() const { return fd_.get(); }

    // In /etc and the empty folders.
    void make_folder(const std::filesystem::path& folder) const;
    void write(const std::filesystem::path& file, const std::string& text,
               mode_t mode = 0644) const;

  private:
    UniqueFd fd_;
};

}  // namespace portal::lab
