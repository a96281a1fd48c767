#include <fmt/format.h>

#include "doctor/events_text.hpp"
#include "doctor/menu/desk.hpp"

namespace wardline::doctor::menu {
namespace {

std::string people(std::size_t n) { return fmt::format("{} recipient{}", n, n == 1 ? "" : "s"); }

void correct(desk& d, const protocol::message_id& id) {
  d.talk.ask("What it should say", [&d, id](const std::string& text) {
    d.talk.confirm("Everyone who got it, or was to get it, is sent this in its place.",
                   [&d, id, text] {
                     const auto m = d.at.correct(id, text);
                     d.talk.print(fmt::format("Correction {} is on its way to {}.", short_id(m.id),
                                              people(m.recipients.size())));
                   });
  });
}

void take_back(desk& d, const protocol::message_id& id) {
  d.talk.ask("Why", "no reason", [&d, id](const std::string& text) {
    const std::string reason = text == "no reason" ? "" : text;
    d.talk.confirm("The message is cancelled, and whom it has reached is told.", [&d, id, reason] {
      const auto m = d.at.cancel(id, reason);
      d.talk.print(fmt::format("Cancelled; {} {} told.", people(m.recipients.size()),
                               m.recipients.size() == 1 ? "is" : "are"));
    });
  });
}

}  // namespace

void amend(desk& d, const message_summary& m) {
  if (m.cancels || m.cancelled_by) return;
  // "cancel" is what ends a question.
  d.talk.ask("Type correct, or withdraw to cancel it for all (empty to leave)",
             [&d, id = m.id](const std::string& choice) {
               if (choice == "correct") return correct(d, id);
               if (choice == "withdraw") return take_back(d, id);
               d.talk.print("Nothing was done.");
             });
}

}  // namespace wardline::doctor::menu
