// portald on the lab's gateway, and portalctl that talks to it.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mac.h"
#include "system/lab/lab.h"
#include "system/lab/process.h"

namespace portal::lab {

// Sections of portald.toml, without their headings: {"session", "timeout = \"4s\""}. That the
// gateway has its client interface is there already, unless "gateway" says otherwise.
using Settings = std::map<std::string, std::string>;

class Portald {
  public:
    // Starts it and returns when it says it is ready. Fails the test if it ends instead.
    explicit Portald(const Lab& lab, const Settings& settings = {});

    // The same files and pins, after kill() or stop().
    void start();
    // SIGKILL, and the end.
    void kill();
    // SIGTERM, and the end.
    Outcome stop();
    Process& process() { return *process_; }

    const std::filesystem::path& config_file() const { return config_file_; }
    void write_config(const Settings& settings) const;

    // portalctl with these words, and `input` to read.
    Outcome ctl(const std::vector<std::string>& words, const std::string& input = {}) const;
    Process start_ctl(const std::vector<std::string>& words, const std::string& input = {}) const;
    // `event monitor`, once it listens: no later event escapes it.
    Process monitor() const;
    // portalctl -j, which must succeed.
    boost::json::value json(const std::vector<std::string>& words) const;
    // What `client show` says of the one client; `name` is a MAC or MAC@VLAN.
    boost::json::object client(const std::string& name) const;
    std::string state(const std::string& name) const;
    // Packets counted for a reason.
    std::uint64_t packets(const std::string& reason) const;

  private:
    const Lab& lab_;
    std::filesystem::path config_file_;
    std::unique_ptr<Process> process_;
};

// A portald that is expected to refuse to start: runs it to its end. `more` are options.
Outcome run_portald(const Lab& lab, const Settings& settings,
                    const std::vector<std::string>& more = {});

}  // namespace portal::lab
