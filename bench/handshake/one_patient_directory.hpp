#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/handshake/doctor_directory.hpp"

namespace wardline::bench {

/// The records of a doctor who has one patient, in memory: what a disk costs is no part of a
/// handshake.
class one_patient_directory final : public protocol::doctor_directory {
 public:
  explicit one_patient_directory(crypto::identity enrolled) : enrolled_(std::move(enrolled)) {}

  void enrol_instead(crypto::identity other) { enrolled_ = std::move(other); }
  void keep_token(bytes token, protocol::kept_token kept) {
    tokens_.insert_or_assign(std::move(token), std::move(kept));
  }

  errc admit_full_handshake() override { return errc::ok; }
  std::optional<crypto::identity> find_enrolled(const std::string& id) override {
    if (id != enrolled_.id) return std::nullopt;
    return enrolled_;
  }
  std::vector<protocol::open_invite> find_invites(const std::string&) override { return {}; }
  bool is_revoked(const crypto::fingerprint&) override { return false; }
  bool is_blocked_here(const crypto::fingerprint&) override { return false; }
  bool is_blocked(const crypto::fingerprint&) override { return false; }

  std::optional<protocol::kept_token> find_token(byte_view token) override {
    const auto found = tokens_.find(to_bytes(token));
    if (found == tokens_.end()) return std::nullopt;
    const auto& kept = found->second;
    return protocol::kept_token{kept.patient, kept.secret.clone(), kept.scopes, kept.expires,
                                kept.chain_began};
  }
  bool spend_token(byte_view token) override { return tokens_.erase(to_bytes(token)) != 0; }

 private:
  crypto::identity enrolled_;
  std::map<bytes, protocol::kept_token> tokens_;
};

}  // namespace wardline::bench
