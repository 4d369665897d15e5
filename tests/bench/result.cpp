#include "bench/result.h"

#include <boost/json.hpp>
#include <cstdio>
#include <cstring>
#include <exception>

namespace portal::bench {

namespace {

void print(const Case& what, const std::string& subject, const std::vector<double>& samples) {
    boost::json::object line;
    line["group"] = what.group;
    line["case"] = what.name;
    line["subject"] = subject;
    line["clients"] = what.clients ? boost::json::value(*what.clients) : boost::json::value();
    line["unit"] = what.unit;
    line["better"] = what.better == Better::lower ? "lower" : "higher";
    line["samples"] = boost::json::array(samples.begin(), samples.end());
    std::puts(boost::json::serialize(line).c_str());
    std::fflush(stdout);
}

}  // namespace

void compare(const Case& what, const std::vector<Subject>& subjects, int rounds) {
    std::vector<std::vector<double>> samples(subjects.size());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < subjects.size(); ++i)
            samples[i].push_back(subjects[i].sample());
    for (std::size_t i = 0; i < subjects.size(); ++i)
        print(what, subjects[i].name, samples[i]);
}

int run(int argc, char** argv, const std::function<void(const Effort&)>& work) {
    Effort effort;
    if (argc == 2 && std::strcmp(argv[1], "--quick") == 0) {
        effort.quick = true;
    } else if (argc != 1) {
        std::fprintf(stderr, "usage: %s [--quick]\n", argv[0]);
        return 2;
    }
    try {
        work(effort);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
        return 1;
    }
    return 0;
}

}  // namespace portal::bench
