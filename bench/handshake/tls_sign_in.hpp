#pragma once

#include <memory>
#include <string>

#include "bench/handshake/certificates.hpp"
#include "bench/handshake/sign_in.hpp"

namespace wardline::bench {

/// One end of TLS: whom it is and whose certificate it trusts.
struct tls_end {
  const certificate& own;
  const certificate& trusted;
};

struct tls_sessions;

/// TLS 1.3 of OpenSSL with mutual authentication between two ends in memory: the doctor is the
/// server. Each trusts the very certificate of the other, so that no chain costs a signature.
///
/// Counted for the doctor: SSL_new, its SSL_do_handshake calls and SSL_free. The server gives one
/// ticket for each sign-in, as our doctor gives one token, and it is counted as ours is: a sign-in
/// that cannot be resumed would be another thing. The cipher is TLS_AES_256_GCM_SHA384; everything
/// else is OpenSSL's default: a ticket holds the session under the server's own key.
class tls_method final : public sign_in_method {
 public:
  enum class way {
    full,
    resumed_with_dh,  ///< by ticket, psk_dhe_ke: a fresh key exchange each time; the usual
    resumed_by_psk,   ///< by ticket, psk_ke: no public-key operation, as in our resumption
  };

  /// `group` as OpenSSL calls it: "X25519", "P-256", "ffdhe2048". Throws `failure`.
  tls_method(std::string name, way how, const std::string& group, tls_end doctor, tls_end patient);
  ~tls_method() override;

  std::string name() const override { return name_; }
  /// A resumed one uses the ticket of the one before; the very first is preceded by a full one.
  std::unique_ptr<sign_in> begin() override;

 private:
  std::string name_;
  way how_;
  std::unique_ptr<tls_sessions> sessions_;
};

}  // namespace wardline::bench
