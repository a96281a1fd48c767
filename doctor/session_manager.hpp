#pragma once

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "doctor/config.hpp"
#include "doctor/connection.hpp"
#include "doctor/dispatch.hpp"
#include "doctor/events.hpp"
#include "doctor/records/records.hpp"
#include "doctor/rounds.hpp"
#include "doctor/ward.hpp"
#include "protocol/message/session_token.hpp"

namespace wardline::doctor {

/// What goes to the disk when a patient is let in, as the session will need it.
struct arrival {
  secret_bytes token;                       ///< SESSION_TOKEN, encoded
  std::list<protocol::message_id> backlog;  ///< what it has yet to decrypt
};

/// Begins, serves and ends the sessions: from an accepted verifier on.
class session_manager {
 public:
  session_manager(const config& settings, records& kept, ward& present, dispatch& messages,
                  event_hub& events, const clock& time, crypto::random_source& random)
      : settings_(settings),
        records_(kept),
        ward_(present),
        dispatch_(messages),
        events_(events),
        time_(time),
        random_(random) {}

  /// Looks once more at revocation, blocks and invite, enrols, and keeps the new resumption token,
  /// all in the transaction that is open. An error if the patient may not sign in after all: then
  /// that is to be undone.
  result<arrival> admit(const connection& c, const protocol::authenticated_patient& patient);

  /// The session begins: what `admit` has changed is on disk.
  void begin(connection& c, protocol::authenticated_patient&& patient, const arrival& in);

  void on_frame(connection& c, const protocol::frame& f);
  void on_ended(connection& c, errc cause);

  /// Tells the patient why and ends its session; false if it is not here.
  bool end(const std::string& id, protocol::disconnect_reason reason,
           const std::function<void()>& done = {});
  /// The same for all; how many were told.
  std::size_t end_all(protocol::disconnect_reason reason, const std::function<void()>& done = {});

  /// Heartbeats, backlogs, patients who do not read. To be called a few times a second; where there
  /// are many sessions, each is looked at once a second.
  void tick();

 private:
  struct entry {
    std::shared_ptr<connection> link;
    std::string reason;  // why it ends, once that is known
  };

  struct unkept {
    std::shared_ptr<connection> link;
    protocol::content content;
  };

  result<void> sign_in(const connection& c, const protocol::authenticated_patient& patient);
  void audit_enrolment(const connection& c, const protocol::authenticated_patient& patient,
                       const std::string& old_key);
  void left(const std::string& id);
  protocol::session_token make_token(const protocol::authenticated_patient& patient);
  void handle(connection& c, const protocol::content& content);
  void keep(connection& c, const protocol::content& content);
  void wait_for_disk(connection& c, const protocol::content& content);
  void keep_unkept();
  void handle(connection& c, const protocol::receipt& receipt);
  void handle(connection& c, const protocol::check& check);
  void handle(connection& c, const protocol::disconnect& notice);

  const config& settings_;
  records& records_;
  ward& ward_;
  dispatch& dispatch_;
  event_hub& events_;
  const clock& time_;
  crypto::random_source& random_;
  std::map<std::string, entry> entries_;  // by id
  rounds rounds_;
  std::deque<unkept> unkept_;  // messages of patients that wait for the disk, as they came
};

}  // namespace wardline::doctor
