#include "patient/full_screen/model.hpp"

#include <algorithm>
#include <utility>

#include "common/cli/person.hpp"
#include "patient/event_words.hpp"

namespace wardline::patient::full_screen {
namespace {

using tui::key_name;

constexpr std::size_t page = 5;  // lines of a message

/// The state line and the inbox say these by themselves.
bool is_shown_elsewhere(const event& e) {
  return std::holds_alternative<disconnected>(e) || std::holds_alternative<authenticated>(e) ||
         std::holds_alternative<waiting>(e) || std::holds_alternative<message_received>(e) ||
         std::holds_alternative<doctor_pinned>(e);
}

}  // namespace

bool is_open(const inbox_message& m) {
  return !m.acknowledged_at && m.at.holds() && !m.at.came_late;
}

bool is_alarm(const inbox_message& m) {
  // Of what was never here there is nothing to be alarmed about when it is taken back.
  const bool is_about_nothing = m.content.is_cancellation() && !m.at.before;
  return m.content.priority == protocol::priority::emergency && m.at.holds() && !m.at.came_late &&
         !is_about_nothing;
}

model::model(std::string patient, situation now_going_on)
    : patient_(std::move(patient)), situation_(std::move(now_going_on)) {}

void model::follow(const event& e, time_point now) {
  situation_.follow(e, now);
  if (const auto* m = std::get_if<message_received>(&e); m != nullptr && is_alarm(m->message)) {
    bell_ = true;
    turn_to(panel::message);
  }
  // Now there is something to compare.
  if (std::holds_alternative<waiting>(e) || std::holds_alternative<doctor_pinned>(e))
    turn_to(panel::fingerprints);
  if (is_shown_elsewhere(e)) return;
  if (const auto words = words_for(e); !words.empty()) notice(words);
}

void model::set_inbox(std::vector<inbox_message> messages, time_point now) {
  const auto* shown = selected();
  const bool had_one = shown != nullptr;
  // Neither what somebody has chosen to read nor an emergency that waits makes room by itself.
  const bool stays = had_one && (is_chosen_ || (is_alarm(*shown) && is_open(*shown)));
  const auto before = selected_;
  inbox_ = std::move(messages);
  if (inbox_.empty()) {
    selected_.reset();
    return;
  }
  if (stays && selected() != nullptr) return;
  is_chosen_ = false;
  selected_ = inbox_.front().content.id;
  if (selected_ == before) return;
  scrolled_ = 0;
  if (had_one) slid_at_ = now;
}

void model::ask_for_doctor(const crypto::identity& stranger) {
  stranger_ = stranger;
  situation_.asks();
  answer_.clear();
  // What is typed at this moment is no answer.
  if (focus_ != focus::draft) focus_ = focus::trust;
  turn_to(panel::fingerprints);
}

const inbox_message* model::selected() const {
  if (!selected_ || inbox_.empty()) return nullptr;
  const auto& m = inbox_[selected_row()];
  return m.content.id == *selected_ ? &m : nullptr;
}

std::size_t model::selected_row() const {
  const auto found = std::find_if(inbox_.begin(), inbox_.end(), [this](const inbox_message& m) {
    return m.content.id == selected_;
  });
  return found == inbox_.end() ? 0 : static_cast<std::size_t>(found - inbox_.begin());
}

const inbox_message* model::open_emergency() const {
  const auto found = std::find_if(inbox_.begin(), inbox_.end(),
                                  [](const inbox_message& m) { return is_alarm(m) && is_open(m); });
  return found == inbox_.end() ? nullptr : &*found;
}

std::optional<wish> model::press(const tui::key& k, time_point now) {
  switch (focus_) {
    case focus::inbox:
      return press_in_inbox(k, now);
    case focus::draft:
      return press_in_draft(k);
    case focus::trust:
      return press_in_trust(k);
    case focus::leaving:
      return press_in_question(k, leave{});
    case focus::parting:
      break;
  }
  return press_in_question(k, disconnect{});
}

std::optional<wish> model::press_in_inbox(const tui::key& k, time_point now) {
  if (browse(k.name)) return std::nullopt;
  if (k.name == key_name::tab || k.name == key_name::enter) {
    focus_ = focus::draft;
    return std::nullopt;
  }
  if (k.is_pasted) {
    focus_ = focus::draft;
    return press_in_draft(k);
  }
  if (k.name != key_name::text) return std::nullopt;
  if (k.text == "a") return acknowledge_selected(now);
  if (k.text == "3" || k.text == "w") {
    focus_ = focus::draft;
  } else if (k.text == "4" || k.text == "e") {
    const auto* urgent = open_emergency();
    select(urgent == nullptr ? 0 : static_cast<std::size_t>(urgent - inbox_.data()));
    is_chosen_ = false;
  } else if (k.text == "f") {
    turn_to(panel_ == panel::message ? panel::fingerprints : panel::message);
  } else if (k.text == "2" || k.text == "q") {
    focus_ = focus::leaving;
  } else if (k.text == "1") {
    focus_ = focus::parting;
  } else {
    notice("To write to the doctor, press 3 first, then type.");
  }
  return std::nullopt;
}

std::optional<wish> model::press_in_draft(const tui::key& k) {
  if (k.name == key_name::escape || k.name == key_name::tab) {
    leave_draft();
    return std::nullopt;
  }
  if (k.name != key_name::enter) {
    if (!draft_.press(k, false)) browse(k.name);
    return std::nullopt;
  }
  if (cli::trimmed(draft_.text()).empty()) return std::nullopt;
  leave_draft();
  return send_text{draft_.take()};
}

// A question that has come meanwhile has waited for this.
void model::leave_draft() {
  focus_ = stranger_ ? focus::trust : focus::inbox;
  if (stranger_) turn_to(panel::fingerprints);
}

std::optional<wish> model::press_in_trust(const tui::key& k) {
  if (k.name != key_name::enter) {
    answer_.press(k, false);
    return std::nullopt;
  }
  const auto typed = cli::trimmed(answer_.text());
  answer_.clear();
  if (typed != "yes" && typed != "no") {
    notice("Please type yes or no.");
    return std::nullopt;
  }
  focus_ = focus::inbox;
  turn_to(panel::message);
  stranger_.reset();
  return answer_doctor{typed == "yes"};
}

std::optional<wish> model::press_in_question(const tui::key& k, wish if_yes) {
  focus_ = focus::inbox;
  if (k == tui::key{key_name::text, "y"}) return if_yes;
  return std::nullopt;
}

std::optional<wish> model::acknowledge_selected(time_point now) {
  const auto* m = selected();
  if (m == nullptr) {
    notice("There is no message to acknowledge.");
  } else if (slid_at_ && now - *slid_at_ < reading_time) {
    notice("A message has just come. Read it, then press a.");
  } else if (m->acknowledged_at) {
    notice("You have acknowledged this message already.");
  } else {
    return acknowledge{m->content.id};
  }
  return std::nullopt;
}

// Keys that move through the inbox and the message, wherever others go.
bool model::browse(key_name name) {
  switch (name) {
    case key_name::up:
      select(selected_row() == 0 ? 0 : selected_row() - 1);
      return true;
    case key_name::down:
      select(selected_row() + 1);
      return true;
    case key_name::home:
      select(0);
      return true;
    case key_name::end:
      select(inbox_.size());
      return true;
    case key_name::page_up:
      scrolled_ -= std::min(scrolled_, page);
      return true;
    case key_name::page_down:
      scrolled_ += page;
      return true;
    default:
      return false;
  }
}

void model::turn_to(panel p) {
  if (panel_ != p) scrolled_ = 0;
  panel_ = p;
}

void model::select(std::size_t row) {
  turn_to(panel::message);
  if (inbox_.empty()) return;
  const auto to = inbox_[std::min(row, inbox_.size() - 1)].content.id;
  slid_at_.reset();
  is_chosen_ = row != 0;
  if (selected_ == to) return;
  selected_ = to;
  scrolled_ = 0;
}

void model::put_back(const std::string& text) {
  // Before what has been typed since.
  draft_.press({key_name::home, {}});
  draft_.press({key_name::text, draft_.empty() ? text : text + " "});
  draft_.press({key_name::end, {}});
  focus_ = focus::draft;
}

void model::notice(const std::string& text) {
  notices_.push_back(text);
  if (notices_.size() > max_notices) notices_.pop_front();
}

}  // namespace wardline::patient::full_screen
