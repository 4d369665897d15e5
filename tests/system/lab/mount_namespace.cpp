#include "system/lab/mount_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <utility>

#include "system/lab/failure.h"

namespace portal::lab {

namespace {

namespace fs = std::filesystem;

// A thread that has left for another mount namespace does not come back, so it ends with `work`.
template <typename Work>
auto in_a_thread(Work&& work) {
    return std::async(std::launch::async, std::forward<Work>(work)).get();
}

void cover(const fs::path& folder) {
    must(::mount("lab", folder.c_str(), "tmpfs", 0, "mode=0755"), folder);
}

void copy_etc() {
    // The copy is made beside, for what lies below a mount is out of reach.
    const fs::path beside = "/mnt";
    cover(beside);
    fs::copy("/etc", beside, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    must(::mount(beside.c_str(), "/etc", nullptr, MS_MOVE, nullptr), "/etc");
}

}  // namespace

MountNamespace::MountNamespace(const NetNamespace& network, const std::vector<fs::path>& empty) {
    in_a_thread([&] {
        must(::unshare(CLONE_NEWNS), "unshare (needs root)");
        must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make / private");
        network.run([] { must(::mount("lab", "/sys", "sysfs", MS_RDONLY, nullptr), "/sys"); });
        copy_etc();
        for (const fs::path& folder : empty)
            cover(folder);
        fd_.reset(
            must(::open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC), "mount namespace"));
    });
}

void MountNamespace::make_folder(const fs::path& folder) const {
    in_a_thread([&] {
        must(::unshare(CLONE_FS), "unshare");
        must(::setns(fd_.get(), CLONE_NEWNS), "setns");
        fs::create_directories(folder);
    });
}

void MountNamespace::write(const fs::path& file, const std::string& text, mode_t mode) const {
    make_folder(file.parent_path());
    in_a_thread([&] {
        must(::unshare(CLONE_FS), "unshare");
        must(::setns(fd_.get(), CLONE_NEWNS), "setns");
        fs::remove(file);
        std::ofstream stream(file);
        stream << text;
        if (!stream.flush()) fail("cannot write " + file.string());
        must(::chmod(file.c_str(), mode), file);
    });
}

}  // namespace portal::lab
