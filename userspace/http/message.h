// HTTP messages as handlers see them: Boost.Beast's, with a string body.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace portal::http {

namespace beast = boost::beast;

using Request = beast::http::request<beast::http::string_body>;
using Response = beast::http::response<beast::http::string_body>;
using Field = beast::http::field;
using Method = beast::http::verb;

}  // namespace portal::http
