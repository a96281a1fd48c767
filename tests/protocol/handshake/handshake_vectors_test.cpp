// The sections "handshake" and "resumption" of the vectors, made by the machines themselves.
#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/protocol/handshake/vector_people.hpp"
#include "tests/support/scripted_random.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

const bytes no_rnd32(32, 0);

bytes view(byte_view v) { return to_bytes(v); }

bytes body_of(const bytes& frame) { return {frame.begin() + header_size, frame.end()}; }

// The ends of the vectors, with the randomness that they drew.
struct vector_ends {
  explicit vector_ends(const group_vectors& g)
      : group(g),
        doctor(own_identity_of(g, "doctor")),
        patient(own_identity_of(g, "patient")),
        doctor_random{hex(g["handshake"]["auth_response"]["rn_d"]),
                      draw_of(g, g["handshake"]["auth_response"]["b"]), no_rnd32},
        patient_random{hex(g["handshake"]["auth_request"]["rn_p"]),
                       draw_of(g, g["handshake"]["auth_request"]["a"]), no_rnd32},
        announcements(doctor, time, announcement_random),
        doctors{doctor, time, doctor_random, nonces, announcements},
        patients{patient, time, patient_random} {}

  bytes frame_bytes(const char* name) const { return hex(group["handshake"][name]["frame"]); }
  void at(const char* name, const char* field) {
    time.set(group["handshake"][name][field].get<unix_ms>());
  }

  const group_vectors& group;
  crypto::own_identity doctor, patient;
  manual_clock time;
  zero_random announcement_random;
  scripted_random doctor_random, patient_random;
  nonce_cache nonces{100};
  announcer announcements;
  fake_directory directory;
  doctor_context doctors;
  patient_context patients;
};

}  // namespace

TEST_CASE("the machines make the frames of the handshake vectors to the byte") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["handshake"];
    vector_ends ends(group);
    ends.directory.enrolled.emplace("patient-2", ends.patient.public_part());

    known_doctor known;
    known.pinned = ends.doctor.own_fingerprint();
    patient_handshake patient(ends.patients, std::move(known));
    doctor_handshake doctor(ends.doctors, ends.directory);

    auto asked = patient.start();
    REQUIRE(asked.send.size() == 1);
    CHECK(asked.send[0] == ends.frame_bytes("hello"));

    ends.at("identity", "time");
    auto announced = compute_through(doctor, doctor.on_frame(as_frame(asked.send[0])));
    REQUIRE(announced.send.size() == 1);
    CHECK(announced.send[0] == ends.frame_bytes("identity"));

    ends.at("auth_request", "ts_p");
    auto requested = patient.on_frame(as_frame(announced.send[0]));
    REQUIRE(requested.send.size() == 1);
    CHECK(requested.send[0] == ends.frame_bytes("auth_request"));
    REQUIRE(requested.doctor_pinned);
    CHECK(*requested.doctor_pinned == ends.doctor.public_part());

    ends.at("auth_response", "ts_d");
    auto answered = compute_through(doctor, doctor.on_frame(as_frame(requested.send[0])));
    REQUIRE(answered.send.size() == 1);
    CHECK(answered.send[0] == ends.frame_bytes("auth_response"));

    ends.at("verifier", "ts_v");
    auto verified = patient.on_frame(as_frame(answered.send[0]));
    REQUIRE(verified.send.size() == 1);
    CHECK(verified.send[0] == ends.frame_bytes("verifier"));

    auto done = doctor.on_frame(as_frame(verified.send[0]));
    REQUIRE(done.established);
    CHECK(view(done.established->sk.view()) == hex(v["SK"]));
    CHECK(done.established->who == ends.patient.public_part());
    CHECK(done.established->how == authenticated_patient::way::enrolled);
    CHECK(done.established->chain_began == v["verifier"]["ts_v"].get<unix_ms>());

    // The first frame of the session gives the patient the ticket of the section "resumption".
    const auto& first = group["session"]["frames"][0];
    auto up = patient.on_frame(as_frame(hex(first.at("frame"))));
    REQUIRE(up.established);
    CHECK(view(up.established->sk.view()) == hex(v["SK"]));
    CHECK(up.established->ticket.token == hex(group["resumption"]["token"]));
    CHECK(view(up.established->ticket.secret.view()) == hex(group["resumption"]["RS"]));
    CHECK(up.established->doctor_key == ends.doctor.own_fingerprint());
    CHECK_FALSE(up.established->resumed);
  }
}

