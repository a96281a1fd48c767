#include "patient/menu_console.hpp"

#include <charconv>

#include "common/cli/table.hpp"
#include "common/cli/time_text.hpp"
#include "patient/event_words.hpp"
#include "patient/wording.hpp"

namespace wardline::patient {
namespace {

constexpr std::size_t inbox_rows = 20;

std::string state_of(const inbox_message& m, unix_ms now) {
  std::string out = m.acknowledged_at ? "acknowledged" : "read";
  if (m.expired_at(now)) out += ", expired";
  if (m.at.cancelled_by)
    out += ", CANCELLED";
  else if (m.at.corrected_by)
    out += ", CORRECTED";
  return out;
}

std::string text_in_list(const inbox_message& m) {
  if (!m.content.has_text()) return "(" + std::string(name(m.content.type)) + ")";
  const std::string text(text_of(m.content));
  const auto of = m.at.before ? " of " + cli::local_text(m.at.before->created)
                              : std::string(" of what never came");
  if (m.content.is_cancellation()) return "[cancellation" + of + "] " + text;
  if (m.at.came_late) return "(not shown: it came after that)";
  std::string out = m.content.is_amendment() ? "[correction" + of + "] " : "";
  if (!m.at.holds()) out += "[no longer holds] ";
  return out + text;
}

std::string without_spaces_around(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

menu_console::menu_console(screen& out, std::string patient_id, const clock& time)
    : screen_(out), patient_(std::move(patient_id)), time_(time) {
  show_menu();
  await(expects::choice);
}

void menu_console::show(const event& e) {
  if (const auto text = words_for(e); !text.empty()) screen_.print(text);
  if (const auto status = status_after(e); !status.empty()) {
    status_ = status;
    await(expects_);
  }
}

void menu_console::ask_for_doctor(const crypto::identity& stranger) {
  screen_.print("This doctor is not known yet: " + stranger.id + ", fingerprint\n  " +
                crypto::to_digits(crypto::fingerprint_of(stranger)) +
                "\nCompare it with what your doctor shows or says, all of it.");
  await(expects::yes_or_no);
}

void menu_console::on_line(const std::string& line, commands& to) {
  switch (expects_) {
    case expects::choice:
      return choose(without_spaces_around(line), to);
    case expects::text:
      await(expects::choice);
      if (!line.empty()) to.send_text(line);
      return;
    case expects::message_number:
      await(expects::choice);
      return acknowledge(without_spaces_around(line), to);
    case expects::yes_or_no:
      return answer(without_spaces_around(line), to);
  }
}

void menu_console::on_eof(commands& to) {
  if (screen_.is_terminal()) to.exit();
}

void menu_console::choose(const std::string& line, commands& to) {
  if (line == "1") return to.disconnect();
  if (line == "2") return to.exit();
  if (line == "3") return await(expects::text);
  if (line == "4") return show_inbox(to);
  if (!line.empty()) screen_.print("There is no such choice.");
  show_menu();
}

void menu_console::show_inbox(commands& to) {
  const auto messages = to.inbox(inbox_rows);
  if (messages.empty()) return screen_.print("The inbox is empty.");
  listed_.clear();
  cli::table table({"No", "When", "Kind", "Priority", "State", "Text"});
  for (const auto& m : messages) {
    listed_.push_back(m.content.id);
    table.add({std::to_string(listed_.size()), cli::local_text(m.content.created),
               std::string(kind_name(m)), std::string(name(m.content.priority)),
               state_of(m, time_.now()), text_in_list(m)});
  }
  screen_.print(table.text(screen_.is_terminal() ? cli::terminal_width() : 0));
  await(expects::message_number);
}

void menu_console::acknowledge(const std::string& line, commands& to) {
  if (line.empty()) return;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || end != line.data() + line.size() || number == 0 ||
      number > listed_.size()) {
    return screen_.print("There is no message with that number.");
  }
  to.acknowledge(listed_[number - 1]);
}

void menu_console::answer(const std::string& line, commands& to) {
  if (line != "yes" && line != "no") return screen_.print("Please type yes or no.");
  await(expects::choice);
  to.answer_doctor(line == "yes");
}

void menu_console::await(expects what) {
  expects_ = what;
  switch (what) {
    case expects::choice:
      return screen_.set_prompt(patient_ + " (" + status_ + ")> ");
    case expects::text:
      return screen_.set_prompt("Message to the doctor (empty: none): ");
    case expects::message_number:
      return screen_.set_prompt("Acknowledge which number (empty: none): ");
    case expects::yes_or_no:
      return screen_.set_prompt("Is this your doctor? (yes/no): ");
  }
}

void menu_console::show_menu() {
  screen_.print(
      "  1  Send disconnect request\n"
      "  2  Exit client\n"
      "  3  Send a message\n"
      "  4  Inbox");
}

}  // namespace wardline::patient
