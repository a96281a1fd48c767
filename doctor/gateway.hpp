#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/config.hpp"
#include "doctor/events.hpp"
#include "doctor/records/records.hpp"

namespace wardline::doctor {

struct gateway_status {
  std::string id;
  crypto::fingerprint fingerprint;
  crypto::group_id group;
  std::string address;
  unix_ms started;
  std::size_t enrolled;
  std::size_t connected;
  std::size_t waiting;
  std::size_t overdue;       ///< messages that somebody has not confirmed in time
  std::size_t connections;   ///< all of them, with or without a session
  std::uint32_t generation;  ///< of the group key; 0: none yet
};

struct patient_row {
  std::string id;
  crypto::fingerprint fingerprint;
  bool connected;
  bool blocked;
  std::string address;               ///< while connected
  std::optional<unix_ms> since;      ///< when it came or went; nothing: not known
  std::optional<unix_ms> last_seen;  ///< nothing: never
  std::size_t unconfirmed;           ///< messages that are not decrypted yet
};

struct waiting_row {
  std::string id;
  crypto::fingerprint fingerprint;
  std::string address;
  bool conflict;
  unix_ms since;
  unix_ms until;
};

struct broadcast_options {
  protocol::priority priority = protocol::priority::emergency;
  bool present_only = false;
  std::optional<seconds> expires = {};  ///< from now; nothing: never
  bool include_new = false;             ///< who is enrolled later gets it, too
};

struct accepted_message {
  protocol::message_id id;
  std::vector<std::string> recipients;
  std::optional<protocol::message_id> corrects = {};  ///< the original
  std::optional<protocol::message_id> cancels = {};
};

/// A doctor's gateway: everything but the way an operator speaks to it. All functions are for the
/// thread that runs the io_context; what the operator asks for and cannot have is a `failure` with
/// words, and then nothing has changed.
class gateway {
 public:
  /// Opens the data directory (identity and records), binds the address. Throws `failure`.
  gateway(boost::asio::io_context& io, const config& settings, const clock& time,
          crypto::random_source& random);
  ~gateway();

  void start();

  /// Lets nobody in any more and gives receipts of the last second up to one more to come in; tells
  /// every patient `shutting_down`, closes everything, then calls `done`.
  void stop(std::function<void()> done);

  event_hub& events();

  const crypto::identity& identity() const;

  /// On disk when it returns: what the operator does with the audit log itself. Its number.
  std::uint64_t record(const audit::entry& what);
  /// What the operator asked for and did not get, when it never became an act of the gateway's.
  void record_refused(std::string_view act, const std::string& whom, const failure& why) noexcept;

  gateway_status status();
  /// What failed when it was last tried (a full disk, most likely); empty: nothing.
  const std::string& last_trouble() const;

  /// Takes the limits that can change while it runs; the rest of `fresh` is left alone. Recorded in
  /// the audit log first; throws `failure` if that cannot be done, and then nothing has changed.
  void reconfigure(const config& fresh);

  std::vector<patient_row> patients();
  std::vector<waiting_row> waiting();
  std::vector<invite_summary> invites();
  std::vector<message_summary> deliveries(std::size_t limit);
  message_summary delivery(const protocol::message_id& id);
  /// Those of the last `limit` that are for this patient, each with that one delivery.
  std::vector<message_summary> deliveries_to(const std::string& patient, std::size_t limit);
  std::vector<incoming> inbox(std::size_t limit);

  /// The invite's text. `host` is where the patient will find us.
  std::string invite(const std::string& patient, seconds valid_for, const std::string& host);
  void withdraw_invite(const std::string& patient);

  /// Admits a waiting stranger. `key` is needed when several wait under one id; `replace` when the
  /// id is enrolled with other keys.
  void admit(const std::string& patient, const std::string& key_text, bool replace);
  void refuse(const std::string& patient, const std::string& key_text);

  void block(const std::string& patient);
  void unblock(const std::string& patient);
  void revoke(const std::string& patient);
  void disconnect(const std::string& patient);
  std::size_t disconnect_all();  ///< how many were told `session_over`

  /// On disk with a row for each recipient when it returns.
  accepted_message broadcast(const std::string& text, const broadcast_options& options);
  accepted_message message(const std::string& patient, const std::string& text,
                           protocol::priority priority,
                           const std::optional<seconds>& expires = std::nullopt);

  /// In the audit log, on disk when it returns (`backup_entry`).
  void record_backup(const std::string& file, const std::string& result, const std::string& hash);
  /// Take the place of a message of the doctor's, for everyone whom it has reached (and a
  /// correction for those whom it has not reached, too): a broadcast of a broadcast, a direct
  /// message of a direct one, until the original would have expired. Without a priority it has the
  /// original's.
  accepted_message correct(const protocol::message_id& id, const std::string& text,
                           std::optional<protocol::priority> priority = std::nullopt);
  accepted_message cancel(const protocol::message_id& id, const std::string& reason,
                          std::optional<protocol::priority> priority = std::nullopt);

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace wardline::doctor
