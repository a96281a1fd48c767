#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "doctor/records/records.hpp"
#include "doctor/session.hpp"
#include "protocol/group/doctor_group.hpp"

namespace wardline::doctor {

/// Who is here: the established sessions by identity, and the group key over them.
class ward {
 public:
  ward(secret<32> group_secret, records& kept, const clock& time, crypto::random_source& random)
      : records_(kept), time_(time), group_(std::move(group_secret), random) {}

  session* find(const std::string& id);
  std::vector<session*> present();
  std::size_t size() const noexcept { return sessions_.size(); }
  std::uint32_t generation() const;  ///< of the group key; 0: none yet

  /// The id must not be present. Sends GROUP_KEY if the session has the right to broadcasts.
  void join(session& s);
  void leave(const session& s);

  /// The place of the next broadcast, in a new generation if it needs one (whose number is on disk
  /// first). If `fan_out` does not follow, the place stays empty, and the next is in a new
  /// generation, so that nobody takes it for withheld.
  protocol::broadcast_slot take_slot();

  /// Writes the broadcast of the place that was just taken to those of `recipients` who are present
  /// and may receive it: returned, by id. A member who has no key of the generation yet is sent it
  /// first, in the same buffer.
  std::vector<session*> fan_out(const std::shared_ptr<const bytes>& frame,
                                const protocol::broadcast_position& position,
                                const std::vector<std::string>& recipients);

 private:
  void open_generation();

  records& records_;
  const clock& time_;
  std::map<std::string, session*> sessions_;
  protocol::doctor_group group_;
  std::optional<protocol::group_key> slot_key_;  // GROUP_KEY at the place of the last slot
  bool passed_over_ = false;  // a member was not sent the last place: it would see a gap
};

}  // namespace wardline::doctor
