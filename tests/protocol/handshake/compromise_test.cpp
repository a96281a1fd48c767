// What a thief of long-term keys still cannot do, and what the wire does not say (section 6).
#include <algorithm>

#include "common/crypto/labels.hpp"
#include "protocol/handshake/patient_request.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "tests/protocol/handshake/exchange.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

// Keeps what it draws.
class kept_random final : public crypto::random_source {
 public:
  void fill(byte_span out) override {
    random_.fill(out);
    drawn.push_back(to_bytes(out));
  }
  std::vector<bytes> drawn;

 private:
  crypto::system_random random_;
};

class once_more final : public crypto::random_source {
 public:
  explicit once_more(const bytes& piece) : piece_(piece) {}
  void fill(byte_span out) override { std::copy_n(piece_.begin(), out.size(), out.begin()); }

 private:
  const bytes& piece_;
};

// The ephemeral exponent of this element, from what was drawn.
crypto::kem_private_key exponent_of(byte_view element, const kept_random& random,
                                    const crypto::suite& group) {
  for (const auto& piece : random.drawn) {
    if (piece.size() != 48) continue;  // group 4
    once_more again(piece);
    auto x = group.make_ephemeral(again);
    if (std::ranges::equal(group.public_key(x).encoded, element)) return x;
  }
  throw std::logic_error("nobody has drawn it");
}

bool contains(const bytes& whole, byte_view part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

// A recorded exchange, and the thief who has both seeds.
struct recorded {
  explicit recorded(const people& p)
      : who(p),
        announcements(who.doctor, time, random),
        doctors{who.doctor, time, random, nonces, announcements},
        patients{who.patient, time, random} {
    directory.enrolled.emplace(who.patient.public_part().id, who.patient.public_part());
    known_doctor doctor;
    doctor.identity = who.doctor.public_part();
    patient_handshake patient(patients, std::move(doctor));
    doctor_handshake gateway(doctors, directory);
    request = patient.start().send.at(0);
    response = compute_through(gateway, gateway.on_frame(as_frame(request))).send.at(0);
    verifier = patient.on_frame(as_frame(response)).send.at(0);
    REQUIRE(gateway.on_frame(as_frame(verifier)).established.has_value());
  }

  const crypto::suite& group() const { return who.doctor.group(); }
  auth_request asked() const {
    return read_auth_request(as_frame(request).body(), group(),
                             crypto::shorten(who.doctor.own_fingerprint()))
        .value();
  }
  auth_response answered() const {
    return read_auth_response(as_frame(response).body(), group()).value();
  }

  // What opens under k2 of this chain of shared secrets, after the request has been opened.
  bool opens(const std::vector<const crypto::shared_secret*>& chain) const {
    const auto e = asked();
    const auto f = answered();
    transcript th(who.doctor.encoded());
    const auto size = group().element_size();
    th.add_fields(as_frame(request).header(),
                  as_frame(request).body().first(auth_request::fields_size(size)));
    const auto ck1 = first_chaining_key(who.doctor.dh(e.e).value());
    const auto plain1 = open_once(derive_request_key(ck1, th.value()), th.value(), e.sealed1);
    REQUIRE(plain1.has_value());  // with the doctor's seed: who it was, but not what was said
    th.add_plaintext(plain1->view());
    th.add_fields(as_frame(response).header(),
                  as_frame(response).body().first(auth_response::fields_size(size)));
    auto ck = ck1.clone();
    for (const auto* next : chain) ck = next_chaining_key(ck, *next);
    return open_once(derive_response_key(ck, th.value()), th.value(), f.sealed2).has_value();
  }

  const people& who;
  manual_clock time{clinic::opening};
  kept_random random;
  nonce_cache nonces{100};
  announcer announcements;
  fake_directory directory;
  doctor_context doctors;
  patient_context patients;
  bytes request, response, verifier;
};

}  // namespace

