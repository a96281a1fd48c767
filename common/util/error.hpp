#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace wardline {

/// Whatever a peer or a file can cause, one name for each cause. The names up to `wrong_proof` are
/// those of the protocol (docs/protocol.md, "Errors"), used by the code, the audit and the vectors
/// alike; the rest concern what only this machine sees.
enum class errc {
  ok = 0,
  protocol_error,         ///< a frame that the state does not name, or an unknown header
  invalid_encoding,       ///< bytes that do not decode
  invalid_element,        ///< a group element out of range or outside the subgroup
  invalid_signature,      ///< a signature that does not verify, for whatever reason
  invalid_tag,            ///< an AEAD tag that does not fit
  wrong_doctor,           ///< group or fingerprint is another doctor's
  clock_skew,             ///< a timestamp outside the window
  replayed,               ///< a nonce seen before
  busy,                   ///< over a limit of admission
  authentication_failed,  ///< sealed part, identity, invite, or the MAC of a resumption
  refused,                ///< blocked or revoked
  wrong_verifier,         ///< skv differs
  token_refused,          ///< resumption token or binder
  stale_epoch,            ///< a broadcast behind the epoch, too far ahead, or seen before
  wrong_proof,            ///< a receipt whose proof differs
  out_of_scope,           ///< a frame that the session's scopes do not allow
  too_large,              ///< over a stated bound
  timed_out,              ///< a deadline passed
  connection_lost,        ///< the transport ended
  not_found,              ///< no such patient, message, invite
  conflict,               ///< the state of things forbids it (already enrolled, in use)
  unavailable,            ///< a resource of this machine failed (disk, socket)
};

const boost::system::error_category& error_category() noexcept;
boost::system::error_code make_error_code(errc e) noexcept;

/// The one name of an error, e.g. "invalid_signature".
std::string_view name(errc e) noexcept;

/// What it means, in words for an operator.
std::string_view describe(errc e) noexcept;

/// The errc of a code of our category; `unavailable` for any other.
errc to_errc(const boost::system::error_code& code) noexcept;

template <class T>
using result = boost::system::result<T>;

/// A failed environment: what happened, and what the person can do about it.
class failure : public std::runtime_error {
 public:
  explicit failure(const std::string& what, std::string hint = {})
      : std::runtime_error(what), hint_(std::move(hint)) {}

  const std::string& hint() const noexcept { return hint_; }

 private:
  std::string hint_;
};

}  // namespace wardline

namespace boost::system {
template <>
struct is_error_code_enum<wardline::errc> : std::true_type {};
}  // namespace boost::system
