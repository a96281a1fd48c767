#pragma once

#include "doctor/admission.hpp"
#include "doctor/crypto_pool.hpp"
#include "doctor/records/records.hpp"
#include "protocol/handshake/doctor_directory.hpp"

namespace wardline::doctor {

/// What one connection's handshake may ask: the records, seen from its source address.
class sign_in_view final : public protocol::doctor_directory {
 public:
  sign_in_view(records& kept, admission& gate, const crypto_pool& pool, const clock& time,
               std::string source)
      : records_(kept), admission_(gate), pool_(pool), time_(time), source_(std::move(source)) {}

  errc admit_full_handshake() override {
    return pool_.has_room() ? admission_.full_handshake(source_) : errc::busy;
  }

  std::optional<crypto::identity> find_enrolled(const std::string& id) override {
    auto found = records_.patients.find(id);
    if (!found) return std::nullopt;
    return std::move(found->who);
  }

  std::vector<protocol::open_invite> find_invites(const std::string& id) override {
    std::vector<protocol::open_invite> out;
    if (auto found = records_.invites.find(id)) out.push_back(std::move(*found));
    return out;
  }

  bool is_revoked(const crypto::fingerprint& key) override {
    return records_.patients.is_revoked(key);
  }
  bool is_blocked_here(const crypto::fingerprint& key) override {
    return records_.blocks.is_blocked(key) ||
           records_.blocks.is_blocked_at(key, source_, time_.now());
  }
  bool is_blocked(const crypto::fingerprint& key) override {
    return records_.blocks.is_blocked(key);
  }

  std::optional<protocol::kept_token> find_token(byte_view token) override {
    return records_.tokens.find(token);
  }
  bool spend_token(byte_view token) override { return records_.tokens.spend(token); }

  const std::string& source() const noexcept { return source_; }

 private:
  records& records_;
  admission& admission_;
  const crypto_pool& pool_;
  const clock& time_;
  std::string source_;
};

}  // namespace wardline::doctor
