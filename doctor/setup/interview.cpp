#include "doctor/setup/interview.hpp"

#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/crypto/identity.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::doctor {
namespace {

constexpr std::uint16_t usual_port = 7460;

void require_id(const std::string& text) {
  if (crypto::is_valid_id(text)) return;
  throw failure(text.empty() ? std::string("An id is needed")
                             : fmt::format("\"{}\" is not an id", printable(text)),
                "An id is 1 to 64 letters without accents, digits or . _ @ -, and no spaces.");
}

/// Asks until `take` does not throw.
template <class Take>
auto asked(cli::person& who, const std::string& prompt, const Take& take) {
  while (true) {
    const auto answer = who.ask(prompt);  // throws if there is none
    try {
      return take(answer);
    } catch (const failure& why) {
      who.tell(std::string(why.what()) + ".\n" + why.hint());
    }
  }
}

std::string ask_id(cli::person& who, const std::string& prompt) {
  return asked(who, prompt, [](const std::string& text) {
    require_id(text);
    return text;
  });
}

net::address ask_address(cli::person& who) {
  const net::address here{"127.0.0.1", usual_port};
  who.tell(
      "\nWhere do patients reach this gateway? A name or an address, and a port. The one in\n"
      "brackets can be reached from this machine alone, which is enough to try things out.");
  return asked(who, "Address [" + net::address_text(here) + "]: ", [&](const std::string& text) {
    return text.empty() ? here : reachable_address(text);
  });
}

bool ask_passphrase(cli::person& who) {
  who.tell(
      "\nProtect your keys with a passphrase? Without one, whoever can copy your files can\n"
      "be you. With one, you type it whenever the gateway starts; nobody can restore it.");
  return asked(who, "Passphrase, yes or no [yes]: ", [](const std::string& text) {
    if (text.empty() || text == "yes" || text == "y") return true;
    if (text == "no" || text == "n") return false;
    throw failure("\"" + printable(text) + "\" is neither yes nor no",
                  "The passphrase comes next.");
  });
}

/// Says which options are missing where nobody can be asked.
void require_all(const std::string& id, const setup_command& given) {
  std::string missing;
  const auto miss = [&](bool is_missing, std::string_view option) {
    if (!is_missing) return;
    if (!missing.empty()) missing += ", ";
    missing += option;
  };
  miss(id.empty(), "--id ID");
  miss(!given.reached_at, "--address HOST:PORT");
  miss(!given.passphrase, "--passphrase-fd N or --no-passphrase");
  miss(given.patient.empty(), "--patient PATIENT");
  if (missing.empty()) return;
  throw cli::usage_error("there is nobody at a terminal to ask, and these are missing: " + missing,
                         "Give them as options, or run doctor setup at a terminal.");
}

}  // namespace

net::address reachable_address(const std::string& text) {
  auto out = net::is_host(text) ? net::address{text, usual_port} : net::parse_address(text);
  if (out.port == 0)
    throw failure("port 0 is none that a patient could connect to", "Usual: 7460.");
  return out;
}

setup_answers interview(const std::string& id, const setup_command& given, cli::person* person,
                        const std::function<void(const std::string& id)>& on_id) {
  if (person == nullptr) {
    require_all(id, given);
    on_id(id);
    return {id, given.reached_at.value(), given.passphrase.value(), given.patient};
  }
  setup_answers out{id, {}, false, given.patient};
  if (id.empty()) {
    person->tell("Who are you? Patients see this id, and it stays for good: for example dr-lee.");
    out.id = ask_id(*person, "Your id: ");
  }
  on_id(out.id);
  out.reached_at = given.reached_at ? *given.reached_at : ask_address(*person);
  out.passphrase = given.passphrase ? *given.passphrase : ask_passphrase(*person);
  if (given.patient.empty()) {
    person->tell(
        "\nWho is your first patient? The id by which you will know them: for example alice.");
    out.patient = ask_id(*person, "The patient's id: ");
  }
  return out;
}

}  // namespace wardline::doctor
