// Sections 6 and 7, both machines against each other: whatever the line does, whoever is signed in
// at both ends has the same key, and a token lets its patient in once.
#include <algorithm>

#include "protocol/session/session_keys.hpp"
#include "tests/protocol/handshake/exchange.hpp"
#include "tests/protocol/properties/any_message.hpp"

namespace wardline::test {
namespace {

using namespace protocol;

bool is_same(const session_key& a, const session_key& b) {
  return std::equal(a.view().begin(), a.view().end(), b.view().begin());
}

/// What the doctor keeps of the token that `e` has issued (section 7), one for the patient.
void keep_token(clinic& c, const exchange& e) {
  const auto& who = *e.doctor_established;
  c.directory.tokens.clear();
  c.directory.tokens.emplace(
      e.issued.token, kept_token{who.who, derive_resumption_secret(who.sk, e.issued.token_nonce),
                                 who.scopes, e.issued.expires, who.chain_began});
}

known_doctor by(clinic& c, const resumption_ticket& ticket) {
  auto doctor = c.known();
  doctor.ticket = resumption_ticket{ticket.token, ticket.secret.clone(), ticket.expires};
  return doctor;
}

void append_all(std::vector<bytes>& to, const std::vector<bytes>& frames) {
  to.insert(to.end(), frames.begin(), frames.end());
}

/// Something done to one frame, or nothing.
std::optional<tampering> any_tampering() {
  if (*rc::gen::inRange(0, 3).as("tampering") != 0) return std::nullopt;
  const auto from = any<bool>() ? side::doctor : side::patient;
  const auto index = *rc::gen::inRange<std::size_t>(0, 3).as("frame");
  const auto at = any<std::uint16_t>();
  const auto change = *rc::gen::inRange<int>(1, 256).as("change");
  return tampering{from, index, [=](const bytes& honest) {
                     auto out = honest;
                     out[at % out.size()] ^= static_cast<byte>(change);
                     return out;
                   }};
}

}  // namespace

TEST_CASE("over any chain of resumptions both ends agree, and each token lets in once") {
  property(
      [] {
        clinic c(crypto::group_id::ristretto255, any<byte>());
        std::vector<session_key> keys;
        std::vector<resumption_ticket> tickets;  // all that the patient ever had, the newest last
        const auto agree = [&](const exchange& e) {
          RC_ASSERT(is_same(e.doctor_established->sk, e.patient_established->sk));
          for (const auto& old : keys) RC_ASSERT(!is_same(old, e.doctor_established->sk));
          keys.push_back(e.doctor_established->sk.clone());
          RC_ASSERT(e.doctor_established->who == c.who.patient.public_part());
          keep_token(c, e);
          const auto& t = e.patient_established->ticket;
          tickets.push_back({t.token, t.secret.clone(), t.expires});
        };
        {
          const exchange first(c, path_named("enrolled"));
          agree(first);
        }
        const auto began = c.directory.tokens.begin()->second.chain_began;
        bool is_spent = false;  // the newest token
        const auto steps = *rc::gen::inRange(0, 8).as("steps");
        for (int i = 0; i < steps; ++i) {
          const bool newest = any<bool>();
          const auto which = *rc::gen::inRange<std::size_t>(0, tickets.size()).as("ticket");
          const auto& ticket = newest ? tickets.back() : tickets[which];
          const bool is_the_newest = ticket.token == tickets.back().token;
          auto t = any_tampering();
          const bool is_honest = !t;
          const bool is_request_honest = is_honest || t->from == side::doctor || t->index != 0;
          const auto tokens_before = c.directory.tokens.size();
          const exchange e(c, by(c, ticket), std::move(t));
          if (e.patient_established) RC_ASSERT(e.doctor_established.has_value());
          if (is_honest) {
            RC_ASSERT(e.patient_established.has_value() == (is_the_newest && !is_spent));
          }
          if (!is_the_newest || is_spent) {
            RC_ASSERT(!e.doctor_established.has_value());
            RC_ASSERT(c.directory.tokens.size() == tokens_before);  // and it spends nothing
          }
          if (is_the_newest && !is_spent && is_request_honest) {
            RC_ASSERT(c.directory.tokens.empty());  // whatever came of it
          }
          if (e.doctor_established && e.patient_established) {
            agree(e);
            is_spent = false;
            RC_ASSERT(e.patient_established->resumed);
            RC_ASSERT(c.directory.tokens.begin()->second.chain_began == began);
          } else if (e.doctor_established) {
            // The token did not reach the patient: the doctor has a new one, the patient the old.
            keep_token(c, e);
            is_spent = true;
          } else if (c.directory.tokens.empty()) {
            is_spent = true;
          }
        }
      },
      60);
}

TEST_CASE(
    "whatever the line does to a sign-in, both ends are signed in with one key, or not both") {
  property(
      [] {
        clinic c(crypto::group_id::ristretto255, any<byte>());
        const auto& way =
            all_paths()[*rc::gen::inRange<std::size_t>(0, all_paths().size()).as("path")];
        const auto from = any<bool>() ? side::doctor : side::patient;
        const auto index = *rc::gen::inRange<std::size_t>(0, 3).as("frame");
        bool is_changed = false;
        const exchange e(c, way, tampering{from, index, [&](const bytes& honest) {
                                             auto other = damaged(honest);
                                             is_changed = other != honest;
                                             return other;
                                           }});
        if (e.patient_established) RC_ASSERT(e.doctor_established.has_value());
        if (e.patient_established) {
          RC_ASSERT(is_same(e.doctor_established->sk, e.patient_established->sk));
          RC_ASSERT(e.doctor_established->who == c.who.patient.public_part());
          RC_ASSERT(e.patient_established->doctor == c.who.doctor.public_part());
          RC_ASSERT(!is_changed);
        }
      },
      150);
}

TEST_CASE("no frame of a sign-in shows who the patient is") {
  property(
      [] {
        clinic c(crypto::group_id::ristretto255, any<byte>());
        crypto::identity_seed seed = any_secret<32>();
        // Long enough not to come about by chance.
        const crypto::own_identity self(
            seed, crypto::role::patient, crypto::group_id::ristretto255, "patient-" + [] {
              auto id = *any_id();
              return id.substr(0, 50);
            }());
        const auto& who = self.public_part();
        if (any<bool>()) c.directory.enrolled.emplace(who.id, who);

        const patient_context context{self, c.time, c.random};
        patient_handshake patient(context, any<bool>() ? c.known() : c.known_by_fingerprint());
        auto doctor = c.new_doctor();
        std::vector<bytes> seen;
        auto to_doctor = patient.start().send;
        bool is_established = false;
        while (!to_doctor.empty()) {
          std::vector<bytes> to_patient;
          for (const auto& whole : std::exchange(to_doctor, {})) {
            seen.push_back(whole);
            auto step = compute_through(doctor, doctor.on_frame(as_frame(whole)));
            append_all(to_patient, step.send);
            if (step.ask_operator) {
              append_all(to_patient, compute_through(doctor, doctor.admit()).send);
            }
            is_established = is_established || step.established.has_value();
          }
          for (const auto& whole : to_patient) {
            seen.push_back(whole);
            append_all(to_doctor, patient.on_frame(as_frame(whole)).send);
          }
        }
        RC_ASSERT(is_established);
        const auto key = crypto::fingerprint_of(who);
        for (const byte_view secret : {as_bytes(who.id), byte_view(who.y_sig.encoded),
                                       byte_view(who.y_kem.encoded), byte_view(key.view())}) {
          for (const auto& whole : seen) {
            RC_ASSERT(std::search(whole.begin(), whole.end(), secret.begin(), secret.end()) ==
                      whole.end());
          }
        }
      },
      50);
}

}  // namespace wardline::test
