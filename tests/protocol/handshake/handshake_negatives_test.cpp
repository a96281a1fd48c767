// Every negative case of the vectors that takes place in a handshake or a resumption, driven
// through the machines. The counts are asserted, so that none is skipped unseen.
#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/protocol/handshake/vector_people.hpp"
#include "tests/support/scripted_random.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;
using nlohmann::json;

namespace {

// The randomness of one end; what a failing handshake leaves undrawn is of no interest.
class drawn_before final : public crypto::random_source {
 public:
  explicit drawn_before(bytes script) : script_(std::move(script)) {}
  void fill(byte_span out) override {
    for (auto& b : out) b = at_ < script_.size() ? script_[at_++] : byte{0};
  }

 private:
  bytes script_;
  std::size_t at_ = 0;
};

bytes joined(std::initializer_list<bytes> parts) {
  bytes all;
  for (const auto& part : parts) append(all, part);
  return all;
}

// What the case says of the doctor under this name; nothing if it does not say.
const json& part_of(const json& input, const char* name) {
  static const json nothing;
  const auto found = input.find(name);
  return found == input.end() ? nothing : *found;
}

fake_directory directory_from(const json& input) {
  fake_directory directory;
  for (const auto& [id, who] : part_of(input, "enrolled").items()) {
    directory.enrolled.emplace(id, identity_from(who));
  }
  for (const auto& [id, invites] : part_of(input, "invites").items()) {
    for (const auto& invite : invites) {
      directory.invites[id].push_back({secret_from<16>(invite[0]), invite[1].get<unix_ms>()});
    }
  }
  for (const auto& [key, until] : part_of(input, "blocked").items()) {
    if (input.at("now").get<unix_ms>() < until.get<unix_ms>()) {
      directory.blocked.insert(fixed_from<crypto::fingerprint>(json(key)));
    }
  }
  for (const auto& key : part_of(input, "revoked")) {
    directory.revoked.insert(fixed_from<crypto::fingerprint>(key));
  }
  return directory;
}

struct doctor_of_vectors {
  doctor_of_vectors(const group_vectors& group, const json& input, bytes script)
      : self(own_identity_of(group, "doctor")),
        time(input.at("now").get<unix_ms>()),
        random(std::move(script)),
        announcements(self, time, random),
        context{self, time, random, nonces, announcements},
        directory(directory_from(input)),
        machine(context, directory) {
    for (const auto& [nonce, until] : part_of(input, "nonces").items()) {
      nonces.insert(fixed_from<handshake_nonce>(json(nonce)), 0, until.get<unix_ms>());
    }
    const auto patient = own_identity_of(group, "patient");
    for (const auto& [token, kept] : part_of(input, "tokens").items()) {
      REQUIRE(fixed_from<crypto::fingerprint>(kept.at("patient")) == patient.own_fingerprint());
      directory.tokens.emplace(
          hex(json(token)),
          kept_token{patient.public_part(), secret_from<32>(kept.at("RS")),
                     kept.at("scopes").get<scopes>(), kept.at("expires").get<unix_ms>(), 0});
    }
  }

  // As the gateway does it: the frame layer, then the machine.
  std::optional<errc> receive(const bytes& whole) {
    const auto f = decode_frame(whole, handshake_frame_limit);
    if (!f) return to_errc(f.error());
    last = compute_through(machine, machine.on_frame(*f));
    if (last.close) return last.close->cause;
    return std::nullopt;
  }

  crypto::own_identity self;
  manual_clock time;
  drawn_before random;
  nonce_cache nonces{100};
  announcer announcements;
  doctor_context context;
  fake_directory directory;
  doctor_handshake machine;
  doctor_step last;
};

bytes doctor_script(const group_vectors& group) {
  const auto& v = group["handshake"]["auth_response"];
  return joined({hex(v["rn_d"]), draw_of(group, v["b"])});
}

bytes patient_script(const group_vectors& group) {
  const auto& v = group["handshake"]["auth_request"];
  return joined({hex(v["rn_p"]), draw_of(group, v["a"])});
}

struct patient_of_vectors {
  patient_of_vectors(const group_vectors& group, unix_ms now, bytes script, known_doctor doctor)
      : self(own_identity_of(group, "patient")),
        time(now),
        random(std::move(script)),
        context{self, time, random},
        machine(context, std::move(doctor)),
        first(machine.start()) {}

  std::optional<errc> receive(const bytes& whole) {
    const auto f = decode_frame(whole, handshake_frame_limit);
    if (!f) return to_errc(f.error());
    last = machine.on_frame(*f);
    if (last.close) return last.close->cause;
    return std::nullopt;
  }

