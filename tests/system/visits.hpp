#pragma once

#include "tests/support/scripted_patient.hpp"
#include "tests/system/programs.hpp"

/// Scripted patients at the real gateway.
namespace wardline::test {

inline scripted_patient::manner to(const doctor_program& doctor, std::string source = "127.0.0.1") {
  return {.port = doctor.port(), .source = std::move(source)};
}

inline scripted_patient::manner resuming(scripted_patient::manner how) {
  how.resume = true;
  return how;
}

/// With the last bit of each frame of this type flipped.
inline scripted_patient::manner spoiling(protocol::frame_type type, scripted_patient::manner how) {
  how.meddle = only(type, flip_last_bit);
  return how;
}

/// By an invite of its own; the session is up at both ends.
patient_visit enrol(doctor_program& doctor, scripted_patient& patient,
                    const std::string& source = "127.0.0.1");

/// A sign-in that must succeed; the session is up at both ends.
patient_visit sign_in(doctor_program& doctor, scripted_patient& patient,
                      const scripted_patient::manner& how);

/// A sign-in that must fail: what the patient was told, after which of its frames, and the
/// gateway's event, which has the cause.
struct failed_sign_in {
  protocol::disconnect_reason told;
  protocol::frame_type last_sent;
  json event;
};
failed_sign_in fail_to_sign_in(doctor_program& doctor, scripted_patient& patient,
                               const scripted_patient::manner& how);

}  // namespace wardline::test
