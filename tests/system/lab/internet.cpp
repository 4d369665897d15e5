#include "system/lab/internet.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace portal::lab {

namespace {

struct Site {
    std::string_view host;
    std::string_view path;
    std::string_view status;
    std::string_view header;  // with its line end; may be empty
    std::string_view body;
};

constexpr std::string_view kOk = "200 OK";
constexpr std::string_view kNothing = "204 No Content";

// Who asks: Firefox; NetworkManager as Debian, GNOME and Fedora set it up; Android, ChromeOS and
// Chromium; Apple's devices; Windows; ConnMan.
constexpr std::array kSites{
    Site{"detectportal.firefox.com", "/canonical.html", kOk, "Content-Type: text/html\r\n",
         "<meta http-equiv=\"refresh\" "
         "content=\"0;url=https://support.mozilla.org/kb/captive-portal\"/>"},
    Site{"detectportal.firefox.com", "/success.txt", kOk, "", "success\n"},
    Site{"network-test.debian.org", "/nm", kOk, "X-NetworkManager-Status: online\r\n",
         "NetworkManager is online\n"},
    Site{"nmcheck.gnome.org", "/check_network_status.txt", kOk, "", "NetworkManager is online\n"},
    Site{"fedoraproject.org", "/static/hotspot.txt", kOk, "", "OK\n"},
    Site{"connectivitycheck.gstatic.com", "/generate_204", kNothing, "", ""},
    Site{"www.google.com", "/generate_204", kNothing, "", ""},
    Site{"www.gstatic.com", "/generate_204", kNothing, "", ""},
    Site{"captive.apple.com", "/hotspot-detect.html", kOk, "Content-Type: text/html\r\n",
         "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"},
    Site{"www.msftconnecttest.com", "/connecttest.txt", kOk, "", "Microsoft Connect Test"},
    Site{"ipv4.connman.net", "/online/status.html", kOk, "X-ConnMan-Status: online\r\n",
         "<html></html>\n"},
    Site{"ipv6.connman.net", "/online/status.html", kOk, "X-ConnMan-Status: online\r\n",
         "<html></html>\n"},
};

std::string host_of(std::istringstream& lines) {
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("Host: ")) return line.substr(6, line.find_last_not_of('\r') - 5);
    return {};
}

std::string answer(const std::string& request) {
    std::istringstream lines(request);
    std::string method;
    std::string target;
    std::string version;
    lines >> method >> target >> version >> std::ws;
    const std::string host = host_of(lines);
    const std::string path = target.substr(0, target.find('?'));
    const auto* const site = std::ranges::find_if(
        kSites, [&](const Site& known) { return known.host == host && known.path == path; });
    if (site == kSites.end()) return http_answer(kOk, "", WebServer::kPage);
    return http_answer(site->status, site->header, site->body);
}

}  // namespace

Internet::Internet(const Lab& lab)
    : web_(lab.internet,
           {{packets::kServer4, 80},
            {packets::kServer4, 443},
            {packets::kServer6, 80},
            {packets::kServer6, 443}},
           answer) {}

}  // namespace portal::lab
