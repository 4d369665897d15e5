#include "http/problem.h"

#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace portal::http {

namespace json = boost::json;

unsigned status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return 400;
        case ErrorCode::denied:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::system:
            return 500;
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::full:
            return 507;
    }
    std::unreachable();
}

std::string problem_document(unsigned status, const Error& error) {
    const auto title =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    json::object document{{"type", "about:blank"},
                          {"title", json::string_view(title.data(), title.size())},
                          {"status", status},
                          {"detail", error.what}};
    if (!error.hint.empty()) document["hint"] = error.hint;
    return json::serialize(document);
}

}  // namespace portal::http
