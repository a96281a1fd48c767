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

class group final : public plain_group {
 public:
  explicit group(byte_view prime) : size_(prime.size()), p_(read(prime)), q_((p_ - 1) / 2) {
    make_key();
  }

  std::string_view name() const override { return "Crypto++"; }

  void make_key() override {
    const Integer x(random_, Integer::One(), q_ - 1);
    const Integer y = a_exp_b_mod_c(g_, x, p_);
    signer_.emplace(p_, q_, g_, x);
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
  std::optional<scheme::Signer> signer_;
  std::optional<scheme::Verifier> verifier_;
};

}  // namespace

std::unique_ptr<plain_group> cryptopp_group(byte_view prime) {
  return std::make_unique<group>(prime);
}

}  // namespace wardline::bench::primitives
