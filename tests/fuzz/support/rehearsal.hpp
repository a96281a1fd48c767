#pragma once

#include <deque>

#include "tests/fuzz/support/mutated_frame.hpp"
#include "tests/protocol/handshake/exchange.hpp"

namespace wardline::fuzz {

/// Both machines of a sign-in against each other, with the network, both clocks and the operator in
/// the input's hands. With no decisions it is the valid exchange. What must hold:
///
/// - two ends that are both established have one SK, and know whom they speak to
/// - an end is established only if every frame of the handshake that it took (the announcement
///   excepted, which stands for itself) is one that the other machine made in this very exchange
/// - the patient is never established before the doctor, and neither is if their clocks differ by
///   more than the window throughout
/// - what is established or closed stays so
class rehearsal {
 public:
  rehearsal(const test::path& way, input& in);

  /// To its end.
  void run();

 private:
  /// A frame that an owner hands to the machine of that end.
  struct end {
    std::deque<bytes> on_the_way;  ///< to this end
    std::vector<bytes> made;       ///< by this end's machine
    std::vector<bytes> taken;      ///< by this end's machine
    bool is_over = false;
  };

  /// What the same people said in an exchange before this one.
  static const std::vector<bytes>& said_before(const test::path& way);

  void act();
  void deliver(protocol::side to, const bytes& whole);
  void send(protocol::side from, bytes whole);
  void do_step(protocol::doctor_step step);
  void do_step(protocol::patient_step step);
  void operator_speaks(errc word);
  void check_taken(protocol::side at) const;
  end& at(protocol::side s) { return s == protocol::side::doctor ? doctor_end_ : patient_end_; }
  const end& at(protocol::side s) const {
    return s == protocol::side::doctor ? doctor_end_ : patient_end_;
  }

  input& in_;
  const test::path& way_;
  test::clinic clinic_;
  test::manual_clock patient_time_;
  test::seeded_random patient_random_{2};
  protocol::patient_context patients_;
  protocol::doctor_handshake doctor_;
  protocol::patient_handshake patient_;
  end doctor_end_, patient_end_;
  std::optional<protocol::authenticated_patient> doctor_established_;
  std::optional<protocol::patient_established> patient_established_;
  bool is_operator_asked_ = false;
  bool clocks_always_differ_ = false;
};

}  // namespace wardline::fuzz
