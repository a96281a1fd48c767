#include <optional>

#include <cryptopp/gfpcrypt.h>
#include <cryptopp/nbtheory.h>
#include <cryptopp/osrng.h>
#include <cryptopp/sha.h>

#include "bench/primitives/plain_group.hpp"

namespace wardline::bench::primitives {
namespace {

using CryptoPP::Integer;
using scheme = CryptoPP::GDSA<CryptoPP::SHA256>;

Integer read(byte_view x) { return {x.data(), x.size()}; }

class group : public plain_group {
 public:
  explicit group(byte_view prime) : size_(prime.size()), p_(read(prime)), q_((p_ - 1) / 2) {
    make_key();
  }

  std::string_view name() const override { return "Crypto++"; }

  void make_key() override {
    const Integer x(random_, Integer::One(), q_ - 1);
    const Integer y = a_exp_b_mod_c(g_, x, p_);
    signer_.emplace(p_, q_, g_, x);
    y_ = y;
    verifier_.emplace(p_, q_, g_, y);
  }

  bytes sign(byte_view message) override {
    bytes out(signer_->SignatureLength());
    signer_->SignMessage(random_, message.data(), message.size(), out.data());
    return out;
  }

  bool verify(byte_view message, byte_view signature) override {
    return verifier_->VerifyMessage(message.data(), message.size(), signature.data(),
                                    signature.size());
  }

  bytes power_of_generator(byte_view x) override { return write(a_exp_b_mod_c(g_, read(x), p_)); }

  bytes power(byte_view base, byte_view x) override {
    return write(a_exp_b_mod_c(read(base), read(x), p_));
  }

  bool in_subgroup(byte_view y) override {
    const Integer value = read(y);
    return value > 1 && value < p_ - 1 && CryptoPP::Jacobi(value, p_) == 1;
  }

 protected:
  // r = (g^(h/s) · y^(r/s) mod p) mod q
  bool verify_by_two_powers(byte_view message, byte_view signature) const {
    if (signature.size() != 2 * q_.ByteCount()) return false;
    const Integer r = read(signature.first(q_.ByteCount()));
    const Integer s = read(signature.last(q_.ByteCount()));
    if (r < 1 || r >= q_ || s < 1 || s >= q_) return false;
    byte_array<CryptoPP::SHA256::DIGESTSIZE> digest;
    CryptoPP::SHA256().CalculateDigest(digest.data(), message.data(), message.size());
    const Integer w = s.InverseMod(q_);
    const Integer of_g = a_exp_b_mod_c(g_, a_times_b_mod_c(read(digest), w, q_), p_);
    const Integer of_y = a_exp_b_mod_c(y_, a_times_b_mod_c(r, w, q_), p_);
    return a_times_b_mod_c(of_g, of_y, p_) % q_ == r;
  }

 private:
  bytes write(const Integer& x) const {
    bytes out(size_);
    x.Encode(out.data(), out.size());
    return out;
  }

  CryptoPP::AutoSeededRandomPool random_;
  std::size_t size_;
  Integer p_;
  Integer q_;
  Integer g_ = Integer::Two();
  Integer y_;
  std::optional<scheme::Signer> signer_;
  std::optional<scheme::Verifier> verifier_;
};

class plain_verifier final : public group {
 public:
  using group::group;
  std::string_view name() const override { return "Crypto++, two exponentiations"; }
  bool verify(byte_view message, byte_view signature) override {
    return verify_by_two_powers(message, signature);
  }
};

}  // namespace

std::unique_ptr<plain_signer> cryptopp_by_two_exponentiations(byte_view prime) {
  return std::make_unique<plain_verifier>(prime);
}

std::unique_ptr<plain_group> cryptopp_group(byte_view prime) {
  return std::make_unique<group>(prime);
}

}  // namespace wardline::bench::primitives
