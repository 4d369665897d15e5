// The Unix socket the API listens on. Mode 0660 from its first moment: whoever may open it is an
// operator.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::control {

class ControlSocket {
  public:
    // Creates the folder (mode 0755) where missing, and takes the place of a socket that nobody
    // listens on. ErrorCode::conflict: somebody does, or the path is no socket.
    static Result<ControlSocket> open(const std::filesystem::path& path);

    // Removes the path.
    ~ControlSocket();
    ControlSocket(ControlSocket&& other) noexcept;
    ControlSocket& operator=(ControlSocket&& other) = delete;

    // The listening socket, once; the path stays until this ends.
    UniqueFd take() { return std::move(socket_); }

  private:
    ControlSocket(std::filesystem::path path, UniqueFd socket)
        : path_(std::move(path)), socket_(std::move(socket)) {}

    std::filesystem::path path_;  // empty: moved from
    UniqueFd socket_;
};

}  // namespace portal::control
