#include "doctor/console/model.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor::console {
namespace {

constexpr std::size_t max_blocked = 100;

std::string shortened(std::string text) {
  if (text.size() > model::max_kept_text) {
    text.resize(model::max_kept_text);  // half a character at the end shows as such
    text += "...";
  }
  return text;
}

std::string kept_text(const protocol::content& c) {
  if (!c.has_text()) return fmt::format("({}, {} bytes)", name(c.type), c.body.size());
  return shortened(std::string(c.text()));
}

}  // namespace

std::size_t board::count(delivery_state state) const {
  return static_cast<std::size_t>(std::count_if(
      recipients.begin(), recipients.end(), [&](const recipient& r) { return r.state == state; }));
}

std::size_t board::decrypted() const {
  return count(delivery_state::decrypted) + count(delivery_state::acknowledged);
}

void model::set_patients(const std::vector<patient_row>& rows) {
  ward_.clear();
  for (const auto& r : rows) {
    const auto state = r.blocked                            ? presence::blocked
                       : r.connected                        ? presence::here
                       : r.since.has_value() && r.last_seen ? presence::away
                                                            : presence::unknown;
    const auto unread = unread_.find(r.id);
    ward_.push_back(
        {r.id, state, r.last_seen, unread == unread_.end() ? 0 : unread->second, r.unconfirmed});
  }
  std::sort(ward_.begin(), ward_.end(), [](const bed& a, const bed& b) { return a.id < b.id; });
  std::erase_if(unread_, [this](const auto& u) { return find(u.first) == nullptr; });
}

void model::set_waiting(const std::vector<waiting_row>& rows) {
  waiting_.clear();
  for (const auto& r : rows) waiting_.push_back(r.id);
}

void model::set_board(const message_summary& m) {
  board_ = board{m.id, m.created, m.priority, m.text, {}};
  for (const auto& d : m.deliveries)
    board_->recipients.push_back({d.patient_id, d.state, d.overdue_at.has_value()});
  std::sort(board_->recipients.begin(), board_->recipients.end(),
            [](const auto& a, const auto& b) { return a.patient < b.patient; });
}

void model::set_written(const std::string& patient, const std::vector<message_summary>& messages) {
  written_to_ = patient;
  written_.clear();
  for (const auto& m : messages) {
    if (m.deliveries.empty()) continue;
    const auto text = m.cancels    ? "(cancelled) " + m.text
                      : m.corrects ? "(corrected) " + m.text
                                   : m.text;
    written_.push_back({m.created, true, m.priority, text, m.deliveries.front().state});
  }
}

bool model::on_event(const event& e, unix_ms now) {
  if (const auto* in = std::get_if<patient_authenticated>(&e)) {
    if (bed* b = find(in->id)) {
      if (b->state != presence::blocked) b->state = presence::here;
      b->last_seen = now;
    }
  } else if (const auto* out = std::get_if<patient_disconnected>(&e)) {
    if (bed* b = find(out->id)) {
      if (b->state != presence::blocked) b->state = presence::away;
      b->last_seen = now;
    }
  } else if (const auto* came = std::get_if<message_received>(&e)) {
    keep(came->from, now, came->content);
    if (shown_ != panel::conversation || selected_ != came->from) {
      const auto unread = ++unread_[came->from];
      if (bed* b = find(came->from)) b->unread = unread;
    }
    return came->content.priority == protocol::priority::emergency;
  } else if (const auto* change = std::get_if<delivery_changed>(&e)) {
    if (!board_ || board_->id != change->message) return false;
    auto& rows = board_->recipients;
    const auto at = std::lower_bound(rows.begin(), rows.end(), change->patient,
                                     [](const auto& r, const auto& id) { return r.patient < id; });
    if (at != rows.end() && at->patient == change->patient) at->state = change->state;
  } else if (const auto* late = std::get_if<overdue>(&e)) {
    if (board_ && board_->id == late->message)
      for (auto& r : board_->recipients)
        r.is_overdue = r.is_overdue || std::find(late->patients.begin(), late->patients.end(),
                                                 r.patient) != late->patients.end();
    return true;
  } else if (const auto* key = std::get_if<key_blocked>(&e)) {
    blocked_.push_back(fmt::format("{} at {}", key->id, key->address));
  } else if (const auto* source = std::get_if<source_closed>(&e)) {
    blocked_.push_back(source->address);
  }
  if (blocked_.size() > max_blocked) blocked_.erase(blocked_.begin());
  return false;
}

