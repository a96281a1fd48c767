#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "doctor/gateway.hpp"
#include "doctor/menu/conversation.hpp"

namespace wardline::doctor::menu {

/// What a choice of the menu works with. Where a patient, a stranger or a message is asked for, the
/// things on the list just shown are kept by value: the list may change while the person thinks.
struct desk {
  gateway& at;
  conversation& talk;
  std::function<std::size_t()> width;  ///< columns of the terminal, 0: no limit
  std::function<std::string(const std::string& invite)> qr;  ///< what stands below an invite
};

void list_patients(desk& d);
void disconnect_all(desk& d);
void block_or_unblock(desk& d);

void broadcast(desk& d);
/// The same as an emergency, with as few keys as can be.
void emergency(desk& d);
void message_patient(desk& d);
/// Asks for the text and so on.
void write_to(desk& d, const std::string& patient);
void show_deliveries(desk& d);
/// Offers to correct or cancel a message that was just shown.
void amend(desk& d, const message_summary& m);

void waiting_room(desk& d);
void invite_patient(desk& d);

}  // namespace wardline::doctor::menu
