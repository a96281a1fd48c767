#include "doctor/command_builder.hpp"

#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/crypto/identity.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor {

using cli::usage_error;

void check_patient(const std::string& id) {
  if (!crypto::is_valid_id(id))
    throw usage_error(fmt::format("\"{}\" is not a patient's id", printable(id)),
                      "an id is 1 to 64 letters, digits or . _ @ -");
}

protocol::priority priority_of(const command_words& r, std::string_view otherwise) {
  const auto known = priority_named(r.priority.empty() ? otherwise : r.priority);
  if (!known)
    throw usage_error(fmt::format("unknown priority \"{}\"", printable(r.priority)),
                      "it is routine, urgent or emergency");
  return *known;
}

std::optional<protocol::priority> priority_if_given(const command_words& r) {
  if (r.priority.empty()) return std::nullopt;
  return priority_of(r, {});
}

std::string message_id_of(const command_words& r) {
  if (!control::is_message_name(r.message_id))
    throw usage_error("that is not a message id", "it is 8 to 32 hexadecimal digits");
  return r.message_id;
}

std::string fingerprint_of(const command_words& r) {
  if (!r.fingerprint.empty() && !crypto::is_fingerprint_text(r.fingerprint))
    throw usage_error("that is not a fingerprint",
                      "it is 60 digits, in quotes if there are spaces, or 64 hexadecimal digits");
  return r.fingerprint;
}

}  // namespace wardline::doctor
