#include "patient/session.hpp"

#include "patient/records/schema.hpp"
#include "tests/patient/scripted_doctor.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::problem;
using protocol::frame_type;
using protocol::receipt_state;

TEST_CASE("a direct message is stored, then receipted, then shown") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto message = make_text(1, "come by");
  doctor.say_directly(message);

  CHECK(doctor.kept.inbox.find("dr-lee", message.id).has_value());
  CHECK(doctor.receipts_for(message) == 1);
  const auto shown = doctor.console.all<patient::message_received>();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].message.content.body == message.body);
  CHECK_FALSE(shown[0].message.is_broadcast);
  CHECK_FALSE(shown[0].redelivered);
}

TEST_CASE("a message that cannot be stored is not receipted, and is asked for again") {
  scripted_doctor doctor;
  doctor.sign_in();
  // The disk fails: another holder of the file makes the table unusable.
  {
    store::database other(doctor.directory.path() / "patient.db", patient::application_id,
                          patient::migrations);
    other.execute("ALTER TABLE inbox RENAME TO hidden");
  }
  const auto message = make_text(1, "come by");
  doctor.say_directly(message);
  CHECK(doctor.receipts_for(message) == 0);
  CHECK(doctor.console.all<patient::message_received>().empty());
  REQUIRE(doctor.console.all<problem>().size() == 1);
  CHECK(doctor.console.all<problem>()[0].error == errc::unavailable);
  CHECK(doctor.all(frame_type::check).size() == 1);

  // There is room again.
  {
    store::database other(doctor.directory.path() / "patient.db", patient::application_id,
                          patient::migrations);
    other.execute("ALTER TABLE hidden RENAME TO inbox");
  }
  doctor.say_directly(message);
  CHECK(doctor.receipts_for(message) == 1);
  CHECK(doctor.console.all<patient::message_received>().size() == 1);
}

TEST_CASE("a message that comes twice is shown once and answered again") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto message = make_text(1, "come by");
  doctor.say_directly(message);
  doctor.say_directly(message);
  CHECK(doctor.receipts_for(message) == 2);
  CHECK(doctor.console.all<patient::message_received>().size() == 1);

  SECTION("in a later session too, under its key") {
    doctor.sign_in();
    doctor.say_directly(message);
    CHECK(doctor.receipts_for(message) == 1);
    CHECK(doctor.console.all<patient::message_received>().size() == 1);
  }
}

TEST_CASE("another content under a known id is dropped without a receipt") {
  scripted_doctor doctor;
  doctor.sign_in();
  doctor.say_directly(make_text(1, "take one"));
  const auto changed = make_text(1, "take ten");
  doctor.say_directly(changed);
  CHECK(doctor.all(frame_type::receipt).size() == 1);
  REQUIRE(doctor.console.all<problem>().size() == 1);
  CHECK(doctor.console.all<problem>()[0].error == errc::conflict);
  CHECK(doctor.console.all<patient::message_received>().size() == 1);
}

TEST_CASE("a broadcast is opened with the group's key, stored and receipted") {
  scripted_doctor doctor;
  doctor.sign_in();
  CHECK(doctor.console.all<patient::group_key_received>().size() == 1);
  const auto b = doctor.make_broadcast(make_text(7, "evacuate"));
  doctor.give(b.frame);
  CHECK(doctor.receipts_for(b.content.content) == 1);
  const auto shown = doctor.console.all<patient::message_received>();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].message.is_broadcast);
}

TEST_CASE("a broadcast that another member has forged is not shown and not receipted") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto slot = doctor.group.take_slot();
  const auto forger = make_doctor(2);  // has the group's key, but not the doctor's
  const auto forged = protocol::seal_broadcast(
      forger, slot, protocol::encode(make_text(7, "all is well")), doctor.random);
  doctor.give(forged.frame);
  CHECK(doctor.all(frame_type::receipt).empty());
  CHECK(doctor.console.all<patient::message_received>().empty());
  CHECK(doctor.console.all<problem>().size() == 1);
}

