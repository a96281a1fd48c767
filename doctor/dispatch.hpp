#pragma once

#include <deque>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/crypto/identity.hpp"
#include "doctor/crypto_pool.hpp"
#include "doctor/events.hpp"
#include "doctor/records/records.hpp"
#include "doctor/ward.hpp"

namespace wardline::doctor {

/// Gets messages to patients and their receipts back: a message is on disk, with a row for each
/// recipient, before anybody is told that it was accepted; a broadcast is sealed and signed once,
/// by a crypto worker, and kept before its first byte goes out; who was away is sent it on return;
/// a receipt is on disk before it is shown.
class dispatch {
 public:
  dispatch(boost::asio::io_context& io, const crypto::own_identity& self, records& kept,
           ward& present, crypto_pool& pool, event_hub& events, const clock& time,
           crypto::random_source& random);

  /// Seals what was accepted before a crash.
  void start();

  /// Tries again what the disk refused.
  void retry() {
    flush_receipts();
    seal_next();
  }

  /// On disk when it returns.
  void broadcast(const protocol::content& content, const std::vector<std::string>& recipients,
                 bool include_new = false);
  void direct(const protocol::content& content, const std::string& recipient);

  /// A correction or cancellation takes the place of `original`: on disk when it returns, and from
  /// then on nobody is sent what it replaces.
  amended amend(const protocol::content& content, const amendable& original);

  /// A patient has signed in: what it has yet to decrypt follows, as fast as it reads.
  void on_joined(session& s);

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
  struct to_seal {
    protocol::message_id id;
    std::vector<std::string> recipients;
    bool include_new = false;
  };
  struct seal_job;

  void seal_next();
  void sealed(std::unique_ptr<protocol::computation> done);
  void tell_of_waiting(const failure& why);
  void fanned_out(const to_seal& what, std::vector<std::string> sent);
  void send(session& s, const outgoing& message);
  void mark_sent(const protocol::message_id& id, const std::vector<std::string>& patients);
  void flush_receipts();
  void go_out(const protocol::content& content, bool is_broadcast,
              const std::vector<std::string>& recipients, bool include_new);
  bool is_recorded(const amendable& original);
  std::shared_ptr<const outgoing> find(const protocol::message_id& id);

  boost::asio::io_context& io_;
  const crypto::own_identity& self_;
  records& records_;
  ward& ward_;
  crypto_pool& pool_;
  event_hub& events_;
  const clock& time_;
  crypto::random_source& random_;

  std::deque<to_seal> unsealed_;  // in the order in which they were accepted
  bool sealing_ = false;
  bool told_of_waiting_ = false;   // that the disk does not take the first
  std::size_t fanning_out_ = 0;    // broadcasts on their way, of which the rows do not say so yet
  bool has_lost_records_ = false;  // the disk did not take that something was sent
  unsigned outdated_ = 0;          // how often in a row a seal came too late
  std::vector<receipt_record> receipts_;              // to be committed in one transaction
  bool told_of_receipts_ = false;                     // that the disk does not take them
  std::list<std::shared_ptr<const outgoing>> cache_;  // the messages that receipts speak of
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace wardline::doctor
