#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "protocol/handshake/doctor_directory.hpp"

namespace wardline::test {

/// The doctor's records in memory, which count what a handshake does to them.
class fake_directory final : public protocol::doctor_directory {
 public:
  errc admission = errc::ok;
  std::map<std::string, crypto::identity> enrolled;
  std::map<std::string, std::vector<protocol::open_invite>> invites;
  std::set<crypto::fingerprint> revoked;
  std::set<crypto::fingerprint> blocked_here;
  std::set<crypto::fingerprint> blocked;  // by the operator
  std::map<bytes, protocol::kept_token> tokens;

  int admissions_asked = 0;
  int tokens_spent = 0;

  errc admit_full_handshake() override {
    ++admissions_asked;
    return admission;
  }

  std::optional<crypto::identity> find_enrolled(const std::string& id) override {
    const auto found = enrolled.find(id);
    if (found == enrolled.end()) return std::nullopt;
    return found->second;
  }

  std::vector<protocol::open_invite> find_invites(const std::string& id) override {
    std::vector<protocol::open_invite> found;
    for (const auto& invite : invites[id]) found.push_back({invite.secret.clone(), invite.expires});
    return found;
  }

  bool is_revoked(const crypto::fingerprint& key) override { return revoked.count(key) != 0; }
  bool is_blocked_here(const crypto::fingerprint& key) override {
    return is_blocked(key) || blocked_here.count(key) != 0;
  }
  bool is_blocked(const crypto::fingerprint& key) override { return blocked.count(key) != 0; }

  std::optional<protocol::kept_token> find_token(byte_view token) override {
    const auto found = tokens.find(to_bytes(token));
    if (found == tokens.end()) return std::nullopt;
    const auto& kept = found->second;
    return protocol::kept_token{kept.patient, kept.secret.clone(), kept.scopes, kept.expires,
                                kept.chain_began};
  }

  bool spend_token(byte_view token) override {
    ++tokens_spent;
    return tokens.erase(to_bytes(token)) != 0;
  }
};

}  // namespace wardline::test
