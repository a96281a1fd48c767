#include "patient/doctor_pin.hpp"

#include "common/util/text_encoding.hpp"
#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::judge_doctor;
using patient::pin_verdict;
using patient::problem;
using patient::wanted_doctor;

namespace {

const crypto::identity lee = make_doctor(1).public_part();
const crypto::identity impostor = make_doctor(2).public_part();
const auto lee_key = crypto::fingerprint_of(lee);

bool accepts(const wanted_doctor& wanted, const crypto::identity& announced,
             const std::optional<crypto::identity>& known = std::nullopt) {
  const auto verdict = judge_doctor(wanted, announced, known, false);
  const auto* v = std::get_if<pin_verdict>(&verdict);
  return v != nullptr && *v == pin_verdict::accept;
}

problem objection(const wanted_doctor& wanted, const crypto::identity& announced,
                  const std::optional<crypto::identity>& known = std::nullopt) {
  return std::get<problem>(judge_doctor(wanted, announced, known, true));
}

}  // namespace

TEST_CASE("an unknown doctor needs a person, or a refusal with words") {
  const wanted_doctor wanted{"dr-lee", {}, {}, false};
  CHECK(std::get<pin_verdict>(judge_doctor(wanted, lee, {}, true)) == pin_verdict::ask_person);
  const auto why = std::get<problem>(judge_doctor(wanted, lee, {}, false));
  CHECK(why.error == errc::not_found);
  CHECK(contains(why.message, crypto::to_digits(lee_key)));
  CHECK(contains(why.hint, "--doctor-fingerprint"));
}

TEST_CASE("a doctor is accepted by whatever names its key, or by an order to trust") {
  CHECK(accepts({"dr-lee", lee_key, {}, false}, lee));
  CHECK(accepts({"", lee_key, {}, false}, lee));
  CHECK(accepts({"dr-lee", {}, crypto::to_digits(lee_key), false}, lee));
  CHECK(accepts({"dr-lee", {}, to_hex(lee_key.view()), false}, lee));
  CHECK(accepts({"dr-lee", {}, {}, true}, lee));
  CHECK(accepts({"dr-lee", {}, {}, false}, lee, lee));
}

TEST_CASE("a wrong key is refused, with both fingerprints, whatever else is said") {
  const auto digits = crypto::to_digits(lee_key);
  const auto wrong = crypto::to_digits(crypto::fingerprint_of(impostor));
  for (const auto& why :
       {objection({"dr-lee", lee_key, {}, true}, impostor),
        objection({"dr-lee", {}, digits, true}, impostor),
        objection({"dr-lee", {}, {}, true}, impostor, lee),
        // An invite does not replace a pin.
        objection({"", crypto::fingerprint_of(impostor), {}, true}, impostor, lee)}) {
    CHECK(why.error == errc::wrong_doctor);
    CHECK(contains(why.message, digits));
    CHECK(contains(why.message, wrong));
  }
}

TEST_CASE("a doctor of another id is refused, even one who is known or invited") {
  for (const auto& why : {objection({"dr-who", lee_key, {}, true}, lee),
                          objection({"dr-who", {}, {}, true}, lee, lee)}) {
    CHECK(why.error == errc::wrong_doctor);
    CHECK(contains(why.message, "dr-lee, not dr-who"));
  }
}
