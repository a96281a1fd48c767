#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/control/request.hpp"
#include "doctor/invite_hint.hpp"
#include "doctor/menu/desk.hpp"
#include "doctor/views_json.hpp"
#include "doctor/views_text.hpp"

namespace wardline::doctor::menu {

namespace {

void admit(desk& d, const waiting_row& who) {
  const auto do_it = [&d, who] {
    d.at.admit(who.id, to_hex(who.fingerprint.view()), who.conflict);
    d.talk.print(fmt::format("{} is admitted.", who.id));
  };
  if (!who.conflict) return do_it();
  d.talk.ask(fmt::format("Careful: {} is enrolled with other keys. Admitting replaces that device "
                         "and its key is never taken again. Type replace to do it",
                         who.id),
             [&d, do_it](const std::string& line) {
               if (line == "replace") return do_it();
               d.talk.print("Nothing was done.");
             });
}

void decide(desk& d, const waiting_row& who) {
  d.talk.print(
      fmt::format("{} from {} shows the fingerprint\n    {}\nIt must be the one that the "
                  "patient reads to you, digit by digit.",
                  who.id, printable(who.address), to_digits(who.fingerprint)));
  d.talk.ask("admit or refuse", [&d, who](const std::string& line) {
    if (line == "admit" || line == "a") return admit(d, who);
    if (line != "refuse" && line != "r") return d.talk.print("Nothing was done.");
    d.at.refuse(who.id, to_hex(who.fingerprint.view()));
    d.talk.print(fmt::format("{} is refused.", who.id));
  });
}

}  // namespace

void waiting_room(desk& d) {
  const auto rows = d.at.waiting();
  d.talk.print(view::waiting_text(view::waiting(rows), d.width()));
  if (rows.empty()) return;
  d.talk.ask("Number of who is to be admitted or refused (empty to leave)",
             [&d, rows](const std::string& line) {
               for (std::size_t i = 0; i < rows.size(); ++i)
                 if (line == std::to_string(i + 1)) return decide(d, rows[i]);
               d.talk.print(fmt::format("\"{}\" is not on the list.", printable(line)));
             });
}

void invite_patient(desk& d) {
  d.talk.ask("Id of the patient to invite", [&d](const std::string& id) {
    if (!crypto::is_valid_id(id))
      throw failure(fmt::format("\"{}\" is no id", id), "it is 1 to 64 letters, digits or . _ @ -");
    d.talk.ask("Good for", "7d", [&d, id](const std::string& time) {
      const auto valid_for =
          cli::parse_duration(time, control::shortest_invite, control::longest_invite);
      const auto own_host = net::parse_address(d.at.status().address).host;
      d.talk.ask("Where the patient finds this gateway", own_host,
                 [&d, id, valid_for](const std::string& host) {
                   const auto text = d.at.invite(id, valid_for, host);
                   d.talk.print(
                       fmt::format("Hand this to {}, and to nobody else; it works once, "
                                   "within {}:\n{}",
                                   id, cli::duration_text(valid_for), text));
                   if (const auto code = d.qr ? d.qr(text) : std::string(); !code.empty())
                     d.talk.print(code);
                   if (const auto hint = invite_hint(text); !hint.empty())
                     d.talk.print("Hint: " + hint);
                 });
    });
  });
}

}  // namespace wardline::doctor::menu
