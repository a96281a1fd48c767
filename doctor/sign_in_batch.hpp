#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "doctor/connection.hpp"
#include "doctor/records/records.hpp"
#include "doctor/session_manager.hpp"

namespace wardline::doctor {

/// Commits sign-ins together. A frame whose answer has to be on disk first (a resume_request, which
/// spends a token; a verifier, which begins a session) waits until the end of the loop's turn. What
/// has come by then is decided in one transaction, one after the other as it came, each so that it
/// can be undone alone; then it is committed, and only then is anybody told. One that comes alone
/// waits for nobody. Behind a batch of several there is a pause, in which the next one gathers:
/// while the disk is waited for nothing else happens in the loop, and no broadcast goes out.
class sign_in_batch {
 public:
  sign_in_batch(boost::asio::io_context& io, records& kept, session_manager& sessions,
                connection_owner& owner)
      : io_(io), records_(kept), sessions_(sessions), owner_(owner), pause_(io) {}

  /// Nothing is read from `who` until it has been answered.
  void add(std::shared_ptr<connection> who, const protocol::frame& f);

  /// What is committed together: one turn of so many holds up nobody else for long.
  static constexpr std::size_t most = 64;
  /// Unless so many have gathered before it is over.
  static constexpr std::chrono::milliseconds pause{20};

 private:
  struct entry {
    std::shared_ptr<connection> who;
    secret_bytes frame;  // with a token in it, perhaps
    protocol::doctor_step step;
    std::optional<result<arrival>> in;  // of whom `step` establishes
    std::optional<failure> trouble;
  };

  static bool is_refused(const entry& e);
  void settle_later();
  void settle();
  void decide(entry& e);
  void carry_out(entry& e);

  boost::asio::io_context& io_;
  records& records_;
  session_manager& sessions_;
  connection_owner& owner_;
  std::deque<entry> due_;  // one for each connection at most
  boost::asio::steady_timer pause_;
  std::chrono::steady_clock::time_point earliest_{};  // of the next batch that is not full
  bool is_posted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace wardline::doctor
