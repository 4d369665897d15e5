// libbpf's own words, kept for the error that follows them.
#pragma once

namespace portal::dataplane {

// Sends libbpf's warnings to the log's debug level instead of standard error. Idempotent.
void quiet_libbpf();

}  // namespace portal::dataplane
