#include "base/error.h"

#include <system_error>

namespace portal {

std::unexpected<Error> fail(ErrorCode code, std::string what, std::string hint) {
    return std::unexpected(Error{code, std::move(what), std::move(hint)});
}

std::unexpected<Error> fail_errno(std::string_view what, std::string hint, int error_number) {
    return fail(ErrorCode::system,
                std::string(what) + ": " + std::generic_category().message(error_number),
                std::move(hint));
}

Error within(std::string_view place, Error error) {
    error.what = std::string(place) + ": " + error.what;
    return error;
}

}  // namespace portal
