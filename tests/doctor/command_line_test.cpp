#include "doctor/command_line.hpp"

#include <vector>

#include "common/cli/guard.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::doctor;

namespace {

command_line parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "doctor");
  command_line out;
  const auto status = parse_command_line(static_cast<int>(words.size()), words.data(), out);
  REQUIRE_FALSE(status.has_value());
  return out;
}

/// The exit status of a command line that is not to be run, and whether words came with it.
int refused(std::vector<const char*> words) {
  words.insert(words.begin(), "doctor");
  return cli::run_guarded("doctor", [&] {
    command_line out;
    return parse_command_line(static_cast<int>(words.size()), words.data(), out).value_or(-1);
  });
}

template <class Request>
Request request_of(const std::vector<const char*>& words) {
  const auto line = parsed(words);
  REQUIRE(line.request.has_value());
  REQUIRE(std::holds_alternative<Request>(*line.request));
  return std::get<Request>(*line.request);
}

}  // namespace

TEST_CASE("without a command the gateway runs, with the defaults") {
  const auto line = parsed({"--id", "dr", "--data-dir", "/tmp/x"});
  CHECK_FALSE(line.request.has_value());
  CHECK(line.menu);
  CHECK(line.settings.id == "dr");
  CHECK(line.settings.data_directory == "/tmp/x");
  CHECK(line.settings.listen == net::address{"127.0.0.1", 7460});
  CHECK_FALSE(line.settings.group.has_value());
}

TEST_CASE("the audit commands are taken") {
  using act = audit_options::act;
  const auto list = parsed({"audit", "--since", "2h", "--patient", "p1", "--event", "blocked",
                            "--limit", "5", "--csv", "--id", "dr", "--data-dir", "/tmp/x"});
  REQUIRE(list.audit.has_value());
  CHECK(list.audit->what == act::list);
  CHECK(list.audit->since == "2h");
  CHECK(list.audit->patient == "p1");
  CHECK(list.audit->event == "blocked");
  CHECK(list.audit->limit == 5);
  CHECK(list.audit->csv);
  CHECK(list.settings.data_directory == "/tmp/x");
  const auto verify = parsed({"audit", "verify", "--json", "--id", "dr", "--data-dir", "/tmp/x"});
  CHECK(verify.audit->what == act::verify);
  CHECK(verify.json);
  const auto write = parsed({"audit", "export", "-", "--id", "dr", "--data-dir", "/tmp/x"});
  CHECK(write.audit->what == act::write);
  CHECK(write.audit->file == "-");
  CHECK(parsed({"audit", "verify", "--file", "x"}).audit->file == "x");
}

TEST_CASE("audit commands that make no sense are refused") {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{"audit", "--since", "yesterday"},
                                             {"audit", "--patient", "a b"},
                                             {"audit", "--limit", "0"},
                                             {"audit", "--limit", "-1"},
                                             {"audit", "--csv", "--json"},
                                             {"audit", "--event", "x", "verify"},
                                             {"audit", "export"},
                                             {"audit", "verify", "--fingerprint", "12"},
                                             {"audit", "verify", "--known", "12"},
                                             {"audit", "verify", "--known", "12:zz"},
                                             {"audit", "verify", "export", "x"}}) {
    auto all = words;
    all.insert(all.end(), {"--id", "dr", "--data-dir", "/tmp/x"});
    CHECK(refused(all) == 2);
  }
  CHECK(refused({"audit"}) == 2);
  CHECK(refused({"--heartbeat", "2", "--id", "dr", "audit"}) == 2);
}

TEST_CASE("the menu takes the whole screen unless it is to be plain") {
  CHECK_FALSE(parsed({"--id", "dr", "--data-dir", "/tmp/x"}).plain);
  CHECK(parsed({"--id", "dr", "--data-dir", "/tmp/x", "--plain"}).plain);
}