TEST_CASE("the key schedule has every intermediate value of the handshake vectors") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["handshake"];
    const auto& suite = crypto::suite_of(group.id);
    const auto doctor = own_identity_of(group, "doctor");
    const auto patient = own_identity_of(group, "patient");

    transcript th(doctor.encoded());
    CHECK(view(th.value().view()) == hex(v["th0"]));

    const auto request = hex(v["auth_request"]["frame"]);
    const auto request_body = body_of(request);
    const auto request_fields =
        byte_view(request_body).first(auth_request::fields_size(suite.element_size()));
    th.add_fields(byte_view(request).first(header_size), request_fields);
    CHECK(view(th.value().view()) == hex(v["th1"]));
    const auto th1 = th.value();

    const auto ck1 = first_chaining_key(*doctor.dh(hex(v["auth_request"]["E"])));
    CHECK(view(ck1.view()) == hex(v["ck1"]));
    const auto k1 = derive_request_key(ck1, th1);
    CHECK(view(k1.view()) == hex(v["k1"]));
    const auto sealed1 = byte_view(request_body).subspan(request_fields.size() + 2);
    CHECK(view(open_once(k1, th1, sealed1)->view()) == hex(v["auth_request"]["plain1"]));
    CHECK(seal_once(k1, th1, hex(v["auth_request"]["plain1"])) == view(sealed1));

    th.add_plaintext(hex(v["auth_request"]["plain1"]));
    CHECK(view(th.value().view()) == hex(v["th2"]));
    CHECK(view(derive_waiting_key(ck1, th.value()).view()) == hex(v["waiting"]["key"]));

    const auto response = hex(v["auth_response"]["frame"]);
    const auto response_body = body_of(response);
    th.add_fields(byte_view(response).first(header_size),
                  byte_view(response_body).first(auth_response::fields_size(suite.element_size())));
    CHECK(view(th.value().view()) == hex(v["th3"]));
    const auto th3 = th.value();

    const auto f = hex(v["auth_response"]["F"]);
    const crypto::kem_private_key a{secret_bytes(hex(v["auth_request"]["a"]))};
    const auto ck2 = next_chaining_key(ck1, *suite.dh(a, f));
    CHECK(view(ck2.view()) == hex(v["ck2"]));
    const auto ck3 = next_chaining_key(ck2, *patient.dh(f));
    CHECK(view(ck3.view()) == hex(v["ck3"]));
    CHECK(view(derive_response_key(ck3, th3).view()) == hex(v["k2"]));

    th.add_plaintext(hex(v["auth_response"]["plain2"]));
    CHECK(view(th.value().view()) == hex(v["th4"]));
    CHECK(view(derive_session_key(ck3, th.value()).view()) == hex(v["SK"]));

    const auto& invited = v["invited"];
    const auto th1_invited = fixed_from<crypto::digest>(invited["th1"]);
    CHECK(view(invite_proof(secret_from<16>(invited["secret"]), th1_invited, patient.encoded())
                   .view()) == hex(invited["invite_proof"]));
  }
}

TEST_CASE(
    "a stranger is sent the waiting frame of the vectors, and the same answer once admitted") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    vector_ends ends(group);
    known_doctor known;
    known.identity = ends.doctor.public_part();
    patient_handshake patient(ends.patients, std::move(known));
    doctor_handshake doctor(ends.doctors, ends.directory);

    ends.at("auth_request", "ts_p");
    const auto requested = patient.start();
    auto asked = compute_through(doctor, doctor.on_frame(as_frame(requested.send.at(0))));
    REQUIRE(asked.send.size() == 1);
    CHECK(asked.send[0] == ends.frame_bytes("waiting"));
    REQUIRE(asked.ask_operator);
    CHECK(asked.ask_operator->key == ends.patient.own_fingerprint());
    CHECK_FALSE(asked.ask_operator->conflict);

    auto told = patient.on_frame(as_frame(asked.send[0]));
    REQUIRE(told.waiting);
    CHECK(told.waiting->count() == group["handshake"]["waiting"]["seconds"].get<int>());

    ends.at("auth_response", "ts_d");
    auto answered = compute_through(doctor, doctor.admit());
    REQUIRE(answered.send.size() == 1);
    CHECK(answered.send[0] == ends.frame_bytes("auth_response"));

    ends.at("verifier", "ts_v");
    auto verified = patient.on_frame(as_frame(answered.send[0]));
    REQUIRE(verified.send.size() == 1);
    auto done = doctor.on_frame(as_frame(verified.send[0]));
    REQUIRE(done.established);
    CHECK(done.established->how == authenticated_patient::way::admitted);
    CHECK(view(done.established->sk.view()) == hex(group["handshake"]["SK"]));
  }
}

