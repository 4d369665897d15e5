#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "portalctl/run.h"

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(portal::portalctl::run(words, STDIN_FILENO, std::cout, std::cerr));
}
