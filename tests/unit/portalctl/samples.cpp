#include "samples.h"

namespace portal::portalctl::test {

namespace {

#define CLIENT                                                                         \
    R"({"mac":"02:00:00:00:00:01","vlan":100,"state":"authorized","ip":["192.0.2.7",)" \
    R"("2001:db8::7"],"user":"alice","method":"password","policy":"default",)"         \
    R"("signed_in_at":"2026-01-31T08:00:00Z","expires_at":"2999-01-31T16:00:00Z",)"    \
    R"("idle_timeout_s":1800,"rx_bytes":1536,"rx_packets":12,"tx_bytes":20971520,)"    \
    R"("tx_packets":15000,"last_seen":"2026-01-31T08:10:00Z","interface":"eth1"})"
#define STRANGER                                                                        \
    R"({"mac":"02:00:00:00:00:02","vlan":0,"state":"stranger","ip":[],"user":null,)"    \
    R"("method":null,"policy":null,"signed_in_at":null,"expires_at":null,)"             \
    R"("idle_timeout_s":null,"rx_bytes":0,"rx_packets":0,"tx_bytes":0,"tx_packets":0,)" \
    R"("last_seen":null,"interface":null})"
#define ENTRY                                                                \
    R"({"prefix":"203.0.113.0/24","name":null,"port":443,"protocol":"tcp",)" \
    R"("source":"operator","learnt":[]})"
#define NAME_ENTRY                                                          \
    R"({"prefix":null,"name":"*.example.org","port":null,"protocol":null,)" \
    R"("source":"config","learnt":[{"address":"203.0.113.7",)"              \
    R"("lapses_at":"2999-01-31T16:00:00Z"}]})"
#define USER R"({"name":"alice","policy":"staff","created_at":"2026-01-31T08:00:00Z"})"

#define VOUCHER_MEMBERS                                                              \
    R"("code":"K7QF-M2XW-9RTD","state":"in_use","timeout_s":28800,"policy":null,)"   \
    R"("uses":3,"devices":1,"valid_until":"2999-01-31T16:00:00Z","note":"room 12",)" \
    R"("created_at":"2026-01-31T08:00:00Z","revoked_at":null)"
#define VOUCHER "{" VOUCHER_MEMBERS "}"
#define REDEEMED_VOUCHER                                                            \
    "{" VOUCHER_MEMBERS R"(,"redemptions":[{"mac":"02:00:00:00:00:01","vlan":100,)" \
    R"("redeemed_at":"2026-01-31T08:00:00Z","ends_at":"2026-01-31T16:00:00Z"}]})"
#define AUDIT                                                                        \
    R"({"id":7,"time":"2026-01-31T08:00:00Z","mac":"02:00:00:00:00:01","vlan":100,)" \
    R"("interface":"eth1","ip":"192.0.2.7","method":"password","user":"alice",)"     \
    R"("outcome":"refused","attempts":3,"count":1,"detail":"wrong user name or password"})"

const std::string kMac = "02:00:00:00:00:01@100";
#define CLIENT_PATH "/v1/clients/02%3A00%3A00%3A00%3A00%3A01%40100"

}  // namespace

std::span<const Sample> samples() {
    static const std::vector<Sample> all = {
        {{"client", "show"}, "GET /v1/clients", "[" CLIENT "," STRANGER "]"},
        {{"client", "show", kMac}, "GET " CLIENT_PATH, "[" CLIENT "]"},
        {{"client", "authorize", kMac, "--timeout", "8h", "--policy", "default", "--user", "alice"},
         "POST " CLIENT_PATH "/authorize",
         CLIENT},
        {{"client", "deauthorize", kMac}, "POST " CLIENT_PATH "/deauthorize", CLIENT},
        {{"client", "block", kMac}, "POST " CLIENT_PATH "/block", CLIENT},
        {{"client", "unblock", kMac}, "POST " CLIENT_PATH "/unblock", CLIENT},
        {{"client", "trust", kMac}, "POST " CLIENT_PATH "/trust", CLIENT},
        {{"client", "untrust", kMac}, "POST " CLIENT_PATH "/untrust", CLIENT},
        {{"garden", "show"}, "GET /v1/garden", "[" ENTRY "," NAME_ENTRY "]"},
        {{"garden", "add", "*.example.org"}, "POST /v1/garden", ENTRY},
        {{"garden", "add", "203.0.113.0/24", "--port", "443/tcp"}, "POST /v1/garden", ENTRY},
        {{"garden", "delete", "203.0.113.0/24", "--port", "443/tcp"}, "DELETE /v1/garden", ENTRY},
        {{"policy", "show"},
         "GET /v1/policies",
         R"([{"name":"night","down":"20Mbit","up":"0","quota":"5GB","timeout_s":7200,)"
         R"("idle_timeout_s":null,"devices":3,"vlans":["100","200-299"],)"
         R"("hours":"22:00-06:00","methods":["click-through"],"sessions":2}])"},
        {{"user", "show"}, "GET /v1/users", "[" USER "]"},
        {{"user", "add", "alice", "--policy", "staff"}, "POST /v1/users", USER, "correct horse\n"},
        {{"user", "passwd", "alice"}, "POST /v1/users/alice/password", USER, "correct horse\n"},
        {{"user", "delete", "alice"}, "DELETE /v1/users/alice", USER},
        {{"voucher", "create", "--count", "1", "--timeout", "8h", "--policy", "default", "--uses",
          "3", "--valid-for", "30d", "--note", "room 12"},
         "POST /v1/vouchers",
         "[" VOUCHER "]"},
        {{"voucher", "show"}, "GET /v1/vouchers", "[" VOUCHER "]"},
        {{"voucher", "show", "K7QF-M2XW-9RTD"},
         "GET /v1/vouchers/K7QF-M2XW-9RTD",
         REDEEMED_VOUCHER},
        {{"voucher", "revoke", "K7QF-M2XW-9RTD"},
         "POST /v1/vouchers/K7QF-M2XW-9RTD/revoke",
         REDEEMED_VOUCHER},
        {{"audit", "show"}, "GET /v1/audit", "[" AUDIT "]"},
        {{"audit", "show", "--client", kMac, "--user", "alice", "--since", "24h", "--limit", "10"},
         "GET /v1/audit?client=02%3A00%3A00%3A00%3A00%3A01%40100&user=alice&since=24h&limit=10",
         "[" AUDIT "]"},
        {{"stats", "show"},
         "GET /v1/stats",
         R"([{"reason":"authorized","action":"pass","description":"from a signed-in client",)"
         R"("packets":42,"bytes":4200},)"
         R"({"reason":"https","action":"drop","description":"TCP port 443, from a stranger",)"
         R"("packets":0,"bytes":0}])"},
        {{"prog", "show"},
         "GET /v1/programs",
         R"([{"interface":"eth1","hook":"xdp","program":"portal_ingress","attached":true,)"
         R"("mode":"native","program_id":7,"link_id":9,"run_count":1000,"run_time_ns":85000,)"
         R"("detail":null},)"
         R"({"interface":"eth1","hook":"tc_egress","program":"portal_egress","attached":false,)"
         R"("mode":null,"program_id":null,"link_id":null,"run_count":null,"run_time_ns":null,)"
         R"("detail":"the qdisc was replaced"}])"},
        {{"config", "show"},
         "GET /v1/config",
         R"({"gateway":{"client_interfaces":["eth1","eth2"],"fast_path":true},)"
         R"("policies":{"default":{"down":"0"}}})"},
        {{"config", "reload"},
         "POST /v1/config/reload",
         R"({"applied":["session.timeout"],"needs_restart":["gateway.client_interfaces"],)"
         R"("warnings":["policy \"staff\" is gone"]})"},
        {{"feature", "probe"},
         "GET /v1/features",
         R"([{"feature":"tcx","available":true,"detail":null},)"
         R"({"feature":"native XDP on eth1","available":false,"detail":"no driver support"}])"},
        {{"doctor", "show"},
         "GET /v1/doctor",
         R"([{"check":"routes","ok":true,"detail":"both families","cure":null}])"},
        {{"status", "show"},
         "GET /v1/status",
         R"({"version":"0.1.0","abi":1,"started_at":"2026-01-31T08:00:00Z","uptime_s":90,)"
         R"("config":"/etc/xdp-portal/portald.toml","store":"sqlite:/portal.db",)"
         R"("portal":{"name":"Harbour Inn","login_url":"http://portal.example.net/"},)"
         R"("interfaces":[{"name":"eth1","attached":true,"mode":"native","detail":null},)"
         R"({"name":"eth2","attached":false,"mode":null,"detail":"no such device"}],)"
         R"("responder":{"running":true,"pid":4711,"restarts":2},)"
         R"("clients":{"authorized":3,"trusted":2,"blocked":1,"stranger":9,"limit":65536}})"},
        {{"detach", "--yes"}, "POST /v1/detach", R"({"detached":["eth1","eth2"]})"},
    };
    return all;
}

}  // namespace portal::portalctl::test
