#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "protocol/message/content.hpp"

namespace wardline::bench {

/// Every message of a soak, what has become of it at both ends, and whether that is what must.
class account {
 public:
  /// By the names of the patients.
  explicit account(std::vector<std::string> patients);

  /// The operator's command has answered: it is for all.
  void accepted(const std::string& message);
  /// A simulated patient has it, perhaps again: one that went before the gateway had its receipt is
  /// sent it once more, and keeps no records by which to drop it.
  void decrypted(std::size_t who, const protocol::message_id& message);

  /// A patient writes, or writes again what has no receipt.
  void written(std::size_t who, const protocol::content& what);
  void receipted(std::size_t who, const protocol::message_id& message);
  /// What a patient has written and knows nothing of.
  std::vector<protocol::content> unreceipted(std::size_t who) const;

  /// A line of the gateway's, from any thread.
  void shown(const std::string& line);

  struct counts {
    std::uint64_t broadcasts = 0, delivered = 0, again = 0, receipts = 0;
    std::uint64_t written = 0, kept = 0, receipted = 0;
    std::uint64_t sign_ins = 0;
  };
  counts now() const;

  /// Every broadcast is where it must be, every message of a patient's is receipted, and the
  /// gateway has shown both.
  bool is_settled() const;

  /// What is wrong, a sentence each. The gateway must be down: `directory` is its own.
  std::vector<std::string> find_wrong(const std::filesystem::path& directory) const;

 private:
  using delivery = std::pair<std::string, std::string>;  // patient, message

  void check_outbox(const std::filesystem::path& directory, std::vector<std::string>& wrong) const;

  std::vector<std::string> patients_;
  std::set<std::string> broadcasts_;
  std::set<delivery> delivered_;
  std::set<delivery> written_;
  std::vector<std::map<protocol::message_id, protocol::content>> unreceipted_;
  counts counts_;

  mutable std::mutex mutex_;  // for what follows
  std::map<delivery, unsigned> receipts_shown_;
  std::map<delivery, unsigned> messages_shown_;
  std::uint64_t sign_ins_ = 0;
  std::map<std::string, unsigned> unexpected_;
};

}  // namespace wardline::bench
