// The way to the venue's own application and back: what its requests ask of portald, and where
// they lead. No I/O: the application asks. The protocol is in docs/REMOTE.md.
//
//   GET /remote          303 to the application, with a token
//   GET /remote/return   signed in by the grant: 303 to the original URL if it was sealed, else
//                        to /status; without a grant 303 to /
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "domain/flow.h"
#include "ipc/protocol.h"
#include "responder/carried.h"
#include "responder/form.h"

namespace portal::responder {

using RemoteQuestion = std::variant<ipc::RemoteStart, ipc::RemoteReturn>;

// Whether a path leads there or back.
bool is_remote_path(std::string_view path);

// What a request for such a path is about: a question to portald, or a path of ours to go to
// instead. `caller` names a client; `fields` are the query's.
std::variant<RemoteQuestion, std::string> remote_question(std::string_view path, const Form& fields,
                                                          const Carried& carried, const Flow& flow,
                                                          const ipc::Caller& caller);

// Where portald's answer to RemoteReturn, that all is done, leads.
std::string remote_destination(const ipc::Reply& reply, const Carried& carried);

}  // namespace portal::responder
