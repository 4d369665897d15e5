// The members of a JSON object, read strictly: each must be there, of its type and within its
// bounds, and none may be left over. The first fault is kept and told by finish(), so that a
// decoder reads as a list of its members.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "base/ip_address.h"

namespace portal::ipc {

class Members {
  public:
    // `object` outlives this. `place` stands before member names in errors: "flow.".
    explicit Members(const boost::json::object& object, std::string place = {});

    // After a fault, the values are of no meaning.
    std::string text(std::string_view name, std::size_t longest);
    std::uint64_t number(std::string_view name, std::uint64_t most);
    bool boolean(std::string_view name);
    IpAddress address(std::string_view name);
    // A list of at most `most`.
    std::vector<IpAddress> addresses(std::string_view name, std::size_t most);
    Seconds seconds(std::string_view name);
    // An empty object if it is none.
    const boost::json::object& object(std::string_view name);

    // Whether the member holds something; null stands for nothing and counts as read.
    bool present(std::string_view name);

    void fault(std::string_view name, std::string_view what);
    // Takes over what another, of an object within this one, found wrong.
    void absorb(Status inner);

    // Fails if anything was wrong, or if there is a member that was not asked for.
    Status finish();

  private:
    const boost::json::value* find(std::string_view name);

    const boost::json::object& object_;
    std::string place_;
    std::set<std::string, std::less<>> known_;
    Status status_;
};

}  // namespace portal::ipc