TEST_CASE("who gets both seeds later cannot open what a handshake has agreed on") {
  const recorded r(people_of(crypto::group_id::ristretto255));
  const auto& who = r.who;
  const auto e = r.asked().e;
  const auto f = r.answered().f;

  // With an ephemeral exponent it opens: the thief goes about it in the right way.
  const auto a = exponent_of(e, r.random, r.group());
  const auto ephemeral = r.group().dh(a, f).value();
  const auto with_patient = who.patient.dh(f).value();
  CHECK(r.opens({&ephemeral, &with_patient}));

  // All that two seeds and the record give, in every order and number.
  const auto d_e = who.doctor.dh(e).value();
  const auto d_f = who.doctor.dh(f).value();
  const auto p_e = who.patient.dh(e).value();
  const auto both = who.doctor.dh(who.patient.public_part().y_kem.encoded).value();
  const std::vector<const crypto::shared_secret*> all{&d_e, &d_f, &p_e, &with_patient, &both};
  CHECK_FALSE(r.opens({}));
  for (const auto* first : all) {
    CHECK_FALSE(r.opens({first}));
    for (const auto* second : all) {
      CHECK_FALSE(r.opens({first, second}));
      for (const auto* third : all) CHECK_FALSE(r.opens({first, second, third}));
    }
  }
}

TEST_CASE("two exchanges of the same two agree on different keys") {
  const auto& who = people_of(crypto::group_id::ristretto255);
  const recorded first(who);
  const recorded second(who);
  const auto a = exponent_of(first.asked().e, first.random, first.group());
  const auto with_patient = who.patient.dh(first.answered().f).value();
  const auto crossed = first.group().dh(a, second.answered().f).value();
  CHECK_FALSE(first.opens({&crossed, &with_patient}));
  CHECK_FALSE(second.opens({&crossed, &with_patient}));
}

TEST_CASE("who has the doctor's seed cannot sign in as a patient") {
  clinic c;
  const auto& who = c.who;
  // What the gateway does with a request of the thief's in which the victim's identity is sealed,
  // signed by `signer`: with the doctor's seed the thief derives k1 of any request.
  const auto sign_in_by = [&](const crypto::own_identity& signer) {
    const patient_context thief{who.imposter, c.time, c.random};
    auto whole =
        patient_side::make_auth_request(thief, who.doctor.public_part(), std::nullopt)->frame;
    const auto size = auth_request::fields_size(who.doctor.group().element_size());
    const auto asked = read_auth_request(as_frame(whole).body(), who.doctor.group(),
                                         crypto::shorten(who.doctor.own_fingerprint()))
                           .value();
    transcript th(who.doctor.encoded());
    th.add_fields(as_frame(whole).header(), as_frame(whole).body().first(size));
    const auto ck1 = first_chaining_key(who.doctor.dh(asked.e).value());

    bytes plain = who.patient.encoded();
    plain.push_back(0);
    const auto signature =
        signer.sign(crypto::label::patient_auth, {th.value().view(), plain}, c.random);
    append(plain, big_endian<2>(signature.size()));
    append(plain, signature);
    const auto sealed = seal_once(derive_request_key(ck1, th.value()), th.value(), plain);
    REQUIRE(sealed.size() == asked.sealed1.size());
    std::copy(sealed.begin(), sealed.end(),
              whole.end() - static_cast<std::ptrdiff_t>(sealed.size()));
    auto gateway = c.new_doctor();
    return compute_through(gateway, gateway.on_frame(as_frame(whole)));
  };
  for (const auto* signer : {&who.doctor, &who.imposter}) {
    const auto step = sign_in_by(*signer);
    REQUIRE(step.close.has_value());
    CHECK(step.close->cause == errc::invalid_signature);
  }
  // The victim could: nothing else was wrong.
  CHECK_FALSE(sign_in_by(who.patient).close.has_value());
}

TEST_CASE("no frame of a sign-in says who the patient is") {
  const auto& way = GENERATE_REF(from_range(all_paths()));
  CAPTURE(way.name);
  clinic c;
  const exchange x(c, way);
  for (const auto* who : {&c.who.patient, &c.who.imposter}) {
    const auto& identity = who->public_part();
    for (const auto* frames : {&x.from_patient, &x.from_doctor}) {
      for (const auto& whole : *frames) {
        // Role, group, length and id: two letters alone are anywhere.
        CHECK_FALSE(contains(whole, byte_view(who->encoded()).first(3 + identity.id.size())));
        CHECK_FALSE(contains(whole, identity.y_sig.encoded));
        CHECK_FALSE(contains(whole, identity.y_kem.encoded));
        CHECK_FALSE(contains(whole, byte_view(who->own_fingerprint().value).first(8)));
      }
    }
  }
  // The doctor's, in the open, is found where it is announced.
  const bool announced = std::any_of(x.from_doctor.begin(), x.from_doctor.end(), [&](auto& whole) {
    return contains(whole, c.who.doctor.encoded());
  });
  CHECK(announced == std::any_of(x.from_doctor.begin(), x.from_doctor.end(), [&](auto& whole) {
          return as_frame(whole).type == frame_type::identity;
        }));
}