TEST_CASE("an invited patient makes the frame of the vectors, and its invite is recognised") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& invited = group["handshake"]["invited"];
    vector_ends ends(group);
    ends.directory.invites["patient-2"].push_back({secret_from<16>(invited["secret"]), UINT64_MAX});

    known_doctor known;
    known.identity = ends.doctor.public_part();
    known.invite = secret_from<16>(invited["secret"]);
    patient_handshake patient(ends.patients, std::move(known));
    doctor_handshake doctor(ends.doctors, ends.directory);

    ends.at("auth_request", "ts_p");
    const auto requested = patient.start();
    REQUIRE(requested.send.size() == 1);
    CHECK(requested.send[0] == hex(invited["frame"]));
    auto answered = compute_through(doctor, doctor.on_frame(as_frame(requested.send[0])));
    auto verified = patient.on_frame(as_frame(answered.send.at(0)));
    auto done = doctor.on_frame(as_frame(verified.send.at(0)));
    REQUIRE(done.established);
    CHECK(done.established->how == authenticated_patient::way::invited);
    REQUIRE(done.established->invite);
    CHECK(view(done.established->invite->view()) == hex(invited["secret"]));
  }
}

TEST_CASE("the machines make the frames of the resumption vectors to the byte") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["resumption"];
    const auto doctor_self = own_identity_of(group, "doctor");
    const auto patient_self = own_identity_of(group, "patient");
    manual_clock time(v["ts_p"].get<unix_ms>());
    scripted_random doctor_random{hex(v["rn_d"])};
    scripted_random patient_random{hex(v["rn_p"])};
    nonce_cache nonces(100);
    announcer announcements(doctor_self, time, doctor_random);
    const doctor_context doctors{doctor_self, time, doctor_random, nonces, announcements};
    const patient_context patients{patient_self, time, patient_random};

    const auto token = hex(v["token"]);
    constexpr unix_ms chain_began = 1'789'999'000'000;
    fake_directory directory;
    directory.enrolled.emplace("patient-2", patient_self.public_part());
    directory.tokens.emplace(token, kept_token{patient_self.public_part(), secret_from<32>(v["RS"]),
                                               scope::send_vitals, UINT64_MAX, chain_began});
    known_doctor known;
    known.identity = doctor_self.public_part();
    known.ticket = resumption_ticket{token, secret_from<32>(v["RS"]), UINT64_MAX};
    patient_handshake patient(patients, std::move(known));
    doctor_handshake doctor(doctors, directory);

    const auto requested = patient.start();
    REQUIRE(requested.send.size() == 1);
    CHECK(requested.send[0] == hex(v["request"]));

    time.set(v["ts_d"].get<unix_ms>());
    const auto answered = doctor.on_frame(as_frame(requested.send[0]));
    REQUIRE(answered.send.size() == 1);
    CHECK(answered.send[0] == hex(v["response"]));
    CHECK(directory.tokens.empty());
    CHECK(directory.admissions_asked == 0);  // "ahead of all of it"

    time.set(v["ts_v"].get<unix_ms>());
    const auto verified = patient.on_frame(as_frame(answered.send[0]));
    REQUIRE(verified.send.size() == 1);
    CHECK(verified.send[0] == hex(v["verifier"]));

    auto done = doctor.on_frame(as_frame(verified.send[0]));
    REQUIRE(done.established);
    CHECK(view(done.established->sk.view()) == hex(v["SK"]));
    CHECK(done.established->how == authenticated_patient::way::resumed);
    CHECK(done.established->scopes == scope::send_vitals);
    CHECK(done.established->chain_began == chain_began);

    auto up = patient.on_frame(as_frame(hex(v["session_token_frame"])));
    REQUIRE(up.established);
    CHECK(up.established->resumed);
    CHECK(view(up.established->sk.view()) == hex(v["SK"]));
    CHECK(encode(up.established->token) == hex(v["session_token_plaintext"]));
  }
}

TEST_CASE("the formulas of resumption have every intermediate value of the vectors") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& v = group["resumption"];
    const auto rs = secret_from<32>(v["RS"]);
    const auto request = hex(v["request"]);
    const auto request_fields = byte_view(request).subspan(header_size);
    const auto thr1 = resume_request_hash(byte_view(request).first(header_size),
                                          request_fields.first(request_fields.size() - 32));
    CHECK(view(thr1.view()) == hex(v["thr1"]));
    const auto binder = compute_binder(rs, thr1);
    CHECK(view(binder.view()) == hex(v["binder"]));

    const auto response = hex(v["response"]);
    const auto response_fields = byte_view(response).subspan(header_size);
    const auto thr2 = resume_response_hash(thr1, binder, byte_view(response).first(header_size),
                                           response_fields.first(response_fields.size() - 32));
    CHECK(view(thr2.view()) == hex(v["thr2"]));
    CHECK(view(compute_resume_mac(rs, thr2).view()) == hex(v["mac"]));
    CHECK(view(derive_resumed_session_key(rs, fixed_from<handshake_nonce>(v["rn_p"]),
                                          fixed_from<handshake_nonce>(v["rn_d"]), thr2)
                   .view()) == hex(v["SK"]));
  }
}