void model::say(std::string text, cli::log_level level) {
  notices_.push_back({shortened(std::move(text)), level});
  if (notices_.size() > max_notices) notices_.pop_front();
}

void model::print(const std::string& text) {
  std::string_view rest = text;
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  for (;;) {
    const auto end = std::min(rest.find('\n'), rest.size());
    desk_.emplace_back(rest.substr(0, end));
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  while (desk_.size() > max_desk_lines) desk_.pop_front();
  show(panel::desk);
}

void model::show(panel p) {
  shown_ = p;
  scrolled_ = 0;
  if (p == panel::conversation && selected_.empty() && !ward_.empty())
    selected_ = ward().front()->id;
  look();
}

void model::show_next_panel() {
  show(shown_ == panel::desk           ? panel::conversation
       : shown_ == panel::conversation ? panel::board
                                       : panel::desk);
}

void model::select(int by) {
  const auto rows = ward();
  if (rows.empty()) return;
  const auto at =
      std::find_if(rows.begin(), rows.end(), [this](const bed* b) { return b->id == selected_; });
  std::ptrdiff_t next = 0;
  if (at != rows.end()) next = (at - rows.begin()) + by;
  next = std::clamp<std::ptrdiff_t>(next, 0, static_cast<std::ptrdiff_t>(rows.size()) - 1);
  selected_ = rows[static_cast<std::size_t>(next)]->id;
  show(panel::conversation);
}

const bed* model::selected() const {
  const auto at =
      std::find_if(ward_.begin(), ward_.end(), [this](const bed& b) { return b.id == selected_; });
  return at == ward_.end() ? nullptr : &*at;
}

std::vector<const bed*> model::ward() const {
  std::vector<const bed*> out;
  out.reserve(ward_.size());
  for (const bool here : {true, false})
    for (const auto& b : ward_)
      if ((b.state == presence::here) == here) out.push_back(&b);
  return out;
}

void model::scroll(int by) {
  const auto next = static_cast<std::ptrdiff_t>(scrolled_) + by;
  scrolled_ = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(next, 0, static_cast<std::ptrdiff_t>(max_desk_lines)));
}

std::size_t model::unread() const {
  std::size_t n = 0;
  for (const auto& [id, count] : unread_) n += count;
  return n;
}

std::vector<utterance> model::conversation() const {
  std::vector<utterance> out;
  for (const auto& n : written_by_patients_)
    if (n.from == selected_) out.push_back(n.what);
  if (written_to_ == selected_) out.insert(out.end(), written_.begin(), written_.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const utterance& a, const utterance& b) { return a.at < b.at; });
  return out;
}

bed* model::find(const std::string& id) {
  const auto at =
      std::lower_bound(ward_.begin(), ward_.end(), id,
                       [](const bed& b, const std::string& name) { return b.id < name; });
  return at == ward_.end() || at->id != id ? nullptr : &*at;
}

void model::keep(const std::string& from, unix_ms at, const protocol::content& content) {
  written_by_patients_.push_back(
      {from, {at, false, content.priority, kept_text(content), std::nullopt}});
  if (written_by_patients_.size() > max_messages) written_by_patients_.pop_front();
}

// What is on the screen has been read.
void model::look() {
  if (shown_ != panel::conversation) return;
  unread_.erase(selected_);
  if (bed* b = find(selected_)) b->unread = 0;
}

}  // namespace wardline::doctor::console
