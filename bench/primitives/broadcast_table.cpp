#include "bench/primitives/broadcast_table.hpp"

#include <algorithm>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/plain_cipher.hpp"
#include "common/crypto/random.hpp"
#include "protocol/group/doctor_group.hpp"
#include "protocol/message/content.hpp"

namespace wardline::bench::primitives {
namespace {

constexpr std::size_t body_size = 256;  // bytes

bytes make_content(crypto::random_source& random) {
  return protocol::encode(protocol::content{random.make<protocol::message_id>(), 0, 0,
                                            protocol::content_type::text,
                                            protocol::priority::routine, bytes(body_size, 'x')});
}

// One of the others, with the cipher of its library.
class other_broadcaster {
 public:
  other_broadcaster(plain_signer& signer, cipher_maker cipher, byte_view content, byte_view key)
      : signer_(signer), cipher_(cipher), content_(content), key_(key) {}

  bool seal() {
    signature_ = signer_.sign(content_);
    plaintext_.clear();
    append(plaintext_, content_);
    append(plaintext_, big_endian<2>(signature_.size()));
    append(plaintext_, signature_);
    frame_.resize(plaintext_.size() + crypto::aes256_gcm::tag_size);
    return cipher_.make(key_)->seal(nonce_, aad_, plaintext_, frame_);
  }

  // What it sealed opens to what it signed.
  bool is_right() const {
    bytes opened(plaintext_.size());
    return cipher_.make(key_)->open(nonce_, aad_, frame_, opened) &&
           std::ranges::equal(byte_view(opened).first(content_.size()), content_) &&
           signer_.verify(content_, byte_view(opened).last(signature_.size()));
  }

 private:
  plain_signer& signer_;
  cipher_maker cipher_;
  byte_view content_;
  byte_view key_;
  crypto::aes256_gcm::nonce nonce_{};
  // As long as ours: header, the doctor's short fingerprint, the position.
  byte_array<32> aad_{};
  bytes signature_;
  bytes plaintext_;
  bytes frame_;
};

}  // namespace

void measure_broadcast(const crypto::own_identity& self,
                       const std::vector<std::unique_ptr<plain_signer>>& others,
                       const settings& how, report& out) {
  crypto::system_random random;
  protocol::doctor_group members(self.group_secret(), random);
  static_cast<void>(members.join("patient", random.make_secret<32>()));
  members.open_generation(1, 0);
  const auto slot = members.take_slot();
  const auto content = make_content(random);

  comparison broadcast(
      row_of("broadcast, seal and sign", std::string(self.group().name()), body_size, "B"));
  protocol::sealed_broadcast made;
  broadcast.add(
      std::string(ours),
      [&] {
        made = protocol::seal_broadcast(self, slot, content, random);
        return true;
      },
      [&] {
        const protocol::signed_broadcast sent{slot.position, {}, content, made.signature};
        return protocol::verify_broadcast(self.public_part(), sent).has_value() &&
               made.frame.size() > content.size() + made.signature.size();
      });

  std::vector<std::unique_ptr<other_broadcaster>> broadcasters;
  for (const auto& signer : others) {
    for (const auto& cipher : cipher_makers()) {
      // "OpenSSL Ed25519" signs with the library whose cipher is "OpenSSL".
      if (!signer->name().starts_with(cipher.who)) continue;
      auto* const other = broadcasters
                              .emplace_back(std::make_unique<other_broadcaster>(
                                  *signer, cipher, content, slot.keys.key.view()))
                              .get();
      broadcast.add(
          std::string(signer->name()), [other] { return other->seal(); },
          [other] { return other->is_right(); });
    }
  }
  broadcast.run(how, out);
}

}  // namespace wardline::bench::primitives