TEST_CASE("a redelivered broadcast is verified, and the receipt is for the original") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto b = doctor.make_broadcast(make_text(7, "evacuate"));

  SECTION("as the doctor signed it") {
    doctor.say_directly(scripted_doctor::as_redelivery(b.content));
    CHECK(doctor.receipts_for(b.content.content) == 1);
    const auto shown = doctor.console.all<patient::message_received>();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].redelivered);
    CHECK(shown[0].message.is_broadcast);

    // And the live one, which comes late, is a duplicate.
    doctor.give(b.frame);
    CHECK(doctor.console.all<patient::message_received>().size() == 1);
  }
  SECTION("not with a changed text") {
    auto forged = b.content;
    forged.content.body = to_bytes(as_bytes("stay where you are"));
    forged.encoded_content = protocol::encode(forged.content);
    doctor.say_directly(scripted_doctor::as_redelivery(forged));
    CHECK(doctor.all(frame_type::receipt).empty());
    CHECK(doctor.console.all<patient::message_received>().empty());
    REQUIRE(doctor.console.all<problem>().size() == 1);
    CHECK(doctor.console.all<problem>()[0].error == errc::invalid_signature);
  }
  SECTION("not under another id") {
    auto outer = scripted_doctor::as_redelivery(b.content);
    outer.id = make_id(8);
    doctor.say_directly(outer);
    CHECK(doctor.all(frame_type::receipt).empty());
    CHECK(doctor.console.all<patient::message_received>().empty());
    REQUIRE(doctor.console.all<problem>().size() == 1);
    CHECK(doctor.console.all<problem>()[0].error == errc::invalid_encoding);
  }
}

TEST_CASE("a withheld broadcast is asked for at once, and the person is told a moment later") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto b = doctor.make_broadcast(make_text(7, "evacuate"));  // and it does not arrive
  doctor.say_check(false, 1);

  // Our answer, and a question of our own.
  REQUIRE(doctor.all(frame_type::check).size() == 2);
  CHECK_FALSE(doctor.all(frame_type::check)[1].as<protocol::check>().is_reply);
  CHECK(doctor.console.all<patient::broadcast_missing>().empty());

  doctor.time.advance(patient::asking::patience);
  doctor.session->tick();
  CHECK(doctor.console.all<patient::broadcast_missing>().size() == 1);
  CHECK(doctor.all(frame_type::check).size() == 2);  // not again so soon
  doctor.time.advance(patient::asking::first_interval);
  doctor.session->tick();
  CHECK(doctor.all(frame_type::check).size() == 3);
  CHECK(doctor.console.all<patient::broadcast_missing>().size() == 1);

  doctor.say_directly(scripted_doctor::as_redelivery(b.content));
  CHECK(doctor.console.all<patient::broadcasts_complete>().size() == 1);
  doctor.time.advance(patient::asking::longest_interval);
  CHECK(doctor.console.all<patient::broadcast_missing>().size() == 1);
}

TEST_CASE("a broadcast that is merely on its way alarms nobody") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto b = doctor.make_broadcast(make_text(7, "evacuate"));
  doctor.say_check(true, 99);
  doctor.give(b.frame);
  doctor.time.advance(patient::asking::patience);
  doctor.session->tick();
  CHECK(doctor.console.all<patient::broadcast_missing>().empty());
  CHECK(doctor.console.all<patient::broadcasts_complete>().empty());
}

TEST_CASE("what the patient writes is sent in order and waits for the receipt") {
  scripted_doctor doctor;
  const auto first = make_text(1, "first");
  const auto second = make_text(2, "second");
  doctor.kept.outbox.accept("dr-lee", first);
  doctor.sign_in();
  REQUIRE(doctor.all(frame_type::direct).size() == 1);
  doctor.kept.outbox.accept("dr-lee", second);
  doctor.session->send_messages();
  doctor.session->send_messages();
  const auto sent = doctor.all(frame_type::direct);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].plaintext == protocol::encode(first));
  CHECK(sent[1].plaintext == protocol::encode(second));

  doctor.say_receipt(first, receipt_state::decrypted);
  CHECK(doctor.console.all<patient::delivery_changed>().back().state ==
        patient::delivery_state::decrypted);

  SECTION("what has no receipt is sent again in the next session") {
    doctor.sign_in();
    REQUIRE(doctor.all(frame_type::direct).size() == 1);
    CHECK(doctor.all(frame_type::direct)[0].plaintext == protocol::encode(second));
  }
  SECTION("a receipt whose proof is for another text counts for nothing") {
    doctor.say_receipt(make_text(2, "other"), receipt_state::decrypted);
    REQUIRE(doctor.console.all<problem>().size() == 1);
    CHECK(doctor.console.all<problem>()[0].error == errc::wrong_proof);
    CHECK(doctor.kept.outbox.count_unreceipted("dr-lee") == 1);
  }
}

