#pragma once

#include <memory>
#include <string>

namespace wardline::bench {

/// One sign-in, both ends in this process, driven in turns. What the doctor's side costs is what
/// `doctor_turn` and `dismiss_doctor` take; nothing else is done in them.
class sign_in {
 public:
  virtual ~sign_in() = default;

  /// Works off what has arrived and sends what follows from it; the patient's first turn begins.
  /// Throws `failure` if that end gives up. The doctor's first turn also makes its end.
  virtual void patient_turn() = 0;
  virtual void doctor_turn() = 0;

  /// Nothing is left to be sent: the patient's end is established and holds what it can come back
  /// by.
  virtual bool is_over() const = 0;

  /// Throws `failure` unless both ends are established, in the way that was meant. Called once,
  /// when it is over.
  virtual void check() = 0;

  /// Destroys the doctor's end.
  virtual void dismiss_doctor() = 0;
};

/// A way of signing in, of which as many as wanted can be begun, also beside each other.
class sign_in_method {
 public:
  virtual ~sign_in_method() = default;
  virtual std::string name() const = 0;  ///< whose: as in the report
  /// Throws `failure`. The sign_in must not outlive the method.
  virtual std::unique_ptr<sign_in> begin() = 0;
};

}  // namespace wardline::bench
