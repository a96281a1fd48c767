#pragma once

#include <initializer_list>
#include <map>
#include <string>

#include "common/crypto/aead.hpp"
#include "common/crypto/kdf.hpp"

/// Section 9: how the group's keys follow from each other.
namespace wardline::protocol {

using group_chain_key = secret<32>;  ///< GK_j

/// GK_0 = Extract(salt, c_1 || ... || c_m || group secret), the contributions ordered by id (as
/// byte strings).
group_chain_key first_chain_key(byte_view salt,
                                const std::map<std::string, secret<32>>& contributions,
                                const secret<32>& group_secret);

/// GK_(j+1) = Expand(GK_j, "group ratchet", 32).
group_chain_key next_chain_key(const group_chain_key& gk);

/// gkey and giv of one ratchet step.
struct broadcast_keys {
  secret<32> key;
  crypto::aes256_gcm::nonce iv;
};
broadcast_keys derive_broadcast_keys(const group_chain_key& gk);

}  // namespace wardline::protocol