TEST_CASE("only so many messages are on their way at once") {
  scripted_doctor doctor;
  for (byte i = 1; i <= 12; ++i) doctor.kept.outbox.accept("dr-lee", make_text(i, "text"));
  doctor.sign_in();
  CHECK(doctor.all(frame_type::direct).size() == patient::own_messages::window);
  doctor.say_receipt(make_text(1, "text"), receipt_state::decrypted);
  CHECK(doctor.all(frame_type::direct).size() == patient::own_messages::window + 1);
  // Those for which no receipt comes do not hold the others up for ever.
  doctor.time.advance(patient::own_messages::receipt_time);
  doctor.session->send_messages();
  CHECK(doctor.all(frame_type::direct).size() == 12);
}

TEST_CASE("without the right to send text nothing is sent") {
  scripted_doctor doctor;
  doctor.kept.outbox.accept("dr-lee", make_text(1, "text"));
  doctor.sign_in(protocol::scope::receive_broadcasts);
  CHECK(doctor.all(frame_type::direct).empty());
}

TEST_CASE("an acknowledgement is sent until the doctor has answered after it") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto message = make_text(1, "come by");
  doctor.say_directly(message);
  doctor.session.reset();  // offline
  REQUIRE(doctor.kept.inbox.acknowledge("dr-lee", message.id, 5));

  doctor.sign_in();
  CHECK(doctor.receipts_for(message, receipt_state::acknowledged) == 1);
  CHECK(doctor.all(frame_type::receipt)[0].as<protocol::receipt>().opened_at == 5);

  SECTION("no answer: again in the next session") {
    doctor.sign_in();
    CHECK(doctor.receipts_for(message, receipt_state::acknowledged) == 1);
  }
  SECTION("a check of ours was answered: done") {
    doctor.time.advance(scripted_doctor::heartbeat);
    doctor.session->tick();
    REQUIRE(doctor.all(frame_type::check).size() == 1);
    doctor.say_check(true, doctor.all(frame_type::check)[0].as<protocol::check>().sequence);
    doctor.sign_in();
    CHECK(doctor.receipts_for(message, receipt_state::acknowledged) == 0);
  }
}

TEST_CASE("a doctor that is never silent is asked whether it has the acknowledgements") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto message = make_text(1, "come by");
  doctor.say_directly(message);
  REQUIRE(doctor.kept.inbox.acknowledge("dr-lee", message.id, 5));
  doctor.session->send_acknowledgement(*doctor.kept.inbox.find("dr-lee", message.id));
  CHECK(doctor.all(frame_type::check).empty());

  // Its own checks come before our silence would have been long enough for one of ours.
  std::vector<protocol::check> asked;
  for (int i = 0; i < scripted_doctor::heartbeat.count(); ++i) {
    doctor.time.advance(seconds(1));
    doctor.say_check(false, 100 + static_cast<std::uint64_t>(i));
    doctor.session->tick();
  }
  for (const auto& frame : doctor.all(frame_type::check)) {
    const auto check = frame.as<protocol::check>();
    if (!check.is_reply) asked.push_back(check);
  }
  REQUIRE(asked.size() == 1);  // soon, and not again and again

  doctor.say_check(true, asked[0].sequence);
  CHECK(doctor.kept.inbox.unsent_acknowledgements("dr-lee", 1).empty());
}

