#include "doctor/metrics/counters.hpp"

#include "doctor/gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor::metrics {
namespace {

using test::contains;

gateway_status status() {
  gateway_status s{};
  s.started = 1'790'000'000'500;
  s.enrolled = 12;
  s.connected = 3;
  s.waiting = 2;
  s.overdue = 1;
  s.connections = 5;
  return s;
}

}  // namespace

TEST_CASE("what happens is counted, and who it was is told to nobody") {
  event_hub hub;
  const counters c(hub);
  const crypto::fingerprint key{};
  hub.publish(patient_authenticated{"secret-name", key, "192.0.2.1:5", true, false});
  hub.publish(patient_authenticated{"secret-name", key, "192.0.2.1:5", false, true});
  hub.publish(patient_authenticated{"secret-name", key, "192.0.2.1:5", false, false});
  hub.publish(patient_disconnected{"secret-name", "goodbye"});
  hub.publish(sign_in_failed{"192.0.2.1:5", errc::clock_skew, "secret-name", key});
  hub.publish(sign_in_failed{"192.0.2.1:5", errc::invalid_signature, "", std::nullopt});
  hub.publish(frame_refused{"secret-name", errc::out_of_scope, "vitals"});
  hub.publish(waiting_ended{"secret-name", key, "admitted"});
  hub.publish(delivery_changed{{}, "secret-name", delivery_state::decrypted, 1});
  hub.publish(overdue{{}, protocol::priority::emergency, {"secret-name", "b"}, 5, {"b"}});
  hub.publish(message_amended{{}, {}, true, 3});
  hub.publish(broadcast_sent{{}, 3, 3, {}});
  hub.publish(message_received{"secret-name", {}});
  hub.publish(key_blocked{"secret-name", key, "192.0.2.1", 1});
  hub.publish(source_closed{"192.0.2.1", seconds(5)});
  hub.publish(trouble{"the disk is full"});

  const auto text = c.text(status(), "the disk is full", 1'790'000'001'250);
  for (const auto* line : {"process_start_time_seconds 1790000000.5\n",
                           "wardline_time_seconds 1790000001.25\n",
                           "wardline_trouble 1\n",
                           "wardline_patients_enrolled 12\n",
                           "wardline_sessions 3\n",
                           "wardline_connections 5\n",
                           "wardline_waiting_room 2\n",
                           "wardline_overdue_messages 1\n",
                           "wardline_sign_ins_total{way=\"full\"} 2\n",
                           "wardline_sign_ins_total{way=\"resumed\"} 1\n",
                           "wardline_refusals_total{reason=\"busy\"} 0\n",
                           "wardline_refusals_total{reason=\"clock_skew\"} 1\n",
                           "wardline_refusals_total{reason=\"invalid_signature\"} 1\n",
                           "wardline_frames_refused_total{reason=\"out_of_scope\"} 1\n",
                           "wardline_disconnections_total{reason=\"goodbye\"} 1\n",
                           "wardline_waiting_ended_total{reason=\"admitted\"} 1\n",
                           "wardline_deliveries_total{state=\"decrypted\"} 1\n",
                           "wardline_deliveries_total{state=\"expired\"} 0\n",
                           "wardline_overdue_total{priority=\"emergency\"} 2\n",
                           "wardline_amendments_total{kind=\"cancellation\"} 1\n",
                           "wardline_broadcasts_total 1\n",
                           "wardline_messages_received_total 1\n",
                           "wardline_keys_blocked_total 1\n",
                           "wardline_sources_closed_total 1\n",
                           "wardline_troubles_total 1\n",
                           "# TYPE wardline_sessions gauge\n",
                           "# TYPE wardline_broadcasts_total counter\n"}) {
    INFO(line << "in\n" << text);
    CHECK(contains(text, line));
  }
  CHECK_FALSE(contains(text, "secret-name"));
  CHECK_FALSE(contains(text, "192.0.2.1"));
  CHECK_FALSE(contains(text, "the disk is full"));
  CHECK(contains(c.text(status(), "", 0), "wardline_trouble 0\n"));
}

TEST_CASE("a label has only so many values, and none that could break its line") {
  counted c;
  c.add("a\"} 1\nx");
  c.add("");
  c.add(std::string(65, 'a'));
  CHECK(c.values().size() == 1);
  CHECK(c.values().at("other") == 3);
  for (int i = 0; i < 1000; ++i) c.add("r" + std::to_string(i));
  CHECK(c.values().size() == counted::most_values);
  CHECK(c.values().at("other") == 3 + 1000 - (counted::most_values - 1));
}

}  // namespace wardline::doctor::metrics
