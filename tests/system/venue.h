// The venue of remote sign-in: its application, which is the worked example of the documentation,
// and the secret it shares with the portal.
#pragma once

#include <sys/types.h>

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "system/system_test.h"

namespace portal::system_test {

class Venue {
  public:
    // On the lab's internet.
    static constexpr const char* kUrl = "http://203.0.113.80:8080/wifi";
    static constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef0123456789abcdef";

    // Writes the secret into the lab's folder.
    explicit Venue(const lab::Lab& lab);

    const std::filesystem::path& secret_file() const { return secret_file_; }
    void write_secret(std::string_view text, mode_t mode = 0600) const;

    // For portald, with `more` lines in [remote].
    Settings settings(const std::string& more = {}) const;

    // The application, once it listens. `more` are its options.
    Process start(const std::vector<std::string>& more = {}) const;

    // The token in the address that a guest was sent to.
    static std::string token_of(const std::string& address);
    // The grant to who was sent to `address`, with `claims` besides or instead.
    static std::string grant_for(const std::string& address,
                                 const boost::json::object& claims = {});

  private:
    const lab::Lab& lab_;
    const std::filesystem::path secret_file_;
};

}  // namespace portal::system_test
