// Where the dataplane lives in the BPF file system: <bpffs>/v<ABI>/ holds the maps by name and
// links/ the hooks. A flock on <bpffs> keeps a second daemon away.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::dataplane {

class Pins {
  public:
    // Creates the folders where missing and takes the lock, held while this lives. Hooks that
    // another ABI's version has left become ours: their programs go on until they are replaced,
    // their maps are theirs alone. Fails with ErrorCode::conflict when another process has the
    // lock, ErrorCode::unavailable when `bpffs` is not on a BPF file system.
    static Result<Pins> open(const std::filesystem::path& bpffs);

    std::filesystem::path map(std::string_view name) const;
    std::filesystem::path links() const;

    // Removes every pin and folder of this ABI. The hooks must be gone (detach_all).
    Status remove_all() const;

  private:
    Pins(std::filesystem::path root, UniqueFd lock);

    std::filesystem::path root_;
    UniqueFd lock_;
};

}  // namespace portal::dataplane