TEST_CASE("the gateway's options are taken") {
  const auto line = parsed({"--id",       "dr",
                            "--data-dir", "/tmp/x",
                            "--listen",   "[::1]:0",
                            "--group",    "ristretto255",
                            "--no-menu",  "--clock-window",
                            "5s",         "--handshake-timeout",
                            "3",          "--heartbeat",
                            "2",          "--waiting-time",
                            "1m",         "--waiting-places",
                            "3",          "--block-time",
                            "1h",         "--token-lifetime",
                            "2h",         "--max-connections",
                            "9",          "--max-per-source",
                            "8",          "--handshake-rate",
                            "2.5",        "--handshake-burst",
                            "7",          "--max-failures",
                            "6",          "--failure-window",
                            "5m",         "--close-time",
                            "4m",         "--crypto-workers",
                            "2",          "--handshake-queue",
                            "77",         "--max-queue",
                            "262144",     "--log-level",
                            "debug"});
  const auto& s = line.settings;
  CHECK_FALSE(line.menu);
  CHECK(line.log == cli::log_level::debug);
  CHECK(s.listen == net::address{"::1", 0});
  CHECK(s.group == crypto::group_id::ristretto255);
  CHECK(s.clock_window == seconds(5));
  CHECK(s.handshake_deadline == seconds(3));
  CHECK(s.heartbeat == seconds(2));
  CHECK(s.waiting.time == seconds(60));
  CHECK(s.waiting.places == 3);
  CHECK(s.verifier_block == seconds(3600));
  CHECK(s.token_lifetime == seconds(7200));
  CHECK(s.admission.queue == 77);
  CHECK(s.admission.connections == 9);
  CHECK(s.admission.connections_per_source == 8);
  CHECK(s.admission.handshakes_per_second == 2.5);
  CHECK(s.admission.handshake_burst == 7);
  CHECK(s.admission.failures == 6);
  CHECK(s.admission.failure_window == seconds(300));
  CHECK(s.admission.close_for == seconds(240));
  CHECK(s.crypto_workers == 2);
  CHECK(s.max_queued_bytes == 262144);
}

TEST_CASE("the options --id and --data-dir are taken before a command and after it") {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"--id", "dr", "--data-dir", "/tmp/x", "status", "--json"},
           {"status", "--id", "dr", "--json", "--data-dir", "/tmp/x"},
           {"--id", "dr", "--json", "status", "--data-dir", "/tmp/x"}}) {
    const auto line = parsed(words);
    CHECK(line.settings.id == "dr");
    CHECK(line.settings.data_directory == "/tmp/x");
    CHECK(line.json);
    CHECK(std::holds_alternative<control::status_request>(line.request.value()));
  }
}

TEST_CASE("every command is understood") {
  CHECK_NOTHROW(request_of<control::identity_request>({"identity", "--id", "d"}));
  CHECK_NOTHROW(request_of<control::patients_request>({"patients", "--id", "d"}));
  CHECK_NOTHROW(request_of<control::waiting_request>({"waiting", "--id", "d"}));
  CHECK_NOTHROW(request_of<control::invites_request>({"invites", "--id", "d"}));
  CHECK_NOTHROW(request_of<control::inbox_request>({"inbox", "--id", "d"}));
  CHECK(request_of<control::withdraw_request>({"withdraw", "p", "--id", "d"}).patient == "p");
  CHECK(request_of<control::block_request>({"block", "p", "--id", "d"}).patient == "p");
  CHECK(request_of<control::unblock_request>({"unblock", "p", "--id", "d"}).patient == "p");
  CHECK(request_of<control::revoke_request>({"revoke", "p", "--id", "d"}).patient == "p");
  CHECK(request_of<control::disconnect_request>({"disconnect", "p", "--id", "d"}).patient == "p");
  CHECK_NOTHROW(request_of<control::disconnect_all_request>({"disconnect", "--all", "--id", "d"}));

  const auto invite = request_of<control::invite_request>(
      {"invite", "p", "--expires", "2d", "--host", "h.example", "--id", "d"});
  CHECK(invite.valid_for == seconds(2 * 24 * 3600));
  CHECK(invite.host == "h.example");
  CHECK(request_of<control::invite_request>({"invite", "p", "--id", "d"}).valid_for ==
        seconds(7 * 24 * 3600));

  const std::string digits(60, '7');
  const auto admit = request_of<control::admit_request>(
      {"admit", "p", "--fingerprint", digits.c_str(), "--replace", "--id", "d"});
  CHECK(admit.fingerprint == digits);
  CHECK(admit.replace);
  CHECK(request_of<control::refuse_request>({"refuse", "p", "--id", "d"}).fingerprint.empty());

  const std::string id(32, 'a');
  CHECK(request_of<control::deliveries_request>({"deliveries", "--id", "d"}).message.empty());
  CHECK(request_of<control::deliveries_request>({"deliveries", id.c_str(), "--id", "d"}).message ==
        id);
}

