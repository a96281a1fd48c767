#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/paths.hpp"
#include "common/cli/time_text.hpp"
#include "common/net/address.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/setup/set_up.hpp"

namespace wardline::doctor {
namespace {

const net::address usual{"127.0.0.1", 7460};

/// Where the gateway has to listen to be reached there: on all addresses, since a name or an
/// address of a router is not one of this machine.
std::string listen_option(const net::address& reached_at) {
  if (reached_at == usual) return {};
  boost::system::error_code not_an_address;
  const auto host = boost::asio::ip::make_address(reached_at.host, not_an_address);
  auto at = reached_at;
  if (reached_at.host == "localhost")
    at.host = usual.host;
  else if (not_an_address || !host.is_loopback())
    at.host = !not_an_address && host.is_v6() ? "::" : "0.0.0.0";
  return " --listen " + net::address_text(at);
}

bool is_usual_directory(const std::string& id, const std::string& directory) {
  try {
    return cli::default_data_directory("doctor", id) == directory;
  } catch (const failure&) {  // there is no usual one
    return false;
  }
}

}  // namespace

std::string setup_text(const nlohmann::ordered_json& result, const std::string& qr) {
  const auto text = [&result](const char* key) { return result.at(key).get<std::string>(); };
  const auto id = text("id");
  const auto patient = text("patient");
  const auto directory = text("data_directory");
  const auto where =
      is_usual_directory(id, directory) ? std::string() : " --data-dir '" + directory + "'";
  return printable(fmt::format(
             "\n{0} is set up; everything is in {1}\n\n"
             "Your fingerprint:\n"
             "  {2}\n"
             "It shows that somebody has really reached you. Let patients compare it with what\n"
             "their screen shows, all twelve groups, by telephone or face to face: if a single\n"
             "digit differs, somebody else has answered them.\n\n"
             "The invite for {3}, good once, until {4}:\n",
             id, directory, text("fingerprint"), patient,
             cli::local_text(result.at("expires").get<unix_ms>()))) +
         qr +  // above the text: on a small screen that is what has to be seen, to be copied
         printable(fmt::format(
             "  {4}\n"
             "Whoever has it first can enrol as {0}: hand it over by a way that you trust.\n\n"
             "What to do next:\n"
             "  1. Start the gateway, and leave it running:\n"
             "       doctor --id {1}{2}{3}\n"
             "  2. On {0}'s machine, with the invite:\n"
             "       patient enroll\n"
             "     The fingerprint that it shows must be yours.\n"
             "  3. Invite the next patient:\n"
             "       doctor invite PATIENT --id {1}{3} --qr\n",
             patient, id, listen_option(net::parse_address(text("address"))), where,
             text("invite")));
}

}  // namespace wardline::doctor
