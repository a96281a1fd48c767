#include "doctor/setting_values.hpp"

#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/crypto/identity.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::doctor {

using cli::usage_error;

void check_doctor(const std::string& id) {
  if (!crypto::is_valid_id(id))
    throw usage_error(fmt::format("\"{}\" is not an id", printable(id)),
                      "an id is 1 to 64 letters, digits or . _ @ -");
}

crypto::group_id group_of(const std::string& text) {
  const auto known = crypto::group_named(text);
  if (!known)
    throw usage_error(fmt::format("unknown group \"{}\"", printable(text)),
                      "it is ffdhe2048, ffdhe3072, ffdhe4096 or ristretto255");
  return *known;
}

net::address listen_address_of(const std::string& text) try {
  return net::parse_address(text);
} catch (const failure& f) {
  throw usage_error(f.what(), f.hint());
}

net::address metrics_address_of(const std::string& text) {
  const bool is_port = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return listen_address_of(is_port ? "127.0.0.1:" + text : text);
}

cli::log_level log_level_of(const std::string& text) {
  const auto known = cli::log_level_of(text);
  if (!known)
    throw usage_error(fmt::format("unknown log level \"{}\"", printable(text)),
                      "it is error, warning, info or debug");
  return *known;
}

cli::log_format log_format_of(const std::string& text) {
  const auto known = cli::log_format_of(text);
  if (!known)
    throw usage_error(fmt::format("unknown log format \"{}\"", printable(text)),
                      "it is text or json");
  return *known;
}

}  // namespace wardline::doctor
