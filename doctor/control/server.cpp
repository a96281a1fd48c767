#include "doctor/control/server.hpp"

#include <vector>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "doctor/audit/names.hpp"
#include "doctor/control/execute.hpp"
#include "doctor/control/reply.hpp"
#include "doctor/gateway.hpp"
#include "doctor/views_json.hpp"

namespace wardline::doctor::control {

namespace asio = boost::asio;

server::server(asio::io_context& io, gateway& at, const std::filesystem::path& directory,
               const server_limits& limits)
    : io_(io),
      at_(at),
      listener_(directory, limits,
                {[this, alive = std::weak_ptr(alive_)](client_id from, auto line) {
                   asio::post(io_, [this, alive, from, line = std::move(line)] {
                     if (!alive.expired()) answer(from, line);
                   });
                 },
                 [this, alive = std::weak_ptr(alive_)](client_id who) {
                   asio::post(io_, [this, alive, who] {
                     if (!alive.expired()) waiting_.erase(who);
                   });
                 }}) {}

void server::stop() {
  listener_.stop();
  std::vector<confirmation*> all;  // each leaves the map as it ends
  for (const auto& [id, c] : waiting_) all.push_back(c.get());
  for (auto* c : all) c->end();
}

void server::answer(client_id to, const std::optional<std::string>& line) {
  try {
    execute(to, understood(line));
  } catch (const failure& why) {
    listener_.reply(to, error_line(why));
  } catch (const std::exception& why) {
    listener_.reply(to,
                    error_line(failure(std::string("the gateway failed to do it: ") + why.what())));
  }
}

request server::understood(const std::optional<std::string>& line) try {
  if (!line) throw failure("the request is longer than 512 KiB");
  return from_line(*line);
} catch (const failure& why) {
  at_.record_refused(audit::event::command_refused, "", why);
  throw;
}

void server::execute(client_id to, const request& what) {
  nlohmann::ordered_json result;
  const auto waits = control::execute(at_, what, result);
  if (!waits) return listener_.reply(to, reply_line(result));
  waiting_[to] = std::make_unique<confirmation>(
      io_, at_, *waits, [this, to, message = waits->message] { confirmed(to, message); });
}

void server::confirmed(client_id to, const protocol::message_id& message) {
  const auto done = waiting_.extract(to);  // lives until this returns: it is what calls
  try {
    listener_.reply(to, reply_line(view::confirmation(at_.delivery(message))));
  } catch (const failure& why) {
    listener_.reply(to, error_line(why));
  }
}

}  // namespace wardline::doctor::control
