#include "system/secure_portal.h"

#include <sys/stat.h>

#include <fstream>

#include "system/lab/failure.h"

namespace portal::system_test {

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file);
    stream << text;
    if (!stream.flush()) lab::fail("cannot write " + file.string());
    lab::must(::chmod(file.c_str(), 0600), file.string());
}

}  // namespace

SecurePortal::SecurePortal(const lab::Lab& lab) : folder_(lab.folder()) {
    write(authority_file(), authority_.certificate());
    install(authority_.issue({.name = kName}));
}

void SecurePortal::install(const test::Issued& issued) const {
    write(certificate(), issued.certificate);
    write(key(), issued.key);
}

Settings SecurePortal::settings(const std::string& more, Settings others) const {
    others["portal"] = "hostname = \"" + std::string(kName) + "\"\ncertificate = \"" +
                       certificate().string() + "\"\nkey = \"" + key().string() + "\"\n" + more;
    return others;
}

Guest SecurePortal::guest(const lab::NetNamespace& host, Family family) const {
    const Guest plain(host, family);
    const std::string address = plain.gateway(443).address.to_url_host();
    std::vector<std::string> options{"--cacert", authority_file()};
    for (const char* port : {"80", "443", "8443"})
        options.insert(options.end(),
                       {"--resolve", std::string(kName) + ":" + port + ":" + address});
    return {host, family, url(), options};
}

}  // namespace portal::system_test
