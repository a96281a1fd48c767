#include "bench/handshake/contestants.hpp"

#include <utility>

namespace wardline::bench {
namespace {

using way = tls_method::way;

struct peer {
  crypto::group_id beside;
  const char* name;
  certificate_key key;
  const char* group;  ///< as OpenSSL calls it
};

// Beside each group, what TLS has of its kind and strength (128 bits; 112; 128). Nobody has
// certificates for ffdhe4096.
constexpr peer full_peers[] = {
    {crypto::group_id::ristretto255, "TLS 1.3 Ed25519 + X25519", certificate_key::ed25519,
     "X25519"},
    {crypto::group_id::ristretto255, "TLS 1.3 P-256", certificate_key::p256, "P-256"},
    {crypto::group_id::ffdhe2048, "TLS 1.3 RSA-2048 + ffdhe2048", certificate_key::rsa2048,
     "ffdhe2048"},
    {crypto::group_id::ffdhe3072, "TLS 1.3 RSA-3072 + ffdhe3072", certificate_key::rsa3072,
     "ffdhe3072"},
};

subject subject_of(crypto::group_id group, const char* what) {
  return {"handshake", std::string(crypto::name(group)), what, std::nullopt, "", "µs"};
}

}  // namespace

contestants::contestants(crypto::group_id group, report& out) : practice_(group, time_, random_) {
  const auto full = subject_of(group, "full sign-in, doctor's CPU");
  const auto resumed = subject_of(group, "resumed sign-in, doctor's CPU");
  const auto add_ours = [&](const subject& of, wardline_method::way how) {
    all_.push_back({of, std::make_unique<wardline_method>(practice_, how)});
  };
  add_ours(full, wardline_method::way::full);
  for (const auto& p : full_peers) {
    if (p.beside == group) add_tls(full, p.name, way::full, p.key, p.group, out);
  }
  // Ours does no public-key operation then, in whichever group: one kind of TLS is enough.
  add_ours(resumed, wardline_method::way::resumed);
  add_tls(resumed, "TLS 1.3 PSK resumption", way::resumed_by_psk, certificate_key::ed25519,
          "X25519", out);
  add_tls(resumed, "TLS 1.3 resumption X25519", way::resumed_with_dh, certificate_key::ed25519,
          "X25519", out);
}

const contestants::pair& contestants::certified(certificate_key kind) {
  auto found = pairs_.find(kind);
  if (found == pairs_.end()) {
    found =
        pairs_.emplace(kind, pair{make_certificate(kind, "dr-bench"), make_certificate(kind, "p1")})
            .first;
  }
  return found->second;
}

void contestants::add_tls(const subject& of, const std::string& name, way how, certificate_key kind,
                          const std::string& group, report& out) {
  try {
    const auto& [doctor, patient] = certified(kind);
    all_.push_back({of, std::make_unique<tls_method>(name, how, group, tls_end{doctor, patient},
                                                     tls_end{patient, doctor})});
  } catch (const failure& e) {
    out.remark("handshake, " + name + ": " + e.what() + ": left out");
  }
}

}  // namespace wardline::bench
