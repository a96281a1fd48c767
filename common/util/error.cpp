#include "common/util/error.hpp"

#include <array>
#include <cstddef>

namespace wardline {
namespace {

struct entry {
  std::string_view name;
  std::string_view words;
};

// In the order of errc.
constexpr std::array entries{
    entry{"ok", "no error"},
    entry{"protocol_error", "a frame that is not allowed here"},
    entry{"invalid_encoding", "bytes that do not decode"},
    entry{"invalid_element", "a group element that is out of range or outside the subgroup"},
    entry{"invalid_signature", "a signature that does not verify"},
    entry{"invalid_tag", "an authentication tag that does not fit"},
    entry{"wrong_doctor", "addressed to another doctor, or the doctor's key has changed"},
    entry{"clock_skew", "the clocks of the two ends differ by more than the window"},
    entry{"replayed", "a request that was seen before"},
    entry{"busy", "over a limit of admission"},
    entry{"authentication_failed", "the peer did not prove its identity"},
    entry{"refused", "the key is blocked or revoked"},
    entry{"wrong_verifier", "the verifier of the session key differs"},
    entry{"token_refused", "the resumption token or its binder is not accepted"},
    entry{"stale_epoch", "a broadcast of another epoch, or one seen before"},
    entry{"wrong_proof", "a receipt that does not fit what was sent"},
    entry{"out_of_scope", "a frame that the session's scopes do not allow"},
    entry{"too_large", "over the size limit"},
    entry{"timed_out", "no answer in time"},
    entry{"connection_lost", "the connection ended"},
    entry{"not_found", "no such thing"},
    entry{"conflict", "not possible in the present state"},
    entry{"unavailable", "a resource of this machine failed"},
};
static_assert(entries.size() == static_cast<std::size_t>(errc::unavailable) + 1);

const entry& entry_of(errc e) noexcept {
  const auto index = static_cast<std::size_t>(e);
  return entries[index < entries.size() ? index : entries.size() - 1];
}

class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "wardline"; }
  std::string message(int value) const override {
    return std::string(entry_of(static_cast<errc>(value)).words);
  }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
  static const category instance;
  return instance;
}

boost::system::error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), error_category()};
}

std::string_view name(errc e) noexcept { return entry_of(e).name; }
std::string_view describe(errc e) noexcept { return entry_of(e).words; }

errc to_errc(const boost::system::error_code& code) noexcept {
  if (!code.failed()) return errc::ok;
  return code.category() == error_category() ? static_cast<errc>(code.value()) : errc::unavailable;
}

}  // namespace wardline
