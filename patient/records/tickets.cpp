#include "patient/records/tickets.hpp"

#include "protocol/constants.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::patient {
namespace {

// How a ticket is kept: u64 expires | opaque token<512> | opaque secret[32]
struct kept_ticket {
  unix_ms expires;
  bytes token;
  protocol::resumption_secret secret;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u64(m.expires);
    c.template opaque<protocol::max_token>(m.token);
    c.fixed(m.secret);
  }
};

}  // namespace

tickets::tickets(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db), column_(store_key, "tickets", "ticket", random) {}

void tickets::keep(const std::string& doctor, const protocol::resumption_ticket& ticket) {
  const auto plain =
      protocol::encode_secret(kept_ticket{ticket.expires, ticket.token, ticket.secret.clone()});
  db_.prepare("INSERT OR REPLACE INTO tickets (doctor, ticket) VALUES (?, ?)")
      .bind(doctor, column_.seal(as_bytes(doctor), plain.view()))
      .run();
}

std::optional<protocol::resumption_ticket> tickets::take(const std::string& doctor) {
  const auto sealed = db_.prepare("SELECT ticket FROM tickets WHERE doctor = ?")
                          .bind(doctor)
                          .first([](const store::row& r) { return r.get<bytes>(0); });
  if (!sealed) return std::nullopt;
  db_.prepare("DELETE FROM tickets WHERE doctor = ?").bind(doctor).run();
  // A damaged ticket costs a full handshake and nothing else.
  const auto plain = column_.open(as_bytes(doctor), *sealed);
  if (!plain) return std::nullopt;
  auto kept = protocol::decode<kept_ticket>(plain->view());
  if (!kept) return std::nullopt;
  return protocol::resumption_ticket{std::move(kept->token), std::move(kept->secret),
                                     kept->expires};
}

}  // namespace wardline::patient
