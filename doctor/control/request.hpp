#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/util/clock.hpp"
#include "common/util/error.hpp"
#include "protocol/message/content.hpp"

/// What an operator asks of a running gateway: one struct for each command, with one list of
/// fields from which the line that is sent and its strict reading both come.
///
///   {"command":"admit","patient":"p1","replace":false}
///
/// A field that is empty, false or absent in the struct is left out.
namespace wardline::doctor::control {

struct identity_request {
  static constexpr std::string_view command = "identity";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct status_request {
  static constexpr std::string_view command = "status";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct patients_request {
  static constexpr std::string_view command = "patients";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct waiting_request {
  static constexpr std::string_view command = "waiting";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct invites_request {
  static constexpr std::string_view command = "invites";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct inbox_request {
  static constexpr std::string_view command = "inbox";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

/// All recent messages, or the one whose id begins so.
struct deliveries_request {
  static constexpr std::string_view command = "deliveries";
  std::string message;  ///< empty: all
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.message_id("message_id", m.message);
  }
};

struct invite_request {
  static constexpr std::string_view command = "invite";
  std::string patient;
  seconds valid_for{7 * 24 * 3600};
  std::string host = {};  ///< empty: where the gateway listens
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
    c.duration("valid_for_s", m.valid_for);
    c.text("host", m.host);
  }
};

struct withdraw_request {
  static constexpr std::string_view command = "withdraw";
  std::string patient;
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
  }
};

struct admit_request {
  static constexpr std::string_view command = "admit";
  std::string patient;
  std::string fingerprint = {};  ///< needed when several wait under one id
  bool replace = false;          ///< though the id is enrolled with other keys
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
    c.text("fingerprint", m.fingerprint);
    c.flag("replace", m.replace);
  }
};

struct refuse_request {
  static constexpr std::string_view command = "refuse";
  std::string patient;
  std::string fingerprint = {};
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
    c.text("fingerprint", m.fingerprint);
  }
};

struct block_request {
  static constexpr std::string_view command = "block";
  std::string patient;
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
  }
};

struct unblock_request {
  static constexpr std::string_view command = "unblock";
  std::string patient;
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
  }
};

struct revoke_request {
  static constexpr std::string_view command = "revoke";
  std::string patient;
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
  }
};

struct disconnect_request {
  static constexpr std::string_view command = "disconnect";
  std::string patient;
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
  }
};

struct disconnect_all_request {
  static constexpr std::string_view command = "disconnect_all";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

struct broadcast_request {
  static constexpr std::string_view command = "broadcast";
  std::string text;
  protocol::priority priority = protocol::priority::emergency;
  bool present = false;                 ///< to those who are connected, not to all enrolled
  std::optional<seconds> wait = {};     ///< until all have decrypted it, but no longer
  std::optional<seconds> expires = {};  ///< who has not decrypted it by then is sent it no more
  bool include_new = false;             ///< who is enrolled later gets it, too
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.text("text", m.text);
    c.priority("priority", m.priority);
    c.flag("present", m.present);
    c.duration("wait_s", m.wait);
    c.duration("expires_s", m.expires);
    c.flag("include_new", m.include_new);
  }
};

struct message_request {
  static constexpr std::string_view command = "message";
  std::string patient;
  std::string text;
  protocol::priority priority = protocol::priority::routine;
  std::optional<seconds> wait = {};
  std::optional<seconds> expires = {};
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.patient("patient", m.patient);
    c.text("text", m.text);
    c.priority("priority", m.priority);
    c.duration("wait_s", m.wait);
    c.duration("expires_s", m.expires);
  }
};

/// The doctor's public identity, with which the audit log can be verified.
struct doctor_key_request {
  static constexpr std::string_view command = "doctor_key";
  template <class Self, class Codec>
  static void fields(Self&, Codec&) {}
};

/// The next three leave a record that the operator does so with the audit log, and answer with its
/// number. Whoever asks does it then: reading a long log must not keep the gateway from its work.
struct audit_read_request {
  static constexpr std::string_view command = "audit_read";
  std::uint64_t since = 0;  ///< Unix milliseconds
  std::string patient = {};
  std::string event = {};
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.number("since", m.since);
    c.text("patient", m.patient);
    c.text("event", m.event);
  }
};

struct audit_export_request {
  static constexpr std::string_view command = "audit_export";
  std::string file;
  std::string refused = {};  ///< why there is none
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.text("file", m.file);
    c.text("refused", m.refused);
  }
};

struct audit_verified_request {
  static constexpr std::string_view command = "audit_verified";
  std::uint64_t records = 0;
  std::uint64_t findings = 0;
  std::uint64_t first = 0;  ///< the record that the first finding names
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.number("records", m.records);
    c.number("findings", m.findings);
    c.number("first", m.first);
  }
};

/// The copying is done by who asks; the log is the gateway's.
struct record_backup_request {
  static constexpr std::string_view command = "record_backup";
  std::string file = {};
  std::string result = {};  ///< "begun", "done" or "failed"
  std::string sha256 = {};  ///< of what is done
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.text("file", m.file);
    c.text("result", m.result);
    c.text("sha256", m.sha256);
  }
};

/// `message`: the whole id of a message of the doctor's, or how it begins.
struct correct_request {
  static constexpr std::string_view command = "correct";
  std::string message;
  std::string text;
  std::optional<protocol::priority> priority = {};  ///< nothing: the original's
  std::optional<seconds> wait = {};
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.needed_message_id("message_id", m.message);
    c.text("text", m.text);
    c.priority("priority", m.priority);
    c.duration("wait_s", m.wait);
  }
};

struct cancel_request {
  static constexpr std::string_view command = "cancel";
  std::string message;
  std::string reason = {};
  std::optional<protocol::priority> priority = {};
  std::optional<seconds> wait = {};
  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.needed_message_id("message_id", m.message);
    c.text("reason", m.reason);
    c.priority("priority", m.priority);
    c.duration("wait_s", m.wait);
  }
};

using request =
    std::variant<identity_request, status_request, patients_request, waiting_request,
                 invites_request, inbox_request, deliveries_request, invite_request,
                 withdraw_request, admit_request, refuse_request, block_request, unblock_request,
                 revoke_request, disconnect_request, disconnect_all_request, broadcast_request,
                 message_request, correct_request, cancel_request, doctor_key_request,
                 audit_read_request, audit_export_request, audit_verified_request,
                 record_backup_request>;

/// The longest that a command may wait for receipts.
inline constexpr seconds longest_wait{24 * 3600};
/// How long a message may be good for.
inline constexpr seconds shortest_expiry{1};
inline constexpr seconds longest_expiry{365 * 24 * 3600};
inline constexpr seconds shortest_invite{60};
inline constexpr seconds longest_invite{365 * 24 * 3600};

/// Bytes of a request's line. A text of the greatest length fits, even if each of its bytes is a
/// control character and takes six in JSON.
inline constexpr std::size_t max_request = std::size_t{512} * 1024;

/// 8 to 32 hexadecimal digits: what a person tells a message apart by, or all of its id.
bool is_message_name(std::string_view text) noexcept;

/// Without the line feed. Throws `failure` if a text is not UTF-8.
std::string to_line(const request& r);

/// Throws `failure` that says what is wrong with it: not JSON, an unknown command, a field that is
/// missing, unknown or out of range.
request from_line(std::string_view line);

}  // namespace wardline::doctor::control
