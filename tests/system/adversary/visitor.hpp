#pragma once

#include "tests/system/adversary/handshake.hpp"
#include "tests/system/programs.hpp"

/// The adversary as a patient: signs in at the real gateway, as far as a test lets it.
namespace wardline::test::adversary {

/// A connection, and what has been agreed over it.
struct visit {
  explicit visit(line connected) : peer(std::move(connected)) {}

  line peer;
  octets th4, sk;                     ///< once there is an auth_response or a resume_response
  std::optional<direction> p2d, d2p;  ///< once the verifier has been sent
  std::optional<ticket> token;        ///< once SESSION_TOKEN has opened
  std::optional<group_secret> group;
  std::vector<arrived> heard;  ///< every frame that came, in order

  /// The next frame, kept in `heard` too; nothing at the end.
  std::optional<arrived> next();
  /// The next frame must be this one.
  arrived must_hear(frame_kind kind);

  void send_verifier(std::uint64_t ts_v = now_ms());
  /// Awaits SESSION_TOKEN and GROUP_KEY, which must open.
  void must_be_let_in();

  octets seal(frame_kind kind, const octets& plaintext) { return p2d->seal(kind, plaintext); }
  void say(frame_kind kind, const octets& plaintext) { peer.send(seal(kind, plaintext)); }
  /// The next frame of this kind, opened; others before it are opened and dropped.
  octets must_be_told(frame_kind kind);
  /// The same for a broadcast, whole.
  arrived must_hear_broadcast();
  /// A check is answered: the session stands, and the gateway has seen everything before it.
  void must_be_alive();
};

/// What ended a connection, as its peer saw it.
struct ending {
  std::optional<reason> told;  ///< by a DISCONNECT
  bool in_session = false;     ///< ... that was protected
  friend bool operator==(const ending&, const ending&) = default;
};
inline const ending without_a_word{};
inline ending told(reason why) { return {why, false}; }
inline ending told_in_session(reason why) { return {why, true}; }
std::string describe(const ending& e);

/// The peer reads this end, and the gateway tells of the cause, in a sign-in. The event.
json must_be_refused(doctor_program& gateway, visit& v, const ending& end,
                     const std::string& cause);

/// Reads to the end. Frames before the last word are dropped.
ending read_to_end(visit& v);

class visitor {
 public:
  visitor(const std::string& group, std::string id, std::string source = "127.0.0.1");

  own_identity keys;
  std::string source;
  std::optional<identity> doctor;  ///< once its identity was asked for
  std::optional<ticket> kept;      ///< of the last session

  const std::string& id() const { return keys.shown_to_all.id; }
  std::string key_hex() const { return hex(keys.shown_to_all.fingerprint()); }

  visit connect(const doctor_program& gateway) const;
  /// By hello; what is announced must be signed, and have the fingerprint that the gateway printed.
  void learn_doctor(const doctor_program& gateway);

  /// Up to and with the request; `fault` as in sign_in::request.
  struct asked {
    visit v;
    sign_in handshake;
  };
  asked ask(const doctor_program& gateway, const std::function<void(request_parts&)>& fault = {});
  /// The verifier is awaited.
  visit be_answered(const doctor_program& gateway,
                    const std::function<void(request_parts&)>& fault = {});
  visit be_answered_again(const doctor_program& gateway);  ///< by the ticket kept
  visit wait_outside(const doctor_program& gateway);       ///< in the waiting room

  /// The session is up at both ends.
  visit sign_in_at(doctor_program& gateway, const std::function<void(request_parts&)>& fault = {});
  visit resume_at(doctor_program& gateway);
  /// By an invite of its own.
  visit enrol_at(doctor_program& gateway);

 private:
  void enter(doctor_program& gateway, visit& v, bool resumed);
};

/// The secret of an invite's text form.
octets secret_of(const std::string& invite);

}  // namespace wardline::test::adversary