  crypto::own_identity self;
  manual_clock time;
  drawn_before random;
  patient_context context;
  patient_handshake machine;
  patient_step first;
  patient_step last;
};

patient_of_vectors patient_after_request(const group_vectors& group) {
  known_doctor doctor;
  doctor.identity = identity_from(group["identities"]["doctor"]["identity"]);
  return {group, group["handshake"]["auth_request"]["ts_p"].get<unix_ms>(), patient_script(group),
          std::move(doctor)};
}

template <class Run>
void check_all(const char* operation, std::size_t in_3072, std::size_t in_ristretto, Run run) {
  std::size_t seen_3072 = 0;
  std::size_t seen_ristretto = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* one : group.negative(operation)) {
      INFO(group.name << ": " << one->at("name").get<std::string>());
      const auto ended = run(group, one->at("input"));
      REQUIRE(ended);
      CHECK(name(*ended) == name(expected_error(*one)));
      seen_3072 += group.id == crypto::group_id::ffdhe3072;
      seen_ristretto += group.id == crypto::group_id::ristretto255;
    }
  }
  CHECK(seen_3072 == in_3072);
  CHECK(seen_ristretto == in_ristretto);
}

}  // namespace

TEST_CASE("the doctor ends every negative auth_request of the vectors with the error named") {
  check_all("doctor_auth_request", 42, 36, [](const group_vectors& group, const json& input) {
    doctor_of_vectors doctor(group, input, doctor_script(group));
    const auto ended = doctor.receive(hex(input.at("frame")));
    CHECK_FALSE(doctor.last.established);
    CHECK(doctor.last.send.empty());
    CHECK(doctor.directory.tokens_spent == 0);
    return ended;
  });
}

TEST_CASE("the doctor ends every negative verifier of the vectors with the error named") {
  check_all("doctor_verifier", 7, 7, [](const group_vectors& group, const json& input) {
    json scene = input;
    scene["enrolled"] = {{"patient-2", group["identities"]["patient"]["identity"]}};
    doctor_of_vectors doctor(group, scene, doctor_script(group));
    doctor.time.set(group["handshake"]["auth_response"]["ts_d"].get<unix_ms>());
    REQUIRE_FALSE(doctor.receive(hex(group["handshake"]["auth_request"]["frame"])));
    REQUIRE(doctor.last.send.at(0) == hex(group["handshake"]["auth_response"]["frame"]));
    doctor.time.set(input.at("now").get<unix_ms>());
    const auto ended = doctor.receive(hex(input.at("frame")));
    CHECK_FALSE(doctor.last.established);
    return ended;
  });
}

TEST_CASE("the patient ends every negative auth_response of the vectors with the error named") {
  check_all("patient_auth_response", 11, 10, [](const group_vectors& group, const json& input) {
    auto patient = patient_after_request(group);
    REQUIRE(patient.first.send.at(0) == hex(group["handshake"]["auth_request"]["frame"]));
    patient.time.set(input.at("now").get<unix_ms>());
    return patient.receive(hex(input.at("frame")));
  });
}

TEST_CASE("the patient ends every negative identity of the vectors with the error named") {
  check_all("patient_identity", 4, 4, [](const group_vectors& group, const json& input) {
    known_doctor doctor;
    doctor.pinned = fixed_from<crypto::fingerprint>(input.at("pinned_fingerprint"));
    patient_of_vectors patient(group, group["handshake"]["identity"]["time"].get<unix_ms>(),
                               patient_script(group), std::move(doctor));
    const auto ended = patient.receive(hex(input.at("frame")));
    CHECK_FALSE(patient.last.doctor_pinned);
    CHECK_FALSE(patient.last.ask_person);
    return ended;
  });
}

TEST_CASE("the patient ends every negative waiting of the vectors with the error named") {
  check_all("patient_waiting", 1, 1, [](const group_vectors& group, const json& input) {
    auto patient = patient_after_request(group);
    return patient.receive(hex(input.at("frame")));
  });
}

TEST_CASE("the doctor ends every negative resume_request of the vectors with the error named") {
  check_all("doctor_resume_request", 12, 12, [](const group_vectors& group, const json& input) {
    doctor_of_vectors doctor(group, input, hex(group["resumption"]["rn_d"]));
    const auto ended = doctor.receive(hex(input.at("frame")));
    CHECK(doctor.last.send.empty());
    return ended;
  });
}

TEST_CASE("the patient ends every negative resume_response of the vectors with the error named") {
  check_all("patient_resume_response", 4, 4, [](const group_vectors& group, const json& input) {
    const auto& v = group["resumption"];
    known_doctor doctor;
    doctor.identity = identity_from(group["identities"]["doctor"]["identity"]);
    doctor.ticket = resumption_ticket{hex(v["token"]), secret_from<32>(v["RS"]), UINT64_MAX};
    patient_of_vectors patient(group, v["ts_p"].get<unix_ms>(), hex(v["rn_p"]), std::move(doctor));
    REQUIRE(patient.first.send.at(0) == hex(v["request"]));
    patient.time.set(input.at("now").get<unix_ms>());
    return patient.receive(hex(input.at("frame")));
  });
}
