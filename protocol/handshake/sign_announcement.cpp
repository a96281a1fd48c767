#include "protocol/handshake/sign_announcement.hpp"

namespace wardline::protocol::doctor_side {

void sign_announcement::run() noexcept {
  try {
    frame_ = announcements_.sign();
  } catch (...) {
    frame_ = nullptr;
  }
}

}  // namespace wardline::protocol::doctor_side
