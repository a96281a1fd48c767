#include "bench/handshake/certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr long began_s = -3'600;
constexpr long ends_s = 86'400;
constexpr long x509_v3 = 2;  // counted from 0

EVP_PKEY* make_key(certificate_key kind) {
  switch (kind) {
    case certificate_key::ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case certificate_key::p256:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    case certificate_key::rsa2048:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    case certificate_key::rsa3072:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{3072});
  }
  return nullptr;
}

}  // namespace

void openssl_deleter::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }
void openssl_deleter::operator()(x509_st* certificate) const noexcept { X509_free(certificate); }

void openssl_failed(const std::string& what) {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  throw failure("OpenSSL: " + what + (reason == nullptr ? "" : std::string(": ") + reason));
}

certificate make_certificate(certificate_key kind, const std::string& common_name) {
  certificate made;
  made.key.reset(make_key(kind));
  if (!made.key) openssl_failed("no key could be made");
  made.shown.reset(X509_new());
  X509* const x = made.shown.get();
  X509_NAME* const name = x == nullptr ? nullptr : X509_get_subject_name(x);
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  // Ed25519 hashes for itself.
  const EVP_MD* const hash = kind == certificate_key::ed25519 ? nullptr : EVP_sha256();
  const bool ok = name != nullptr && X509_set_version(x, x509_v3) == 1 &&
                  ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
                  X509_gmtime_adj(X509_getm_notBefore(x), began_s) != nullptr &&
                  X509_gmtime_adj(X509_getm_notAfter(x), ends_s) != nullptr &&
                  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
                  X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, made.key.get()) == 1 &&
                  X509_sign(x, made.key.get(), hash) > 0;
  if (!ok) openssl_failed("no certificate could be made");
  return made;
}

}  // namespace wardline::bench