TEST_CASE("acknowledgements beyond what is sent at once follow when the doctor has those") {
  scripted_doctor doctor;
  doctor.sign_in();
  constexpr std::size_t count = 300;
  for (std::uint8_t i = 0; i < 150; ++i) {
    for (const auto* text : {"one", "two"}) {
      auto message = make_text(i, text);
      message.id = doctor.random.make<protocol::message_id>();
      doctor.say_directly(message);
      REQUIRE(doctor.kept.inbox.acknowledge("dr-lee", message.id, 5));
    }
  }
  doctor.sign_in();
  const auto sent = doctor.all(frame_type::receipt).size();
  CHECK(sent < count);
  doctor.time.advance(seconds(1));
  doctor.session->tick();
  doctor.say_check(true, doctor.all(frame_type::check).back().as<protocol::check>().sequence);
  CHECK(doctor.all(frame_type::receipt).size() == count);
  doctor.time.advance(seconds(1));
  doctor.session->tick();
  doctor.say_check(true, doctor.all(frame_type::check).back().as<protocol::check>().sequence);
  CHECK(doctor.kept.inbox.unsent_acknowledgements("dr-lee", 1).empty());
}

TEST_CASE("a check is answered, and three unanswered end the session") {
  scripted_doctor doctor;
  doctor.sign_in();
  doctor.say_check(false, 41);
  REQUIRE(doctor.all(frame_type::check).size() == 1);
  const auto reply = doctor.all(frame_type::check)[0].as<protocol::check>();
  CHECK(reply.is_reply);
  CHECK(reply.sequence == 41);
  CHECK(reply.generation == 0);  // "zeros from a patient"

  std::optional<patient::session_end> end;
  for (int i = 0; i < 10 && !end; ++i) {
    doctor.time.advance(scripted_doctor::heartbeat);
    end = doctor.session->tick();
  }
  REQUIRE(end.has_value());
  CHECK(end->cause == errc::timed_out);
  CHECK(doctor.all(frame_type::check).size() == 1 + protocol::max_unanswered_checks);
}

TEST_CASE("only a protected disconnect ends a session") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto word = protocol::encode(
      protocol::disconnect{protocol::disconnect_reason::session_over, 0, "good night"});
  CHECK_FALSE(doctor.give(protocol::encode_frame(frame_type::disconnect, word)).has_value());
  const auto end = doctor.say(frame_type::disconnect, word);
  REQUIRE(end.has_value());
  REQUIRE(end->notice.has_value());
  CHECK(end->notice->reason == protocol::disconnect_reason::session_over);
}

TEST_CASE("what does not belong into a session ends it") {
  scripted_doctor doctor;
  doctor.sign_in();
  SECTION("a frame with a changed byte") {
    auto frame = doctor.channel->seal(frame_type::direct, protocol::encode(make_text(1, "x")));
    frame.back() ^= 1U;
    const auto end = doctor.give(frame);
    REQUIRE(end.has_value());
    CHECK(end->cause == errc::invalid_tag);
  }
  SECTION("a frame of the handshake") {
    const auto end = doctor.give(protocol::encode_frame(frame_type::identity, bytes(10)));
    REQUIRE(end.has_value());
    CHECK(end->cause == errc::protocol_error);
  }
  CHECK(doctor.console.all<patient::message_received>().empty());
}

TEST_CASE("a message whose time has passed is kept and receipted, and said to be expired") {
  scripted_doctor doctor;
  doctor.sign_in();
  const auto message = make_text(1, "until noon", 1'000, doctor.time.now() - 1);
  doctor.say_directly(message);
  CHECK(doctor.receipts_for(message) == 1);
  const auto shown = doctor.console.all<patient::message_received>();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].message.expired_at(shown[0].message.opened_at));
}

TEST_CASE("a flood of frames that are dropped is not a flood of words") {
  scripted_doctor doctor;
  doctor.sign_in();
  for (int i = 0; i < 1'000; ++i) {
    doctor.give(protocol::encode_frame(frame_type::broadcast, bytes(40)));
  }
  CHECK(doctor.console.all<problem>().size() == 10);
}
