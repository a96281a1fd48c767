#include "bench/handshake/wardline_sign_in.hpp"

#include <optional>
#include <utility>

#include "bench/handshake/in_step.hpp"
#include "bench/report/report.hpp"

namespace wardline::bench {
namespace {

using namespace protocol;

// As the gateway has them by itself.
constexpr std::size_t remembered_nonces = 65'536;
constexpr unix_ms token_lifetime = 28'800'000;  // 8 h
constexpr std::uint16_t heartbeat_s = 30;

[[noreturn]] void gave_up(std::string_view who, errc cause) {
  throw failure(std::string(who) + " ended the sign-in: " + std::string(wardline::name(cause)));
}

frame as_frame(const bytes& whole) {
  const auto f = decode_frame(whole, handshake_frame_limit);
  if (!f) throw failure("what arrived is no frame: " + f.error().message());
  return *f;
}

known_doctor known(const practice& where, std::optional<resumption_ticket> ticket) {
  known_doctor doctor;
  doctor.identity = where.doctor.public_part();
  doctor.ticket = std::move(ticket);
  return doctor;
}

class wardline_sign_in final : public sign_in {
 public:
  wardline_sign_in(practice& where, wardline_method& method, std::optional<resumption_ticket> by)
      : where_(where),
        method_(method),
        resumed_(by.has_value()),
        patient_(where.patients, known(where, std::move(by))) {}

  void patient_turn() override {
    if (!begun_) {
      begun_ = true;
      return take(patient_.start());
    }
    for (const auto& whole : std::exchange(to_patient_, {})) {
      take(patient_.on_frame(as_frame(whole)));
    }
  }

  void doctor_turn() override {
    if (!doctor_) doctor_.emplace(where_.doctors, where_.directory);
    for (const auto& whole : std::exchange(to_doctor_, {})) {
      take(doctor_->on_frame(as_frame(whole)));
    }
  }

  bool is_over() const override { return at_patient_.has_value(); }

  void check() override {
    using way = authenticated_patient::way;
    if (!at_doctor_ || !at_patient_) throw failure("a sign-in is not established");
    if (at_patient_->resumed != resumed_ ||
        at_doctor_->how != (resumed_ ? way::resumed : way::enrolled)) {
      throw failure("a sign-in was established in another way than was meant");
    }
    method_.tickets.push_back(std::move(at_patient_->ticket));
  }

  void dismiss_doctor() override {
    channel_.reset();
    at_doctor_.reset();
    doctor_.reset();
  }

 private:
  void take(doctor_step step) {
    for (auto& whole : step.send) to_patient_.push_back(std::move(whole));
    if (step.compute) {
      step.compute->run();
      take(doctor_->computed(std::move(step.compute)));
    } else if (step.ask_operator) {
      gave_up("the doctor", errc::refused);  // a stranger, and nobody is there to admit one
    } else if (step.established) {
      at_doctor_ = std::move(step.established);
      begin_session();
    } else if (step.close) {
      gave_up("the doctor", step.close->cause);
    }
  }

  // What the gateway's session manager does for the handshake's sake, but for the disk.
  void begin_session() {
    auto& who = *at_doctor_;
    channel_.emplace(who.sk, side::doctor);
    const auto nonce = where_.doctors.random.make<token_nonce>();
    const auto token = where_.doctors.random.make_secret<32>();
    const auto expires = where_.doctors.time.now() + token_lifetime;
    where_.directory.keep_token(
        to_bytes(token.view()),
        {who.who, derive_resumption_secret(who.sk, nonce), who.scopes, expires, who.chain_began});
    const session_token told{to_bytes(token.view()), nonce, expires, who.scopes, heartbeat_s};
    to_patient_.push_back(channel_->seal(frame_type::session_token, encode_secret(told).view()));
  }

  void take(patient_step step) {
    for (auto& whole : step.send) to_doctor_.push_back(std::move(whole));
    if (step.established) at_patient_ = std::move(step.established);
    if (step.close) gave_up("the patient", step.close->cause);
  }

  practice& where_;
  wardline_method& method_;
  const bool resumed_;
  bool begun_ = false;
  patient_handshake patient_;
  std::optional<doctor_handshake> doctor_;
  std::vector<bytes> to_doctor_;
  std::vector<bytes> to_patient_;
  std::optional<authenticated_patient> at_doctor_;
  std::optional<secure_channel> channel_;
  std::optional<patient_established> at_patient_;
};

crypto::own_identity make_identity(crypto::role role, crypto::group_id group, const char* id,
                                   crypto::random_source& random) {
  return {random.make_secret<32>(), role, group, id};
}

}  // namespace

practice::practice(crypto::group_id group, const clock& time, crypto::random_source& random)
    : doctor(make_identity(crypto::role::doctor, group, "dr-bench", random)),
      patient(make_identity(crypto::role::patient, group, "p1", random)),
      directory(patient.public_part()),
      nonces(remembered_nonces),
      announcements(doctor, time, random),
      doctors{doctor, time, random, nonces, announcements},
      patients{patient, time, random} {}

std::string wardline_method::name() const { return std::string(ours); }

std::unique_ptr<sign_in> wardline_method::begin() {
  if (how_ == way::full) return std::make_unique<wardline_sign_in>(where_, *this, std::nullopt);
  if (tickets.empty()) {
    wardline_method first(where_, way::full);
    sign_in_once(first);
    tickets = std::move(first.tickets);
  }
  auto ticket = std::move(tickets.back());
  tickets.pop_back();
  return std::make_unique<wardline_sign_in>(where_, *this, std::move(ticket));
}

}  // namespace wardline::bench
