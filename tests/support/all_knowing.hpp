#pragma once

#include <optional>
#include <vector>

#include "common/crypto/identity.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/message/ids.hpp"
#include "tests/support/memory_image.hpp"

namespace wardline::test {

/// Knows the seed of one end and all that it has drawn, and so every secret of it.
class all_knowing {
 public:
  all_knowing(const crypto::identity_seed& seed, crypto::role role, crypto::group_id group,
              std::string id, std::vector<bytes> drawn);

  /// The two frames of a full handshake; the second is empty where it did not come.
  struct frames {
    byte_view auth_request;
    byte_view auth_response;
  };

  /// What came of one: the exponent, every shared secret and key, SK and the nonces of signatures.
  /// Throws if the frames are not of this end with `peer`.
  std::vector<known_secret> handshake(const crypto::identity& peer, const frames& f) const;

  /// The last of the two frames as one who has every key but the signer's can make it: it opens,
  /// and its signature does not verify.
  bytes with_bad_signature(const crypto::identity& peer, const frames& f) const;

  /// k of a signature of this end, and what blinds its inversion.
  std::vector<known_secret> nonce(byte_view signature, std::string_view ctx,
                                  byte_view message) const;

  const crypto::own_identity& self() const noexcept { return self_; }

 private:
  struct knowledge;
  knowledge know(const crypto::identity& peer, const frames& f) const;
  crypto::kem_private_key ephemeral(byte_view encoded) const;

  secret<32> seed_;
  crypto::own_identity self_;
  std::vector<bytes> drawn_;
};

/// SK and what follows from it: the keys of both directions, the next ones, and so on.
std::vector<known_secret> secrets_of_session(const protocol::session_key& sk);

/// The chain key of the group and its broadcast key.
std::vector<known_secret> secrets_of_group(const protocol::group_key& key);

void add(std::vector<known_secret>& to, std::vector<known_secret> more);

}  // namespace wardline::test
