#include "doctor/invite_hint.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "protocol/message/invite.hpp"

namespace wardline::doctor {

std::string invite_hint(const std::string& invite_text) {
  const auto invite = protocol::invite_from_text(invite_text);
  if (!invite) return {};
  boost::system::error_code not_an_address;
  const auto host = boost::asio::ip::make_address(invite->host, not_an_address);
  const bool is_address = !not_an_address;
  if (is_address && host.is_unspecified())
    return fmt::format(
        "the invite names {}, which is no address to connect to: say with --host "
        "where patients find this gateway",
        invite->host);
  if (invite->host == "localhost" || (is_address && host.is_loopback()))
    return fmt::format(
        "the invite names {}, which only this machine can reach: for a patient "
        "elsewhere, listen on another address (--listen) or say with --host where "
        "patients find this gateway",
        invite->host);
  return {};
}

}  // namespace wardline::doctor
