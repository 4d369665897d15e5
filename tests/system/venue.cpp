#include "system/venue.h"

#include <sys/stat.h>

#include <ctime>
#include <fstream>

#include "auth/jwt.h"
#include "system/lab/failure.h"

namespace portal::system_test {

Venue::Venue(const lab::Lab& lab) : lab_(lab), secret_file_(lab.folder() / "remote.secret") {
    write_secret(kSecret);
}

void Venue::write_secret(std::string_view text, mode_t mode) const {
    std::ofstream file(secret_file_);
    file << text << '\n';
    if (!file.flush()) lab::fail("cannot write " + secret_file_.string());
    lab::must(::chmod(secret_file_.c_str(), mode), secret_file_.string());
}

Settings Venue::settings(const std::string& more) const {
    return {{"sign_in", "methods = [\"remote\"]\nattempts_per_hour = 5"},
            {"session", "timeout = \"1h\""},
            {"remote", "url = \"" + std::string(kUrl) + "\"\nsecret_file = \"" +
                           secret_file_.string() + "\"\n" + more},
            {"strangers", "allow = [\"203.0.113.80:8080\"]"}};
}

Process Venue::start(const std::vector<std::string>& more) const {
    std::vector<std::string> command{"python3",
                                     "-B",
                                     REMOTE_PORTAL "/remote_portal.py",
                                     "--listen",
                                     "203.0.113.80:8080",
                                     "--url",
                                     kUrl,
                                     "--secret-file",
                                     secret_file_,
                                     "--guests",
                                     REMOTE_PORTAL "/guests.csv"};
    command.insert(command.end(), more.begin(), more.end());
    Process application({.command = command, .where = &lab_.internet});
    application.await_line("listening");
    return application;
}

std::string Venue::token_of(const std::string& address) {
    const std::string before = "token=";
    const std::size_t at = address.find(before);
    if (at == std::string::npos) lab::fail("no token in " + address);
    return address.substr(at + before.size());
}

std::string Venue::grant_for(const std::string& address, const boost::json::object& claims) {
    const auto token = auth::verify_jwt(token_of(address), kSecret);
    if (!token) lab::fail(token.error().what + ": " + address);
    const std::int64_t now = std::time(nullptr);
    boost::json::object granted{{"iss", kUrl},
                                {"aud", "xdp-portal"},
                                {"sub", token->at("sub")},
                                {"nonce", token->at("jti")},
                                {"iat", now},
                                {"exp", now + 60}};
    for (const auto& claim : claims)
        granted[claim.key()] = claim.value();
    return auth::sign_jwt(granted, kSecret).value();
}

}  // namespace portal::system_test
