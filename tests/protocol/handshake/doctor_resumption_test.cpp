// Section 7: what a token is good for.
#include "protocol/handshake/resumption.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

bytes resume_request_of(clinic& c) { return c.new_patient(c.with_ticket()).start().send.at(0); }

doctor_step answer_to(clinic& c, const bytes& request) {
  auto doctor = c.new_doctor();
  return doctor.on_frame(as_frame(request));
}

}  // namespace

TEST_CASE("a wrong binder spends nothing, and counts against the address") {
  clinic c;
  const auto request = resume_request_of(c);
  auto forged = request;
  forged.back() ^= 1;
  const auto step = answer_to(c, forged);
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::token_refused);
  CHECK(step.close->notice.reason == disconnect_reason::token_refused);
  CHECK(step.close->bad_binder);
  CHECK_FALSE(step.close->key);
  CHECK(c.directory.tokens.size() == 1);
  CHECK(c.directory.tokens_spent == 0);
  CHECK_FALSE(answer_to(c, request).close);  // the honest one still gets through
}

TEST_CASE("a token works once, also for a request that is sent again") {
  clinic c;
  const auto request = resume_request_of(c);
  REQUIRE_FALSE(answer_to(c, request).close);
  CHECK(c.directory.tokens.empty());
  CHECK(answer_to(c, request).close->cause == errc::replayed);

  auto again = c.known();
  again.ticket = resumption_ticket{first_token, first_token_secret(), clinic::opening + 1000};
  const auto fresh = c.new_patient(std::move(again)).start().send.at(0);
  const auto step = answer_to(c, fresh);
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::token_refused);
  CHECK_FALSE(step.close->bad_binder);
}

TEST_CASE("a token that somebody else has spent meanwhile is refused") {
  clinic c;
  const auto request = resume_request_of(c);
  class racing final : public doctor_directory {
   public:
    explicit racing(fake_directory& of) : of_(of) {}
    errc admit_full_handshake() override { return of_.admit_full_handshake(); }
    std::optional<crypto::identity> find_enrolled(const std::string& id) override {
      return of_.find_enrolled(id);
    }
    std::vector<open_invite> find_invites(const std::string& id) override {
      return of_.find_invites(id);
    }
    bool is_revoked(const crypto::fingerprint& key) override { return of_.is_revoked(key); }
    bool is_blocked_here(const crypto::fingerprint& key) override {
      return of_.is_blocked_here(key);
    }
    bool is_blocked(const crypto::fingerprint& key) override { return of_.is_blocked(key); }
    std::optional<kept_token> find_token(byte_view token) override { return of_.find_token(token); }
    bool spend_token(byte_view) override { return false; }

   private:
    fake_directory& of_;
  } directory(c.directory);
  doctor_handshake doctor(c.doctors, directory);
  const auto step = doctor.on_frame(as_frame(request));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::token_refused);
  CHECK(step.send.empty());
}

TEST_CASE("a block by address never stops a resumption, and one by the operator does") {
  clinic c;
  const auto request = resume_request_of(c);
  c.directory.blocked_here.insert(c.who.patient.own_fingerprint());
  CHECK_FALSE(answer_to(c, request).close);

  clinic other;
  const auto refused = resume_request_of(other);
  other.directory.blocked.insert(other.who.patient.own_fingerprint());
  const auto step = answer_to(other, refused);
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::token_refused);
  CHECK_FALSE(step.close->bad_binder);
  CHECK(step.close->id == "p1");
  CHECK(step.close->key == other.who.patient.own_fingerprint());
}

TEST_CASE("a token ends at the moment at which it expires") {
  for (const bool is_over : {false, true}) {
    clinic c;
    auto known = c.with_ticket();
    auto& kept = c.directory.tokens.at(first_token);
    kept.expires = clinic::opening + (is_over ? 0 : 1);
    const auto step = answer_to(c, c.new_patient(std::move(known)).start().send.at(0));
    CHECK(step.close.has_value() == is_over);
  }
}

TEST_CASE("a patient enrolled with other keys since has nothing to come back to") {
  clinic c;
  const auto request = resume_request_of(c);
  c.directory.enrolled.insert_or_assign("p1", c.who.imposter.public_part());
  CHECK(answer_to(c, request).close->cause == errc::token_refused);
}

TEST_CASE("a resumption asks for no admission and hands out no computation") {
  clinic c;
  c.directory.admission = errc::busy;
  const auto step = answer_to(c, resume_request_of(c));
  CHECK_FALSE(step.close);
  CHECK_FALSE(step.compute);
  CHECK(c.directory.admissions_asked == 0);
}

TEST_CASE("a resumption is also possible after a hello") {
  clinic c;
  auto doctor = c.new_doctor();
  compute_through(doctor, doctor.on_frame(as_frame(encode_frame(frame_type::hello, {}))));
  CHECK_FALSE(doctor.on_frame(as_frame(resume_request_of(c))).close);
  CHECK(doctor.state_name() == "expect_verifier");
}
