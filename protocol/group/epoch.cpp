#include "protocol/group/epoch.hpp"

#include <algorithm>

#include "common/crypto/labels.hpp"

namespace wardline::protocol {

group_chain_key first_chain_key(byte_view salt,
                                const std::map<std::string, secret<32>>& contributions,
                                const secret<32>& group_secret) {
  // std::map orders its strings as byte strings, which is the order that section 9 wants.
  secret_bytes joined(32 * contributions.size());
  auto to = joined.writable().begin();
  for (const auto& [id, contribution] : contributions) {
    const auto from = contribution.view();
    to = std::copy(from.begin(), from.end(), to);
  }
  return crypto::extract(salt, {joined.view(), group_secret.view()});
}

group_chain_key next_chain_key(const group_chain_key& gk) {
  return crypto::expand<32>(gk.view(), crypto::label::group_ratchet);
}

broadcast_keys derive_broadcast_keys(const group_chain_key& gk) {
  broadcast_keys out{crypto::expand<32>(gk.view(), crypto::label::group_key), {}};
  crypto::expand(gk.view(), crypto::label::group_iv, {}, out.iv);
  return out;
}

}  // namespace wardline::protocol
