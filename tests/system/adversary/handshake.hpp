#pragma once

#include <functional>

#include "tests/system/adversary/session.hpp"

/// Sections 6 and 7, either end. Every random value is a member that a test may set.
namespace wardline::test::adversary {

/// What is random or of the moment in a request.
struct request_values {
  integer a;
  octets rn_p;
  std::uint64_t ts_p;
};
request_values fresh_request_values(const group& g);

/// A request before it is put together: a test changes what it likes.
struct request_parts {
  std::uint8_t group_id;
  octets doctor_fp;
  std::uint64_t ts_p;
  octets rn_p;
  octets e;
  octets shown_identity;  ///< encoded
  std::optional<octets> invite_secret;
  std::optional<octets> invite_proof;  ///< instead of the one by the secret
  std::optional<octets> signature;     ///< instead of the one by `me`
  std::optional<octets> plain1;        ///< instead of all three
  std::function<octets(const octets& message)> signer;
  std::size_t signature_size;  ///< of what `signer` makes
};

/// The patient's full handshake.
class sign_in {
 public:
  sign_in(const own_identity& me, identity doctor, request_values values);

  octets request(const std::function<void(request_parts&)>& fault = {});
  /// False if it does not open, or the doctor has not signed it.
  bool on_response(const arrived& frame);
  /// Seconds; nothing if it does not open.
  std::optional<std::uint64_t> on_waiting(const arrived& frame) const;
  octets verifier_at(std::uint64_t ts_v) const;

  octets th1, th2, th3, th4, ck1, ck2, ck3, sk;

 private:
  const own_identity& me_;
  identity doctor_;
  request_values values_;
};

octets make_verifier(const octets& sk, const octets& th4, std::uint64_t ts_v);

/// The patient's resumption.
class resumption {
 public:
  explicit resumption(ticket from) : ticket_(std::move(from)) {}

  octets request(std::uint64_t ts_p, const octets& rn_p);
  bool on_response(const arrived& frame);

  octets sk, thr2;

 private:
  ticket ticket_;
  octets rn_p_, thr1_, binder_;
};

/// The doctor's full handshake: what a gateway must do, as far as a patient can tell.
class reception_desk {
 public:
  explicit reception_desk(const own_identity& doctor) : doctor_(doctor) {}

  octets announce(std::uint64_t time) const;

  /// False if it does not open or the signature does not verify.
  bool on_request(const arrived& frame);
  struct response_parts {
    std::uint64_t ts_d;
    octets rn_d;
    octets f;
    std::function<octets(const octets& th3)> signer;
  };
  octets respond(const integer& b, const octets& rn_d, std::uint64_t ts_d,
                 const std::function<void(response_parts&)>& fault = {});
  bool on_verifier(const arrived& frame) const;
  octets waiting_for(std::uint32_t seconds) const;

  identity patient{};
  octets sk;

 private:
  const own_identity& doctor_;
  octets e_, th1_, th2_, th4_, ck1_;
};

}  // namespace wardline::test::adversary
