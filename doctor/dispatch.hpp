#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/crypto/identity.hpp"
#include "doctor/events.hpp"
#include "doctor/records/records.hpp"
#include "doctor/ward.hpp"

namespace wardline::doctor {

/// Gets messages to patients and their receipts back: a message is on disk, with the list of its
/// recipients, before its first byte goes out and anybody is told that it was accepted; a broadcast
/// is sealed and signed once, and written to all who are present in one go; who was away is sent it
/// on return; a receipt is on disk before it is shown.
class dispatch {
 public:
  dispatch(boost::asio::io_context& io, const crypto::own_identity& self, records& kept,
           ward& present, event_hub& events, const clock& time, crypto::random_source& random);

  /// Tries again what the disk refused.
  void retry() { flush_receipts(); }

  /// On disk, and on their way, when they return.
  void broadcast(const protocol::content& content, const std::vector<std::string>& recipients,
                 bool include_new = false);
  void direct(const protocol::content& content, const std::string& recipient);

  /// A correction or cancellation takes the place of `original`: on disk when it returns, and from
  /// then on nobody is sent what it replaces.
  amended amend(const protocol::content& content, const amendable& original);

  /// What this patient has yet to decrypt.
  std::list<protocol::message_id> backlog_of(const std::string& patient);
  /// A patient has signed in: its backlog follows, as fast as it reads.
  void on_joined(session& s, std::list<protocol::message_id> backlog);

  void on_receipt(session& s, const protocol::receipt& r);

  /// True if all receipts of this session are on disk now. Until then nothing may be said to the
  /// patient from which it takes that they are known.
  bool keep_receipts(const session& s);

  /// True while receipts wait for the disk.
  bool has_unkept() const noexcept { return !receipts_.empty(); }

  /// Sends one message to a patient once more.
  void resend(session& s, const protocol::message_id& id);

  /// The patient asks: what it was sent a while ago and has not decrypted goes out again.
  void on_asked(session& s);

  /// Sends more of a backlog when there is room in the session's write queue.
  void pump(session& s);

 private:
  bytes seal(outgoing& message);
  void fan_out(const outgoing& message, bytes frame, const std::vector<std::string>& recipients);
  void send_to(const protocol::message_id& id, const std::vector<std::string>& recipients);
  void send(session& s, const outgoing& message);
  void mark_sent(const protocol::message_id& id, const std::vector<std::string>& patients);
  void tell_unrecorded(const failure& why);
  void flush_receipts();
  bool is_recorded(const amendable& original);
  std::shared_ptr<const outgoing> find(const protocol::message_id& id);

  boost::asio::io_context& io_;
  const crypto::own_identity& self_;
  records& records_;
  ward& ward_;
  event_hub& events_;
  const clock& time_;
  crypto::random_source& random_;

  bool has_lost_records_ = false;         // the disk did not take that something was sent
  std::vector<receipt_record> receipts_;  // to be committed in one transaction
  bool told_of_receipts_ = false;         // that the disk does not take them
  std::list<std::shared_ptr<const outgoing>> cache_;  // the messages that receipts speak of
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace wardline::doctor
