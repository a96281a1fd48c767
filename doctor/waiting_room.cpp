#include "doctor/waiting_room.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace wardline::doctor {

errc waiting_room::enter(connection& c) {
  const auto of_source = std::count_if(places_.begin(), places_.end(), [&](const place& p) {
    return p.who->source() == c.source();
  });
  if (places_.size() >= limits_.places ||
      static_cast<std::size_t>(of_source) >= limits_.places_per_source) {
    return errc::busy;
  }
  places_.push_back({c.shared_from_this(), time_.now(), time_.steady() + limits_.time});
  return errc::ok;
}

void waiting_room::leave(const connection& c) {
  std::erase_if(places_, [&](const place& p) { return p.who.get() == &c; });
}

std::shared_ptr<connection> waiting_room::find(const std::string& id,
                                               const std::string& key_text) const {
  std::vector<std::shared_ptr<connection>> found;
  for (const auto& p : places_) {
    const auto* who = p.who->waiting_stranger();
    if (!who || who->who.id != id) continue;
    if (key_text.empty() || crypto::shows(key_text, who->key)) found.push_back(p.who);
  }
  if (found.empty()) {
    throw failure(
        fmt::format("nobody waits as {}{}", id, key_text.empty() ? "" : " with that fingerprint"),
        "'waiting' lists who is in the waiting room");
  }
  if (found.size() > 1) {
    throw failure(fmt::format("{} wait as {}", found.size(), id),
                  "name the one you mean by its fingerprint");
  }
  return found.front();
}

std::vector<std::shared_ptr<connection>> waiting_room::overdue() const {
  std::vector<std::shared_ptr<connection>> out;
  for (const auto& p : places_) {
    if (time_.steady() >= p.until) out.push_back(p.who);
  }
  return out;
}

}  // namespace wardline::doctor
