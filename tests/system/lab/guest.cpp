#include "system/lab/guest.h"

#include <ostream>
#include <regex>

#include "packets/addresses.h"
#include "system/lab/failure.h"

namespace portal::lab {

namespace {

// The fields that `html` hides in its form for `action`, as NAME=VALUE.
std::vector<std::string> hidden_fields(const std::string& html, const std::string& action,
                                       const std::string& method) {
    std::size_t form = 0;
    for (;;) {
        form = html.find("action=\"" + action + "\"", form);
        if (form == std::string::npos) fail("no form for " + action + " in:\n" + html);
        const std::string text = html.substr(form, html.find("</form>", form) - form);
        ++form;
        if (!method.empty() && text.find("value=\"" + method + "\"") == std::string::npos) continue;
        std::vector<std::string> fields;
        static const std::regex kHidden("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");
        for (std::sregex_iterator match(text.begin(), text.end(), kHidden), end; match != end;
             ++match)
            fields.push_back((*match)[1].str() + "=" + (*match)[2].str());
        return fields;
    }
}

std::string origin(const std::string& page) {
    return page.substr(0, page.find('/', page.find("://") + 3));
}

}  // namespace

Endpoint Guest::server(std::uint16_t port) const {
    return {family_ == Family::ipv4 ? packets::kServer4 : packets::kServer6, port};
}

Endpoint Guest::gateway(std::uint16_t port) const {
    return {family_ == Family::ipv4 ? packets::kGateway4 : packets::kGateway6, port};
}

std::string Guest::url(const Endpoint& endpoint) {
    const std::string port = endpoint.port == 80 ? "" : ":" + std::to_string(endpoint.port);
    return "http://" + endpoint.address.to_url_host() + port + "/";
}

WebAnswer Guest::get(const std::string& address, std::vector<std::string> options) const {
    options.insert(options.end(), options_.begin(), options_.end());
    return curl(host_, address, options);
}

std::string Guest::login_page() const {
    const std::string refresh = get(url(server(80))).header("refresh");
    const std::string before = "0; url=";
    if (!refresh.starts_with(before)) fail("no way to the sign-in page: " + refresh);
    return refresh.substr(before.size());
}

WebAnswer Guest::submit(const std::string& page, const std::string& action,
                        const std::vector<std::string>& fields) const {
    const WebAnswer form = get(page);
    if (form.status != 200) fail(page + ": " + form.status_line + form.error);
    std::string method;
    for (const std::string& field : fields)
        if (field.starts_with("method=")) method = field.substr(std::string("method=").size());
    std::vector<std::string> options;
    for (const std::string& field : hidden_fields(form.body, action, method)) {
        if (field.starts_with("method=")) continue;
        options.insert(options.end(), {"--data-urlencode", field});
    }
    for (const std::string& field : fields)
        options.insert(options.end(), {"--data-urlencode", field});
    return get(origin(page) + action, options);
}

WebAnswer Guest::click_through() const {
    return submit(login_page(), "/sign-in", {"method=click-through"});
}

WebAnswer Guest::sign_in(const std::string& user, const std::string& password) const {
    return submit(login_page(), "/sign-in",
                  {"method=password", "user=" + user, "password=" + password});
}

WebAnswer Guest::sign_out() const {
    return submit(portal() + "status", "/sign-out");
}

bool Guest::online() const {
    for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}}) {
        const WebAnswer answer = get(url(server(port)));
        if (answer.status != 200 || answer.body != WebServer::kPage) return false;
    }
    return true;
}

bool Guest::captive() const {
    return get(url(server(80))).status == 511 && reach(host_, server(443)) == Reach::silent;
}

std::string to_string(Family family) {
    return family == Family::ipv4 ? "IPv4" : "IPv6";
}

std::ostream& operator<<(std::ostream& out, Family family) {
    return out << to_string(family);
}

}  // namespace portal::lab
