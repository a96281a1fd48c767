#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/menu/desk.hpp"
#include "doctor/views_json.hpp"
#include "doctor/views_text.hpp"

namespace wardline::doctor::menu {

void list_patients(desk& d) {
  d.talk.print(view::patients_text(view::patients(d.at.patients()), d.width()));
}

void disconnect_all(desk& d) {
  const auto connected = d.at.status().connected;
  if (connected == 0) return d.talk.print("Nobody is connected.");
  d.talk.confirm(fmt::format("Disconnect {} patient{}?", connected, connected == 1 ? "" : "s"),
                 [&d] { d.talk.print(fmt::format("Disconnected: {}.", d.at.disconnect_all())); });
}

void block_or_unblock(desk& d) {
  d.talk.ask("Patient", [&d](const std::string& id) {
    const auto rows = d.at.patients();
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&id](const patient_row& r) { return r.id == id; });
    // Somebody who is not enrolled can be blocked at an address, by wrong verifiers.
    if (row == rows.end())
      return d.talk.confirm(
          fmt::format("{} is not enrolled. Lift what blocks there are?", printable(id)), [&d, id] {
            d.at.unblock(id);
            d.talk.print(fmt::format("{} is unblocked.", id));
          });
    if (row->blocked)
      return d.talk.confirm(fmt::format("{} is blocked. Unblock?", id), [&d, id] {
        d.at.unblock(id);
        d.talk.print(fmt::format("{} is unblocked.", id));
      });
    d.talk.ask(fmt::format("{} is not blocked by you. Type block, or unblock to lift a block at "
                           "an address",
                           id),
               [&d, id](const std::string& choice) {
                 if (choice != "block" && choice != "unblock")
                   return d.talk.print("Nothing was done.");
                 choice == "block" ? d.at.block(id) : d.at.unblock(id);
                 d.talk.print(fmt::format("{} is {}ed.", id, choice));
               });
  });
}

}  // namespace wardline::doctor::menu
