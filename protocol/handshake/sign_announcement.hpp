#pragma once

#include "protocol/handshake/announcer.hpp"
#include "protocol/handshake/computation.hpp"

namespace wardline::protocol::doctor_side {

/// Signs the doctor's identity anew, for a hello that found none fresh.
class sign_announcement final : public computation {
 public:
  explicit sign_announcement(announcer& announcements) : announcements_(announcements) {}

  void run() noexcept override;

  /// After `run`: the whole frame, or nothing if this machine failed.
  const std::shared_ptr<const bytes>& frame() const noexcept { return frame_; }

 private:
  announcer& announcements_;
  std::shared_ptr<const bytes> frame_;
};

}  // namespace wardline::protocol::doctor_side
