#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "bench/harness/simulated_patient.hpp"
#include "bench/harness/socket_crowd.hpp"
#include "common/crypto/random.hpp"
#include "patient/backoff.hpp"

namespace wardline::bench {

/// Simulated patients by the thousand, in this thread: they sign in over loopback, decrypt what
/// they are sent, answer receipts and checks. Nothing happens but in `sign_in` and `run`.
///
/// All read what has come before any of them writes a receipt: on machines of their own none would
/// wait for another's.
///
/// The i-th has the id "pNNNNN" (or another letter) and comes from an address of 127.0.0.0/8 that
/// 32 share, as many as the gateway lets one address be without a session.
class patient_crowd {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Makes n identities, or `people`: then the others are the same people once more, each of whom
  /// takes the place of the one before. One patient in `verify_one_in` (the first, and so on)
  /// verifies the signatures of broadcasts, the others decrypt only.
  patient_crowd(std::size_t n, crypto::group_id group, std::size_t verify_one_in = 1,
                char letter = 'p', std::size_t people = std::numeric_limits<std::size_t>::max());

  std::size_t size() const noexcept { return members_.size(); }
  std::vector<crypto::identity> identities() const;  ///< of all people

  /// Whom to sign in with. Those who have a ticket from another doctor are to be forgotten first.
  void know(const crypto::identity& doctor) { doctor_ = doctor; }

  struct sign_in_plan {
    std::uint16_t port;
    sign_in_way how = sign_in_way::full;
    std::size_t first = 0;
    std::size_t count = std::numeric_limits<std::size_t>::max();    ///< or as many as there are
    std::size_t at_once = std::numeric_limits<std::size_t>::max();  ///< the others wait meanwhile
    std::chrono::milliseconds patience{120'000};
  };

  struct sign_in_result {
    std::size_t established = 0;
    std::size_t resumed = 0;      ///< of those
    double took_ms = 0;           ///< from the first connection until the last session stood
    std::vector<double> each_ms;  ///< from each one's first connection until its session stood
    std::size_t retries = 0;      ///< attempts after one that failed
    std::map<std::string, std::size_t> failures;  ///< cause: patients who gave up
  };

  /// Makes the first flights of those whom the plan names, so that `sign_in` need not.
  void prepare(const sign_in_plan& plan);

  /// Brings them in. Who is turned away tries again as the real client does (at once with a full
  /// sign-in when the ticket was refused, else with its backoff), ten times at most, but not when
  /// it was refused for good. Returns when all are in or have given up, or patience is over
  /// ("timed_out").
  sign_in_result sign_in(const sign_in_plan& plan);

  /// Serves the sessions until `done` holds (false: patience is over), and writes the receipts that
  /// are owed then.
  bool run(const std::function<bool()>& done, std::chrono::milliseconds patience);

  std::size_t in_session() const noexcept { return in_session_; }

  /// How far a message has come.
  struct progress {
    protocol::message_id message{};
    std::size_t decrypted = 0;  ///< by so many patients
    time_point last{};          ///< when the last of them had it
  };
  /// Of the message that came up last; none yet: nobody has it.
  const progress& newest() const noexcept { return newest_; }
  std::size_t decrypted(const protocol::message_id& message) const;

  /// What is told of each patient, by number, as it happens; from inside `sign_in` and `run`, in
  /// which nobody may be closed.
  struct listeners {
    using one = std::function<void(std::size_t who, const protocol::message_id& message)>;
    one decrypted = [](auto, const auto&) {};  ///< a message, each time that it came
    one receipted = [](auto, const auto&) {};  ///< a message of the patient's own
  };
  void listen(listeners to) { listeners_ = std::move(to); }

  /// `who`, who must be in a session, writes to the doctor.
  void write(std::size_t who, const protocol::content& what);

  /// Of all patients, since the beginning.
  std::uint64_t received_bytes() const noexcept { return received_bytes_; }

  /// Sessions that ended by themselves, messages that did not open: by cause.
  const std::map<std::string, std::size_t>& troubles() const noexcept { return troubles_; }

  void close(std::size_t who);  ///< without a word
  void close_all();
  void fall_silent(std::size_t who) { members_[who].self.fall_silent(); }
  void stop_reading(std::size_t who);
  const simulated_patient& patient(std::size_t who) const { return members_[who].self; }

 private:
  static constexpr std::size_t no_socket = std::numeric_limits<std::size_t>::max();

  struct member {
    member(crypto::own_identity id, bool verifies, const clock& time, crypto::random_source& random)
        : self(std::move(id), verifies, time, random) {}

    simulated_patient self;
    std::size_t socket = no_socket;
    time_point began{};
    unsigned attempts = 0;  // of this sign-in; 0: none is under way
    patient::backoff backoff;
  };

  // A sign-in of many that is under way.
  struct rush {
    const sign_in_plan& plan;
    sign_in_result result;
    std::deque<std::size_t> waiting;               // to begin
    std::multimap<time_point, std::size_t> again;  // to try again, when
    std::size_t under_way = 0;
    time_point began{};
    time_point last{};
  };

  void turn(std::chrono::milliseconds at_most);
  void answer(std::size_t at_most);
  void begin(std::size_t who, sign_in_way how);
  void begin_some();
  void apply(std::size_t who);
  void on_established(member& m, bool was_resumed);
  void on_ended(std::size_t who, const ending& end);
  void retry_or_give_up(std::size_t who, const ending& end);
  void note_decrypted(const protocol::message_id& message);
  std::size_t end_of(const sign_in_plan& plan) const;

  system_clock time_;
  crypto::system_random random_;
  crypto::identity doctor_;
  std::size_t people_;
  std::deque<member> members_;
  std::vector<std::size_t> owners_;  // by socket
  std::deque<std::size_t> owing_;    // members who have receipts to write
  reaction reaction_;
  rush* rush_ = nullptr;
  std::size_t in_session_ = 0;
  listeners listeners_;
  std::uint64_t received_bytes_ = 0;
  progress newest_;
  std::map<protocol::message_id, std::size_t> decrypted_;
  std::map<std::string, std::size_t> troubles_;
  socket_crowd sockets_;
};

}  // namespace wardline::bench
