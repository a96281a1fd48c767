#pragma once

#include <functional>

#include "protocol/message/session_token.hpp"
#include "tests/protocol/handshake/clinic.hpp"

namespace wardline::test {

/// One way of signing in.
struct path {
  std::string name;
  protocol::known_doctor (*prepare)(clinic&);
  errc operator_says = errc::ok;  ///< to a stranger: ok admits, anything else refuses
};

/// Full (with and without the hello), first use, by invite, from the waiting room (admitted,
/// refused, with a conflict), resumed.
const std::vector<path>& all_paths();
const path& path_named(std::string_view name);

/// Which frame of which end (0 is the first that it sends) is replaced on the way, and by what.
struct tampering {
  protocol::side from;
  std::size_t index;
  std::function<bytes(const bytes& honest)> replace;
};

/// Both machines against each other, without sockets. An end that closes tells the other, as the
/// owners of the machines do.
class exchange {
 public:
  exchange(clinic& c, const path& way, std::optional<tampering> t = std::nullopt);
  /// By what the patient knows. The operator admits.
  exchange(clinic& c, protocol::known_doctor doctor, std::optional<tampering> t = std::nullopt);

  std::vector<bytes> from_patient;  ///< as they were before anybody tampered
  std::vector<bytes> from_doctor;

  std::optional<protocol::authenticated_patient> doctor_established;
  std::optional<protocol::closing> doctor_closed;
  std::optional<errc> doctor_bad_frame;  ///< what arrived was no frame: no machine has seen it
  std::optional<protocol::stranger> stranger;
  protocol::session_token issued;  ///< to whom it has established

  std::optional<protocol::patient_established> patient_established;
  std::optional<protocol::patient_closing> patient_closed;
  std::optional<errc> patient_bad_frame;
  std::optional<seconds> waiting;
  std::optional<crypto::identity> pinned;
  bool asked_person = false;

  /// The doctor's own cause, whichever of the two it was.
  std::optional<errc> doctor_cause() const;
  std::optional<errc> patient_cause() const;

 private:
  void run();
  void do_step(protocol::doctor_step step);
  void do_step(protocol::patient_step step);
  void send(protocol::side from, bytes frame);
  void deliver(protocol::side to, const bytes& whole);

  clinic& clinic_;
  errc operator_says_ = errc::ok;
  std::optional<tampering> tampering_;
  protocol::doctor_handshake doctor_;
  protocol::patient_handshake patient_;
  std::vector<std::pair<protocol::side, bytes>> on_the_way_;
};

}  // namespace wardline::test
