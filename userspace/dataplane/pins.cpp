#include "dataplane/pins.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include "portal_abi.h"

namespace portal::dataplane {

namespace {

std::filesystem::path versioned(const std::filesystem::path& bpffs) {
    return bpffs / ("v" + std::to_string(PORTAL_ABI));
}

// Whether the nearest folder of `path` that exists lies on a BPF file system.
bool on_bpffs(std::filesystem::path path) {
    struct statfs info {};
    while (statfs(path.c_str(), &info) != 0) {
        if (!path.has_relative_path() || path == path.parent_path()) return false;
        path = path.parent_path();
    }
    return info.f_type == BPF_FS_MAGIC;
}

Status make_folder(const std::filesystem::path& path) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("cannot create " + path.string());
    return {};
}

bool is_versioned(const std::filesystem::path& folder) {
    const std::string name = folder.filename();
    return name.size() > 1 && name[0] == 'v' &&
           name.find_first_not_of("0123456789", 1) == std::string::npos;
}

Status take_over_hooks(const std::filesystem::path& other, const std::filesystem::path& links) {
    std::error_code error;
    std::vector<std::filesystem::path> hooks;
    for (const auto& entry : std::filesystem::directory_iterator(other / "links", error))
        hooks.push_back(entry.path());
    for (const auto& hook : hooks) {
        const std::filesystem::path ours = links / hook.filename();
        if (std::filesystem::exists(ours)) continue;
        if (rename(hook.c_str(), ours.c_str()) != 0)
            return fail_errno("cannot take over " + hook.string());
    }
    std::filesystem::remove_all(other, error);
    if (error) return fail_errno("cannot remove " + other.string(), {}, error.value());
    return {};
}

// The order matters to no one: an interface has hooks of one version.
Status take_over_other_versions(const std::filesystem::path& bpffs,
                                const std::filesystem::path& root) {
    std::error_code ignored;
    std::vector<std::filesystem::path> others;
    for (const auto& entry : std::filesystem::directory_iterator(bpffs, ignored))
        if (is_versioned(entry.path()) && entry.path() != root) others.push_back(entry.path());
    for (const auto& other : others)
        TRY(take_over_hooks(other, root / "links"));
    return {};
}

}  // namespace

Pins::Pins(std::filesystem::path root, UniqueFd lock)
    : root_(std::move(root)), lock_(std::move(lock)) {}

Result<Pins> Pins::open(const std::filesystem::path& bpffs) {
    if (!on_bpffs(bpffs))
        return fail(ErrorCode::unavailable, bpffs.string() + " is not on a BPF file system",
                    "mount one: mount -t bpf bpf /sys/fs/bpf");
    const std::filesystem::path root = versioned(bpffs);
    TRY(make_folder(bpffs));
    TRY(make_folder(root));
    TRY(make_folder(root / "links"));
    UniqueFd lock(::open(bpffs.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock) return fail_errno("cannot open " + bpffs.string());
    if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::conflict, bpffs.string() + " is held by another portald",
                        "stop that one first, or give this one its own --bpffs");
        return fail_errno("cannot lock " + bpffs.string());
    }
    TRY(take_over_other_versions(bpffs, root));
    return Pins(root, std::move(lock));
}

std::filesystem::path Pins::map(std::string_view name) const {
    return root_ / name;
}

std::filesystem::path Pins::links() const {
    return root_ / "links";
}

Status Pins::remove_all() const {
    std::error_code error;
    std::filesystem::remove_all(root_, error);
    if (error) return fail_errno("cannot remove " + root_.string(), {}, error.value());
    std::filesystem::remove(root_.parent_path(), error);
    return {};
}

}  // namespace portal::dataplane
