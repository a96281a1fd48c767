#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "patient/events.hpp"

namespace wardline::patient {

/// What is going on, kept from the events: for a line that says so at any moment.
class situation {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `doctor`: the id, if it is known already; `unsent`: messages of our own without a receipt.
  situation(std::string doctor, const std::vector<protocol::message_id>& unsent);

  void follow(const event& e, time_point now);

  /// One line, harmless to a terminal: "dr-lee's gateway cannot be reached; trying again in 8 s; 2
  /// messages wait to be sent".
  std::string words(time_point now) const;

  bool is_signed_in() const noexcept { return is_signed_in_; }
  const std::string& doctor() const noexcept { return doctor_; }
  const std::optional<crypto::fingerprint>& doctor_key() const noexcept { return doctor_key_; }
  /// Of ours; known once we have waited to be admitted.
  const std::optional<crypto::fingerprint>& own_key() const noexcept { return own_key_; }

  /// A question of ours is open, and nothing goes on until it has been answered.
  void asks() { state_ = state::asking; }

 private:
  enum class state { idle, connecting, signing_in, waiting, signed_in, apart, over, asking };

  void on(const connecting& e, time_point now);
  void on(const connected& e, time_point now);
  void on(const waiting& e, time_point now);
  void on(const doctor_pinned& e, time_point now);
  void on(const authenticated& e, time_point now);
  void on(const delivery_changed& e, time_point now);
  void on(const broadcast_missing& e, time_point now);
  void on(const broadcasts_complete& e, time_point now);
  void on(const disconnected& e, time_point now);
  template <class Other>
  void on(const Other&, time_point) {}

  std::string connection_words(time_point now) const;
  std::string who() const { return doctor_.empty() ? "the doctor" : doctor_; }

  std::string doctor_;
  std::optional<crypto::fingerprint> doctor_key_;
  std::optional<crypto::fingerprint> own_key_;
  std::set<protocol::message_id> unsent_;
  state state_ = state::idle;
  bool is_signed_in_ = false;
  bool is_missing_one_ = false;
  std::string address_;
  std::string why_apart_;            // empty: there has been no session nor failure yet
  std::optional<time_point> until_;  // the next try, or the end of waiting
};

}  // namespace wardline::patient