TEST_CASE("a broadcast is an emergency and a message is routine unless said otherwise") {
  using protocol::priority;
  const auto plain = request_of<control::broadcast_request>({"broadcast", "Hi", "--id", "d"});
  CHECK(plain.priority == priority::emergency);
  CHECK_FALSE(plain.present);
  CHECK_FALSE(plain.wait.has_value());
  const auto full = request_of<control::broadcast_request>(
      {"broadcast", "Hi", "--priority", "urgent", "--wait", "5", "--present", "--id", "d"});
  CHECK(full.priority == priority::urgent);
  CHECK(full.present);
  CHECK(full.wait == seconds(5));
  CHECK(request_of<control::broadcast_request>({"broadcast", "Hi", "--wait", "0", "--id", "d"})
            .wait == seconds(0));
  CHECK_FALSE(plain.expires.has_value());
  CHECK(request_of<control::broadcast_request>({"broadcast", "Hi", "--expires", "2h", "--id", "d"})
            .expires == seconds(7200));
  CHECK(request_of<control::message_request>({"message", "p", "Hi", "--expires", "1", "--id", "d"})
            .expires == seconds(1));
  CHECK(refused({"message", "p", "Hi", "--expires", "0", "--id", "d"}) == 2);
  CHECK(request_of<control::message_request>({"message", "p", "Hi", "--id", "d"}).priority ==
        priority::routine);
}

TEST_CASE("a text that is also the name of a command is a text") {
  CHECK(request_of<control::broadcast_request>({"broadcast", "status", "--id", "d"}).text ==
        "status");
  CHECK(request_of<control::message_request>({"message", "p", "patients", "--id", "d"}).text ==
        "patients");
  CHECK(request_of<control::broadcast_request>({"broadcast", "--id", "d", "--", "-h"}).text ==
        "-h");
  CHECK(request_of<control::broadcast_request>({"broadcast", "[a,b]", "--id", "d"}).text ==
        "[a,b]");
}

TEST_CASE("help and version are answered with status 0") {
  CHECK(refused({"--help"}) == 0);
  CHECK(refused({"--version"}) == 0);
  CHECK(refused({"broadcast", "--help"}) == 0);
}

TEST_CASE("wrong usage has status 2") {
  const auto words = GENERATE(values<std::vector<const char*>>({
      {},
      {"status"},
      {"--id", ""},
      {"--id", "a b"},
      {"--id", "d", "frobnicate"},
      {"--id", "d", "--frobnicate"},
      {"--id", "d", "--json"},
      {"--id", "d", "--listen", "nonsense"},
      {"--id", "d", "--listen", "h:99999"},
      {"--id", "d", "--group", "ffdhe1024"},
      {"--id", "d", "--log-level", "loud"},
      {"--id", "d", "--heartbeat", "soon"},
      {"--id", "d", "--heartbeat", "-1"},
      {"--id", "d", "--heartbeat", "2d"},
      {"--id", "d", "--max-queue", "10"},
      {"--id", "d", "--max-connections", "0"},
      {"--id", "d", "--handshake-rate", "0"},
      {"--id", "d", "--handshake-queue", "0"},
      {"--id", "d", "--no-menu", "status"},
      {"--id", "d", "--heartbeat", "10", "status"},
      {"--id", "d", "status", "patients"},
      {"--id", "d", "admit"},
      {"--id", "d", "admit", "a b"},
      {"--id", "d", "admit", "p", "--fingerprint", "123"},
      {"--id", "d", "disconnect"},
      {"--id", "d", "disconnect", "p", "--all"},
      {"--id", "d", "broadcast"},
      {"--id", "d", "broadcast", "two", "words"},
      {"--id", "d", "broadcast", "Hi", "--priority", "high"},
      {"--id", "d", "broadcast", "Hi", "--wait", "2d"},
      {"--id", "d", "invite", "p", "--expires", "never"},
      {"--id", "d", "invite", "p", "--expires", "5s"},
      {"--id", "d", "deliveries", "xyz"},
      {"--id", "d", "deliveries", "abcd"},
  }));
  std::string shown;
  for (const auto* w : words) shown += std::string(w) + " ";
  INFO(shown);
  CHECK(refused(words) == 2);
}

TEST_CASE("the commands that no gateway does are taken, a passphrase never as a word") {
  const auto passwd = parsed({"passwd", "--id", "dr", "--passphrase-fd", "3"});
  CHECK_FALSE(passwd.request.has_value());
  REQUIRE(passwd.local.has_value());
  CHECK_FALSE(std::get<passwd_command>(*passwd.local).remove);
  CHECK(passwd.passphrase.descriptor == 3);
  CHECK(std::get<backup_command>(*parsed({"backup", "f", "--id", "dr"}).local).file == "f");
  CHECK(std::get<restore_command>(*parsed({"restore", "f", "--id", "dr"}).local).file == "f");
  CHECK(refused({"passwd", "--id", "dr", "--remove", "--new-passphrase-fd", "3"}) == 2);
  CHECK(refused({"passwd", "--id", "dr", "--passphrase", "words"}) == 2);
  CHECK(refused({"--id", "dr", "--passphrase-fd", "-1"}) == 2);
  CHECK(refused({"backup", "--id", "dr"}) == 2);
}
