#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace wardline::bench {

enum class certificate_key { ed25519, p256, rsa2048, rsa3072 };

struct openssl_deleter {
  void operator()(evp_pkey_st* key) const noexcept;
  void operator()(x509_st* certificate) const noexcept;
};

/// A self-signed certificate with its key; valid from an hour ago until a day from now.
struct certificate {
  std::unique_ptr<evp_pkey_st, openssl_deleter> key;
  std::unique_ptr<x509_st, openssl_deleter> shown;
};

/// Made in memory. Throws `failure`.
certificate make_certificate(certificate_key kind, const std::string& common_name);

/// Throws `failure` with `what` and the reason that OpenSSL gives, and forgets OpenSSL's errors.
[[noreturn]] void openssl_failed(const std::string& what);

}  // namespace wardline::bench
