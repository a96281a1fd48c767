#include <array>
#include <iostream>
#include <span>
#include <sstream>

#include "common/store/directory.hpp"
#include "patient/config.hpp"
#include "patient/identity_command.hpp"
#include "patient/records/records.hpp"
#include "patient/records/schema.hpp"
#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/released_schema.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;

namespace {

constexpr std::array shapes{"1a", "1b"};

struct place {
  temporary_directory directory;
  crypto::system_random random;
  crypto::own_identity doctor = make_doctor(1);

  const std::filesystem::path& path() const { return directory.path(); }
  patient::records open() { return {path(), "alice", random}; }

  /// As an earlier version left them: a doctor who is known, a message of the doctor's that is
  /// acknowledged and one that is not, and one of the patient's without a receipt.
  void fill_older(const std::string& shape) {
    {
      auto kept = open();
      REQUIRE(kept.doctors.pin(doctor.public_part(), 10).has_value());
      kept.doctors.signed_in("dr-lee", "ward.example", 7460, 20);
      kept.outbox.accept("dr-lee", make_text(3, "water, please"));
      kept.tickets.keep("dr-lee",
                        {bytes(40, 7), protocol::resumption_secret(byte_array<32>{}), UINT64_MAX});
      for (const byte n : {byte{1}, byte{2}}) {
        const auto message = make_text(n, "come by");
        REQUIRE(kept.inbox.keep("dr-lee", message, protocol::encode(message), true, 30).value());
      }
      REQUIRE(kept.inbox.acknowledge("dr-lee", make_id(1), 40));
    }
    make_older(path() / "patient.db", patient::application_id, "patient/" + shape);
  }
};

std::vector<std::string> schema_in(const std::filesystem::path& file,
                                   std::span<const store::migration> migrations) {
  store::database db(file, patient::application_id, migrations);
  return schema_of(db);
}

}  // namespace

// As of the doctor's records: a released schema stays what it was.
TEST_CASE("each migration of a patient's records leads to the schema that was released with it") {
  const std::array released{"patient/1b", "patient/1b"};
  REQUIRE(released.size() == patient::migrations.size());
  for (std::size_t i = 0; i < released.size(); ++i) {
    CAPTURE(released[i], i);
    const temporary_directory at;
    const auto sql = released_schema(released[i]);
    const std::array<store::migration, 1> as_it_was{{{sql}}};
    CHECK(schema_in(at.path() / "now.db", std::span(patient::migrations).first(i + 1)) ==
          schema_in(at.path() / "before.db", as_it_was));
  }
}

TEST_CASE("whichever version 1 a patient's records have, they get the schema of new ones") {
  const temporary_directory fresh;
  const auto made = schema_in(fresh.path() / "patient.db", patient::migrations);
  for (const auto* shape : shapes) {
    CAPTURE(shape);
    place at;
    at.fill_older(shape);
    { const auto kept = at.open(); }
    CHECK(schema_in(at.path() / "patient.db", patient::migrations) == made);
  }
}

TEST_CASE("what a patient's records of an earlier version hold is carried over and goes on") {
  for (const auto* shape : shapes) {
    CAPTURE(shape);
    place at;
    at.fill_older(shape);
    for (int run = 0; run < 2; ++run) {
      auto kept = at.open();
      const auto doctor = kept.doctors.find("dr-lee");
      REQUIRE(doctor.has_value());
      CHECK(doctor->who == at.doctor.public_part());
      CHECK(doctor->host == "ward.example");
      CHECK(kept.outbox.count_unreceipted("dr-lee") == 1);
      const auto inbox = kept.inbox.recent("dr-lee", 9);
      REQUIRE(inbox.size() == 2);
      CHECK(inbox[0].content.text() == "come by");
      CHECK(inbox[0].is_broadcast);
      CHECK_FALSE(inbox[0].acknowledged_at.has_value());
      CHECK(inbox[1].acknowledged_at == 40U);
      CHECK(inbox[1].at.holds());
      CHECK(kept.inbox.unsent_acknowledgements("dr-lee", 9).size() == 1);
      if (run == 1) CHECK(kept.tickets.take("dr-lee").has_value());
    }
    auto kept = at.open();
    const auto more = make_text(4, "again");
    CHECK(kept.inbox.keep("dr-lee", more, protocol::encode(more), true, 50).value());
    CHECK(kept.inbox.recent("dr-lee", 9).size() == 3);
  }
}

TEST_CASE("beside a program that runs, identity leaves records of an earlier version as they are") {
  place at;
  at.fill_older("1a");
  patient::config settings;
  settings.id = "alice";
  settings.json = true;
  {
    const store::directory_lock of_the_other(at.path(), "patient");
    const auto e =
        thrown_by<store::error>([&] { patient::show_identity(settings, at.path(), at.random); });
    CHECK(contains(e.what(), "in use by an older version"));
  }
  std::ostringstream out;
  auto* const standard = std::cout.rdbuf(out.rdbuf());
  const int status = patient::show_identity(settings, at.path(), at.random);
  std::cout.rdbuf(standard);
  CHECK(status == 0);
  CHECK(contains(out.str(), R"("doctor":"dr-lee")"));
}
