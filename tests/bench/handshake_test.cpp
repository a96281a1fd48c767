#include "bench/handshake/handshake.hpp"

#include <set>

#include "bench/handshake/in_step.hpp"
#include "bench/handshake/tls_sign_in.hpp"
#include "bench/handshake/wardline_sign_in.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::bench;

namespace {

// A practice of which a test can say what it likes.
struct our_world {
  system_clock time;
  crypto::system_random random;
  practice where{crypto::group_id::ristretto255, time, random};

  crypto::identity stranger() {
    return crypto::own_identity(random.make_secret<32>(), crypto::role::patient,
                                crypto::group_id::ristretto255, "p1")
        .public_part();
  }
};

struct tls_world {
  certificate doctor = make_certificate(certificate_key::ed25519, "dr-bench");
  certificate patient = make_certificate(certificate_key::ed25519, "p1");
  certificate stranger = make_certificate(certificate_key::ed25519, "p1");
};

tls_method tls(tls_method::way how, tls_end doctor, tls_end patient) {
  return {"TLS", how, "X25519", doctor, patient};
}

// Why a single sign-in fails; empty if it does not.
std::string why_not(sign_in_method& method) {
  try {
    sign_in_once(method);
    return {};
  } catch (const failure& e) {
    return e.what();
  }
}

std::set<std::string> contestants_of(const report& r, const std::string& what) {
  std::set<std::string> out;
  for (const auto& row : r.rows()) {
    if (row.of.what == what) out.insert(row.who);
  }
  return out;
}

}  // namespace

TEST_CASE("the handshake bench has a row for each contestant and way, and a ratio to each peer") {
  settings how;
  how.quick = true;
  how.group = crypto::group_id::ristretto255;
  how.repetitions = 2;
  report out;
  run_handshake(how, out);

  CHECK(contestants_of(out, "full sign-in, doctor's CPU") ==
        std::set<std::string>{"Wardline", "TLS 1.3 Ed25519 + X25519", "TLS 1.3 P-256"});
  CHECK(contestants_of(out, "resumed sign-in, doctor's CPU") ==
        std::set<std::string>{"Wardline", "TLS 1.3 PSK resumption", "TLS 1.3 resumption X25519"});
  CHECK(out.rows().size() == 6);
  CHECK(out.ratios().size() == 4);
  for (const auto& row : out.rows()) {
    CHECK(row.of.table == "handshake");
    CHECK(row.of.group == "ristretto255");
    CHECK(row.of.unit == "µs");
    CHECK(row.samples.size() == 2);
    for (const double sample : row.samples) CHECK(sample > 0);
  }
  for (const auto& remark : out.remarks()) {
    CHECK(remark.find("left out") == std::string::npos);
  }
}

TEST_CASE("sign-ins beside each other are all established, resumed ones by the tickets of others") {
  our_world w;
  wardline_method full(w.where, wardline_method::way::full);
  wardline_method resumed(w.where, wardline_method::way::resumed);
  CHECK_NOTHROW(sign_in_in_step(full, 3));
  CHECK_NOTHROW(sign_in_in_step(resumed, 3));
  CHECK(resumed.tickets.size() == 3);  // each left a new one
  CHECK_NOTHROW(sign_in_in_step(resumed, 3));
  CHECK(resumed.tickets.size() == 3);
}

TEST_CASE("a patient whom the doctor knows by another key is not established") {
  our_world w;
  wardline_method full(w.where, wardline_method::way::full);
  wardline_method resumed(w.where, wardline_method::way::resumed);
  sign_in_once(resumed);
  w.where.directory.enrol_instead(w.stranger());
  CHECK(why_not(full) == "the doctor ended the sign-in: refused");
  CHECK(why_not(resumed) == "the doctor ended the sign-in: token_refused");
}

TEST_CASE("a token that was spent does not bring our patient back") {
  our_world w;
  wardline_method resumed(w.where, wardline_method::way::resumed);
  sign_in_once(resumed);
  REQUIRE(w.where.directory.spend_token(resumed.tickets.at(0).token));
  CHECK(why_not(resumed) == "the doctor ended the sign-in: token_refused");
}

TEST_CASE("TLS sign-ins are established in each way, beside each other too") {
  using way = tls_method::way;
  const tls_world w;
  for (const auto how : {way::full, way::resumed_with_dh, way::resumed_by_psk}) {
    auto method = tls(how, {w.doctor, w.patient}, {w.patient, w.doctor});
    CHECK_NOTHROW(sign_in_in_step(method, 3));
    CHECK_NOTHROW(sign_in_in_step(method, 3));
  }
}

TEST_CASE("a TLS server that trusts another patient's certificate does not complete") {
  const tls_world w;
  auto method = tls(tls_method::way::full, {w.doctor, w.stranger}, {w.patient, w.doctor});
  CHECK(why_not(method).find("the doctor ended the sign-in") != std::string::npos);
}

TEST_CASE("a TLS client that trusts another doctor's certificate does not complete") {
  const tls_world w;
  auto method = tls(tls_method::way::full, {w.doctor, w.patient}, {w.patient, w.stranger});
  CHECK(why_not(method).find("the patient ended the sign-in") != std::string::npos);
}

TEST_CASE("nobody gets a ticket of TLS without a certificate that is trusted") {
  const tls_world w;
  auto method = tls(tls_method::way::resumed_by_psk, {w.doctor, w.stranger}, {w.patient, w.doctor});
  CHECK(why_not(method).find("the doctor ended the sign-in") != std::string::npos);
}
