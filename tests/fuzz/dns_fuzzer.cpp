// Copied DNS answers: whatever the bytes, what the reader tells portald is what portald takes.
#include <cstdint>
#include <span>
#include <string>

#include "invariant.h"
#include "ipc/name_answer.h"
#include "ipc/protocol.h"
#include "responder/dns_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using portal::fuzz::require;
    namespace ipc = portal::ipc;

    const auto answer = portal::responder::read_dns_answer(std::span(data, size));
    const std::string text = ipc::encode(answer.value_or(ipc::NameAnswer{}));
    require(text.size() <= ipc::kLargestMessage, "it fits a message", text);
    const auto taken = ipc::decode_name_answer(text);
    require(taken.has_value(), "portald takes it", text);
    require(*taken == answer.value_or(ipc::NameAnswer{}), "as it was told", text);
    if (answer) require(!answer->name.empty(), "it has a name", text);
    // The other direction: what a hostile reader may send.
    (void)ipc::decode_name_answer({reinterpret_cast<const char*>(data), size});
    return 0;
}
