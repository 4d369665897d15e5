#include "bench/rulesets.h"

#include <array>
#include <cstdio>

#include "system/lab/lab.h"

namespace portal::bench {

namespace {

// None of them is a client of the generator's.
std::string mac_of(std::uint32_t client) {
    std::array<char, 18> text{};
    std::snprintf(text.data(), text.size(), "0a:00:%02x:%02x:%02x:%02x", client >> 24,
                  client >> 16 & 0xff, client >> 8 & 0xff, client & 0xff);
    return text.data();
}

std::string address_of(std::uint32_t client) {
    return "10." + std::to_string(client >> 16 & 0xff) + "." + std::to_string(client >> 8 & 0xff) +
           "." + std::to_string(client & 0xff);
}

class Table {
  public:
    Table(std::string& rules, const char* name) : rules_(rules) {
        rules_ += "*" + std::string(name) + "\n";
    }
    ~Table() { rules_ += "COMMIT\n"; }

    void chains(std::initializer_list<const char*> names, const char* policy) {
        for (const char* name : names)
            rules_ += ":" + std::string(name) + " " + policy + " [0:0]\n";
    }
    void add(const std::string& chain, const std::string& rule) {
        rules_ += "-A " + chain + " " + rule + "\n";
    }

  private:
    std::string& rules_;
};

const std::string kFrom = std::string("-i ") + lab::kGatewayInterface + " ";
const std::string kTo = std::string("-o ") + lab::kGatewayInterface + " ";

// Marks what comes from a signed-in client and what goes to one: a rule or two for each.
void add_mangle(std::string& rules, std::uint32_t clients) {
    Table mangle(rules, "mangle");
    mangle.chains({"PREROUTING", "POSTROUTING"}, "ACCEPT");
    mangle.chains({"ndsTRU", "ndsBLK", "ndsINC", "ndsOUT"}, "-");
    for (const char* chain : {"ndsOUT", "ndsBLK", "ndsTRU"})
        mangle.add("PREROUTING", kFrom + "-j " + chain);
    mangle.add("POSTROUTING", kTo + "-j ndsINC");
    for (std::uint32_t i = 0; i < clients; ++i) {
        const std::string address = address_of(i);
        mangle.add("ndsOUT", "-s " + address + "/32 -m mac --mac-source " + mac_of(i) +
                                 " -j MARK --set-xmark 0x30000/0x30000");
        mangle.add("ndsINC", "-d " + address + "/32 -j MARK --set-xmark 0x30000/0x30000");
        mangle.add("ndsINC", "-d " + address + "/32 -j ACCEPT");
    }
}

// Port 80 of the others goes to its own web server.
void add_nat(std::string& rules) {
    Table nat(rules, "nat");
    nat.chains({"PREROUTING"}, "ACCEPT");
    nat.chains({"ndsOUT"}, "-");
    nat.add("PREROUTING", kFrom + "-j ndsOUT");
    for (const char* mark : {"0x20000", "0x30000"})
        nat.add("ndsOUT", "-m mark --mark " + std::string(mark) + "/0x30000 -j RETURN");
    nat.add("ndsOUT", "-p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.1:2050");
    nat.add("ndsOUT", "-j ACCEPT");
}

// What is marked is forwarded, what is not is rejected.
void add_filter(std::string& rules, std::uint32_t clients) {
    Table filter(rules, "filter");
    filter.chains({"INPUT", "FORWARD"}, "ACCEPT");
    filter.chains({"ndsNET", "ndsAUT", "ndsULR"}, "-");
    filter.add("FORWARD", kFrom + "-j ndsNET");
    filter.add("ndsNET", "-m mark --mark 0x10000/0x30000 -j DROP");
    filter.add("ndsNET", "-m conntrack --ctstate INVALID -j DROP");
    filter.add("ndsNET", "-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu");
    filter.add("ndsNET", "-m mark --mark 0x20000/0x30000 -j ACCEPT");
    filter.add("ndsNET", "-m mark --mark 0x30000/0x30000 -g ndsAUT");
    filter.add("ndsNET", "-j REJECT --reject-with icmp-port-unreachable");
    filter.add("ndsAUT", "-j ndsULR");
    filter.add("ndsAUT", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    filter.add("ndsAUT", "-j RETURN");
    for (std::uint32_t i = clients; i-- > 0;)
        filter.add("ndsULR", "-s " + address_of(i) + "/32 -j RETURN");
    filter.add("ndsULR", "-j RETURN");
}

}  // namespace

std::string opennds_rules(std::uint32_t clients) {
    std::string rules;
    add_mangle(rules, clients);
    add_nat(rules);
    add_filter(rules, clients);
    return rules;
}

std::string nftables_rules(std::uint32_t clients) {
    std::string elements;
    for (std::uint32_t i = 0; i < clients; ++i)
        elements += (i == 0 ? "" : ", ") + mac_of(i);
    return "table inet venue {\n"
           "  set signed_in { type ether_addr; elements = { " +
           elements +
           " }; }\n"
           "  chain gate {\n"
           "    type filter hook prerouting priority raw;\n"
           "    iifname \"" +
           std::string(lab::kGatewayInterface) +
           "\" ether saddr != @signed_in counter drop\n"
           "  }\n"
           "}\n";
}

}  // namespace portal::bench
