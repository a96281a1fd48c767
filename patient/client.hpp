#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "patient/console.hpp"
#include "patient/doctor_pin.hpp"
#include "patient/next_move.hpp"
#include "patient/own_keys.hpp"
#include "patient/records/records.hpp"
#include "patient/session.hpp"
#include "patient/visit.hpp"

namespace wardline::patient {

/// What the client is to do, as the command line and the records say together.
struct assignment {
  net::address where;
  wanted_doctor doctor;
  std::optional<known> pinned;                    ///< what the records have of that doctor
  std::optional<protocol::invite_secret> invite;  ///< until it has been used
  milliseconds clock_window;
  bool stays_when_over;   ///< a person at a menu may still want to read
  std::string patient;    ///< our id
  std::string directory;  ///< as an option for the next time; empty if it is the usual one
};

/// The patient's end: one visit to the doctor after the other, until it is told that there shall be
/// no more. For the thread of the io_context.
class client final : public commands, private visit_owner {
 public:
  /// The program shall end: with which exit status, and, if it failed, why.
  using on_finished = std::function<void(int status, const std::optional<problem>& why)>;

  /// Everything passed must outlive it. `finished` is called once.
  client(boost::asio::io_context& io, assignment what, own_keys& keys, records& kept, console& out,
         const clock& time, crypto::random_source& random, on_finished finished);
  ~client();

  void start() { begin_visit(); }

  void send_text(const std::string& text) override;
  void acknowledge(const protocol::message_id& id) override;
  void disconnect() override;
  void exit() override;
  std::vector<inbox_message> inbox(std::size_t limit) override;
  void answer_doctor(bool is_theirs) override;

 private:
  void on_connected() override;
  protocol::known_doctor doctor_to_visit() override;
  std::optional<visit_end> on_announced(const crypto::identity& doctor) override;
  void on_waiting(seconds at_most) override;
  void on_established(protocol::patient_established&& up) override;
  void on_session_frame(const protocol::frame& f) override;
  void on_end(const visit_end& end) override;

  void begin_visit();
  void end_session(const session_end& why);
  void schedule_tick();
  void after_visit(visit_end end);
  bool change_group(const visit_end& end);
  void retry(const next_move& move, const visit_end& end);
  void wait_and_visit(milliseconds delay);
  void say_goodbye(std::function<void()> done);
  void finish(int status, const std::optional<problem>& why = {});
  std::optional<problem> pin(const crypto::identity& doctor);
  const std::string& doctor_id() const noexcept { return what_.doctor.id; }
  bool guarded(const std::function<void()>& work);

  boost::asio::io_context& io_;
  assignment what_;
  own_keys& keys_;
  records& records_;
  console& console_;
  const clock& time_;
  crypto::random_source& random_;
  on_finished finished_;

  std::shared_ptr<const crypto::own_identity> self_;
  std::shared_ptr<visit> visit_;
  std::optional<session> session_;
  std::chrono::steady_clock::time_point session_began_{};
  boost::asio::steady_timer retry_timer_;
  boost::asio::steady_timer tick_timer_;
  backoff backoff_;
  sign_in_history history_;
  std::optional<crypto::identity> asked_about_;  // the person has not answered yet
  bool has_just_pinned_ = false;
  bool told_unreachable_ = false;
  bool look_at_doctor_ = false;
  bool changed_group_ = false;  // since the last visit that did not end for it
  bool is_over_ = false;        // no more visits
  int status_ = 0;              // with which the program will end
};

}  // namespace wardline::patient
