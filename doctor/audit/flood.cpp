#include "doctor/audit/flood.hpp"

namespace wardline::doctor::audit {

bool flood::try_append(const entry& what) noexcept {
  try {
    log_.append(time_.now(), what);
    log_.mirror_on();
    told_ = false;
    return true;
  } catch (const std::exception& e) {
    if (!told_) on_trouble_(std::string("the audit log waits: ") + e.what());
    told_ = true;
    return false;
  }
}

void flood::note(const entry& what) noexcept {
  tick();
  if (kinds_.empty()) began_ = time_.steady();
  // None of the four has a line feed.
  auto name = what.actor + '\n' + what.event + '\n' + what.source + '\n' + what.reason;
  if (const auto known = kinds_.find(name); known != kinds_.end()) {
    ++known->second.more;
    return;
  }
  if (kinds_.size() < max_kinds) {
    const bool is_kept = try_append(what);
    kinds_.emplace(std::move(name), kind{what, is_kept ? 0U : 1U});
    return;
  }
  entry others;
  others.actor = what.actor;
  others.event = what.event;
  others.source = "*";
  others.result = what.result;
  ++kinds_.try_emplace(what.event, kind{others}).first->second.more;
}

void flood::tick() noexcept {
  if (!kinds_.empty() && time_.steady() - began_ >= window) flush();
}

void flood::flush() noexcept {
  began_ = time_.steady();
  for (auto it = kinds_.begin(); it != kinds_.end();) {
    auto& [first, more] = it->second;
    if (more > 0) {
      auto sum = first;
      sum.detail = "count=" + std::to_string(more);
      if (!try_append(sum)) return;  // the next minute tries again
    }
    it = kinds_.erase(it);
  }
}

}  // namespace wardline::doctor::audit
