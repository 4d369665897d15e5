#include "portalctl.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "samples.h"

namespace portal::portalctl::test {

Gateway::Gateway() {
    for (const Sample& sample : samples())
        daemon_.answer(sample.request, sample.answer);
}

std::vector<std::string> Gateway::command(std::vector<std::string> words) const {
    words.insert(words.begin(), {PORTALCTL, "--socket", daemon_.socket()});
    return words;
}

Ended Gateway::run(std::vector<std::string> words, std::string_view input) const {
    return run_child(command(std::move(words)), input);
}

boost::json::value parse_json(const std::string& text) {
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(text, error);
    EXPECT_FALSE(error) << error.message() << " in " << text;
    EXPECT_TRUE(text.ends_with('\n'));
    return value;
}

}  // namespace portal::portalctl::test
