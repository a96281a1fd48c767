#include "doctor/control/server.hpp"

#include <fstream>
#include <future>
#include <optional>
#include <sys/stat.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "doctor/control/client.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using namespace wardline::doctor::control;
using test::contains;
using test::running_gateway;
using test::temporary_directory;
using test::thrown_by;
namespace asio = boost::asio;
using json = nlohmann::ordered_json;

namespace {

json ask_gateway(const running_gateway& g, const request& r) {
  json out;
  REQUIRE(ask(g.directory(), r, out));
  return out;
}

/// A client that says what it likes.
class raw_client {
 public:
  explicit raw_client(const std::filesystem::path& directory) : path_(directory), socket_(io_) {
    socket_.connect(path_.endpoint());
  }
  void say(const std::string& text) {
    boost::system::error_code gone;  // the server may hang up in the middle of it
    asio::write(socket_, asio::buffer(text), gone);
  }
  std::string all_that_comes() {
    std::string out;
    boost::system::error_code end;
    asio::read(socket_, asio::dynamic_buffer(out), end);
    return out;
  }
  void half_close() { socket_.shutdown(local::socket::shutdown_send); }

 private:
  asio::io_context io_;
  socket_path path_;
  local::socket socket_;
};

/// Has `action` run, where the gateway runs, after the next broadcast has gone out.
void after_broadcast(running_gateway& g,
                     std::function<void(gateway&, const protocol::message_id&)> action) {
  g.at([&](gateway& at) {
    at.events().subscribe([&g, &at, action = std::move(action)](const event& e) {
      if (const auto* sent = std::get_if<broadcast_sent>(&e))
        asio::post(g.io(), [&at, action, id = sent->message] { action(at, id); });
    });
  });
}

}  // namespace

TEST_CASE("a command is answered by the running gateway") {
  const running_gateway g({"p1", "p2"});
  const auto status = ask_gateway(g, status_request{});
  CHECK(status.at("id") == "dr");
  CHECK(status.at("group") == "ristretto255");
  CHECK(status.at("enrolled") == 2);
  const auto patients = ask_gateway(g, patients_request{});
  REQUIRE(patients.size() == 2);
  CHECK(patients[0].at("id") == "p1");
  CHECK(patients[0].at("connected") == false);
  CHECK(patients[0].at("fingerprint").get<std::string>().size() == 71);

  CHECK(ask_gateway(g, block_request{"p1"}).at("result") == "blocked");
  CHECK(ask_gateway(g, patients_request{})[0].at("blocked") == true);
  CHECK(ask_gateway(g, unblock_request{"p1"}).at("result") == "unblocked");
  CHECK(ask_gateway(g, revoke_request{"p1"}).at("result") == "revoked");
  CHECK(ask_gateway(g, patients_request{}).size() == 1);
}

TEST_CASE("invites are made, listed and withdrawn") {
  const running_gateway g;
  const auto invite = ask_gateway(g, invite_request{"p", seconds(60), "h.example"});
  CHECK(contains(invite.at("invite").get<std::string>(), "wardline1:"));
  CHECK(ask_gateway(g, invites_request{})[0].at("expires") == invite.at("expires"));
  ask_gateway(g, withdraw_request{"p"});
  CHECK(ask_gateway(g, invites_request{}).empty());
}

TEST_CASE("what the gateway cannot do is told with its words") {
  const running_gateway g;
  json ignored;
  const auto why = thrown_by<failure>([&] { ask(g.directory(), admit_request{"p"}, ignored); });
  CHECK(contains(why.what(), "nobody waits"));
  CHECK_FALSE(why.hint().empty());
}

TEST_CASE("the socket is the user's alone and goes with the server") {
  running_gateway g;
  const auto file = g.directory() / "control.sock";
  struct stat about {};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777U) == 0600);
  g.at([&](gateway&) { g.server().stop(); });
  CHECK_FALSE(std::filesystem::exists(file));
  json ignored;
  CHECK_FALSE(ask(g.directory(), status_request{}, ignored));
}

TEST_CASE("a socket that a dead gateway left is replaced, another file is not") {
  const temporary_directory at;
  const auto file = at.path() / "control.sock";
  asio::io_context io;
  const socket_path path(at.path());
  { const auto left = listen(io, path); }
  REQUIRE(std::filesystem::exists(file));
  json ignored;
  CHECK_FALSE(ask(at.path(), status_request{}, ignored));
  CHECK_NOTHROW(listen(io, path));

  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  CHECK(contains(thrown_by<failure>([&] { listen(io, path); }).what(), "is in the way"));
}

TEST_CASE("a data directory with a path too long for a socket works as well") {
  const temporary_directory at;
  const auto deep = at.path() / std::string(120, 'x');
  std::filesystem::create_directory(deep);
  asio::io_context io;
  const socket_path path(deep);
  auto acceptor = listen(io, path);
  CHECK(std::filesystem::exists(deep / "control.sock"));
  local::socket socket(io);
  CHECK_NOTHROW(socket.connect(path.endpoint()));
  auto peer = acceptor.accept();
  CHECK(is_same_user(peer));
}

TEST_CASE("a line that is no request is answered with what is wrong with it") {
  const running_gateway g;
  for (const auto& [line, error] : std::vector<std::pair<std::string, std::string>>{
           {"nonsense\n", "not a flat JSON object"},
           {"{\"command\":\"reboot\"}\n", "unknown command"},
           {std::string(max_request + 2, 'x'), "longer than 512 KiB"}}) {
    raw_client c(g.directory());
    c.say(line);
    const auto answer = json::parse(c.all_that_comes());
    CHECK(answer.at("ok") == false);
    CHECK(contains(answer.at("error").get<std::string>(), error));
    std::ifstream mirror(g.directory() / "audit.jsonl");
    std::string record;
    for (std::string next; std::getline(mirror, next);) record = next;
    CHECK(json::parse(record).at("event") == "command_refused");
    CHECK(contains(json::parse(record).at("reason").get<std::string>(), error));
  }
}

