#include "doctor/menu/menu.hpp"

#include <fmt/format.h>

#include "common/util/text_encoding.hpp"

namespace wardline::doctor::menu {

namespace {

constexpr std::string_view choices =
    "  1  List connected patients            6  Waiting room\n"
    "  2  Broadcast message to all patients  7  Invite a patient\n"
    "  3  Disconnect all patients            8  Deliveries\n"
    "  4  Exit server                        9  Block or unblock\n"
    "  5  Message a patient                  ?  This menu\n"
    "  !  EMERGENCY to all patients\n";
constexpr std::size_t columns_of_choices = 72;
constexpr std::string_view narrow_choices =
    "  1  List connected patients\n"
    "  2  Broadcast message to all patients\n"
    "  3  Disconnect all patients\n"
    "  4  Exit server\n"
    "  5  Message a patient\n"
    "  6  Waiting room\n"
    "  7  Invite a patient\n"
    "  8  Deliveries\n"
    "  9  Block or unblock\n"
    "  !  EMERGENCY to all patients\n"
    "  ?  This menu\n";

}  // namespace

menu::menu(gateway& at, conversation::show print, conversation::show prompt,
           std::function<std::size_t()> width, std::function<void()> leave,
           std::function<std::string(const std::string& invite)> qr)
    : talk_(std::move(print), std::move(prompt), [this](const std::string& t) { choose(t); }),
      desk_{at, talk_, std::move(width), std::move(qr)},
      leave_(std::move(leave)) {}

void menu::start() {
  show_choices();
  talk_.show_prompt();
}

void menu::write_to(const std::string& patient) {
  doctor::menu::write_to(desk_, patient);
  talk_.show_prompt();
}

void menu::show_choices() const {
  const auto width = desk_.width();
  const bool is_narrow = width != 0 && width < columns_of_choices;
  talk_.print(std::string(is_narrow ? narrow_choices : choices));
  const auto overdue = desk_.at.status().overdue;
  if (overdue > 0)
    talk_.print(fmt::format("OVERDUE: {} message{}; 8 shows who has not confirmed what.", overdue,
                            overdue == 1 ? "" : "s"));
}

void menu::choose(const std::string& text) {
  if (text == "1") return list_patients(desk_);
  if (text == "2") return broadcast(desk_);
  if (text == "3") return disconnect_all(desk_);
  if (text == "4") return leave_();
  if (text == "5") return message_patient(desk_);
  if (text == "6") return waiting_room(desk_);
  if (text == "7") return invite_patient(desk_);
  if (text == "8") return show_deliveries(desk_);
  if (text == "9") return block_or_unblock(desk_);
  if (text == "!") return emergency(desk_);
  if (!text.empty() && text != "?")
    talk_.print(fmt::format("\"{}\" is not on the menu: type a number from 1 to 9.",
                            printable(text.substr(0, 40))));
  show_choices();
}

}  // namespace wardline::doctor::menu
