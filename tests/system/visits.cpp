#include "tests/system/visits.hpp"

#include "tests/support/catch.hpp"

namespace wardline::test {

patient_visit enrol(doctor_program& doctor, scripted_patient& patient, const std::string& source) {
  auto how = to(doctor, source);
  how.invite = doctor.invite(patient.id());
  return sign_in(doctor, patient, how);
}

patient_visit sign_in(doctor_program& doctor, scripted_patient& patient,
                      const scripted_patient::manner& how) {
  auto visit = patient.sign_in(how);
  if (!visit.is_up()) {
    FAIL(patient.id() << " is not let in from " << how.source << ": "
                      << (visit.told() ? name(*visit.told()) : "without a word"));
  }
  CHECK(visit.up->resumed == how.resume);
  doctor.events().await("patient_authenticated", where("id", patient.id()));
  return visit;
}

failed_sign_in fail_to_sign_in(doctor_program& doctor, scripted_patient& patient,
                               const scripted_patient::manner& how) {
  const auto visit = patient.sign_in(how);
  REQUIRE_FALSE(visit.is_up());
  REQUIRE(visit.told().has_value());
  auto event = doctor.events().await("sign_in_failed");
  const std::string address = event.at("address");
  CHECK(address.substr(0, address.rfind(':')) == how.source);
  return {*visit.told(), type_of(visit.sent.back()), std::move(event)};
}

}  // namespace wardline::test