TEST_CASE("a client that has nothing more to say is still answered") {
  const running_gateway g;
  raw_client c(g.directory());
  c.say("{\"command\":\"status\"}\n");
  c.half_close();
  CHECK(json::parse(c.all_that_comes()).at("ok") == true);
}

TEST_CASE("a request that is never finished is given up") {
  const running_gateway g({}, {32, milliseconds(50), milliseconds(50)});
  raw_client c(g.directory());
  c.say("{\"command\":");
  CHECK(c.all_that_comes().empty());
}

TEST_CASE("more clients than there is room for are told so") {
  const running_gateway g({}, {1, milliseconds(600'000), milliseconds(600'000)});
  raw_client first(g.directory());
  json ignored;
  const auto why = thrown_by<failure>([&] { ask(g.directory(), status_request{}, ignored); });
  CHECK(contains(why.what(), "too many commands"));
}

TEST_CASE("the socket is served while the gateway has its hands full") {
  running_gateway g({}, {1, milliseconds(600'000), milliseconds(600'000)});
  std::promise<void> is_busy;
  std::promise<void> is_over;
  asio::post(g.io(), [&] {
    is_busy.set_value();
    is_over.get_future().wait();
  });
  is_busy.get_future().wait();
  raw_client first(g.directory());
  first.say("{\"command\":\"status\"}\n");
  const auto why = thrown_by<failure>([&] {
    json ignored;
    ask(g.directory(), status_request{}, ignored);
  });
  CHECK(contains(why.what(), "too many commands"));
  is_over.set_value();
  CHECK(json::parse(first.all_that_comes()).at("ok") == true);
}

TEST_CASE("a broadcast to nobody is confirmed at once") {
  const running_gateway g;
  broadcast_request r{"Hi"};
  r.wait = seconds(600);
  const auto out = ask_gateway(g, r);
  CHECK(out.at("recipients") == 0);
  CHECK(out.at("missing").empty());
}

TEST_CASE("a broadcast that is not waited for says how many it goes to") {
  const running_gateway g({"p1", "p2"});
  const auto out = ask_gateway(g, broadcast_request{"Hi"});
  CHECK(out.at("recipients") == 2);
  CHECK_FALSE(out.contains("missing"));
  CHECK(ask_gateway(g, deliveries_request{})[0].at("message_id") == out.at("message_id"));
}

TEST_CASE("a message is found by all of its id or by its beginning") {
  const running_gateway g({"p1"});
  const auto id = ask_gateway(g, broadcast_request{"Hi"}).at("message_id").get<std::string>();
  CHECK(ask_gateway(g, deliveries_request{id}).at("message_id") == id);
  CHECK(ask_gateway(g, deliveries_request{id.substr(0, 8)}).at("text") == "Hi");
  auto other = id;
  other[0] = other[0] == '0' ? '1' : '0';
  json ignored;
  CHECK_THROWS_AS(ask(g.directory(), deliveries_request{other}, ignored), failure);
  CHECK_THROWS_AS(ask(g.directory(), deliveries_request{other.substr(0, 8)}, ignored), failure);
}

TEST_CASE("who has not decrypted a broadcast when time is up is missing") {
  const running_gateway g({"p1", "p2"});
  broadcast_request r{"Hi"};
  r.wait = seconds(0);
  CHECK(ask_gateway(g, r).at("missing") == json::array({"p1", "p2"}));
}

TEST_CASE("the wait for a broadcast ends with the last receipt") {
  running_gateway g({"p1", "p2"});
  after_broadcast(g, [](gateway& at, const protocol::message_id& id) {
    at.events().publish(delivery_changed{id, "p1", delivery_state::decrypted, 0});
    at.events().publish(delivery_changed{id, "p2", delivery_state::acknowledged, 0});
  });
  broadcast_request r{"Hi"};
  r.wait = longest_wait;
  // That it is answered is the claim; what it says comes from the records, which know no receipt.
  CHECK(ask_gateway(g, r).at("recipients") == 2);
}

TEST_CASE("a server that stops answers who waits with how far it is") {
  running_gateway g({"p1"});
  after_broadcast(g, [&g](gateway&, const protocol::message_id&) { g.server().stop(); });
  broadcast_request r{"Hi"};
  r.wait = longest_wait;
  CHECK(ask_gateway(g, r).at("missing") == json::array({"p1"}));
}

TEST_CASE("a client that hangs up while it waits makes room") {
  running_gateway g({"p1"}, {1, milliseconds(600'000), milliseconds(600'000)});
  std::promise<void> waits;
  after_broadcast(g, [&waits](gateway&, const protocol::message_id&) { waits.set_value(); });
  {
    raw_client c(g.directory());
    c.say("{\"command\":\"broadcast\",\"text\":\"Hi\",\"wait_s\":600}\n");
    waits.get_future().wait();
  }
  // The hang-up reaches the server when it does; until then it says that it is full.
  std::optional<json> status;
  while (!status) {
    json out;
    try {
      if (ask(g.directory(), status_request{}, out)) status = out;
    } catch (const failure& why) {
      REQUIRE(contains(why.what(), "too many commands"));
    }
  }
  CHECK(status->at("id") == "dr");
}
