#include "tests/support/ledger_checker.hpp"

#include <optional>

#include "common/crypto/random.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/records/records.hpp"
#include "patient/records/records.hpp"

namespace wardline::test {
namespace {

using doctor::delivery_state;
using message_of = evidence::message_of;

constexpr std::size_t all = 10'000'000;

struct kept_message {
  std::string text;
  bool acknowledged = false;
  bool doctor_knows = false;
};

struct ledger_row {
  std::string text;
  delivery_state state;
};

std::string text_of(const protocol::content& c) { return std::string(c.text()); }

bool is_decrypted(delivery_state s) {
  return s == delivery_state::decrypted || s == delivery_state::acknowledged;
}

class checker {
 public:
  checker(const evidence& seen, const data_directories& where, moment when)
      : seen_(seen), at_end_(when == moment::end) {
    read_doctor(where.doctor);
    for (const auto& [id, directory] : where.patients) read_patient(id, directory);
  }

  std::vector<std::string> run() {
    promises();
    deliveries();
    patients_messages();
    showings("to the patient", seen_.shown_to_patient, patient_inboxes_);
    showings("to the doctor", seen_.shown_to_doctor, doctor_inbox_);
    receipts();
    if (at_end_) unshown();
    return std::move(wrong_);
  }

 private:
  void read_doctor(const std::filesystem::path& directory) {
    doctor::records kept(directory, random_);
    for (const auto& m : kept.outbox.recent(all)) {
      const auto id = to_hex(m.id.view());
      auto& recipients = broadcasts_and_directs_[id];
      recipients = {m.text, m.is_broadcast, {}};
      for (const auto& d : m.deliveries) {
        recipients.recipients.insert(d.patient_id);
        ledger_.insert({message_of(d.patient_id, id), {m.text, d.state}});
      }
    }
    for (const auto& m : kept.inbox.recent(all)) {
      doctor_inbox_[{m.from, to_hex(m.content.id.view())}].text = text_of(m.content);
    }
  }

  void read_patient(const std::string& id, const std::filesystem::path& directory) {
    patient::records kept(directory, id, random_);
    const auto known = kept.doctors.latest();
    if (!known) return complain("it knows no doctor", {id, ""});
    const auto& doctor = known->who.id;
    for (const auto& m : kept.inbox.recent(doctor, all)) {
      patient_inboxes_[{id, to_hex(m.content.id.view())}] = {
          text_of(m.content), m.acknowledged_at.has_value(), m.acknowledged_at.has_value()};
    }
    for (const auto& m : kept.inbox.unsent_acknowledgements(doctor, all)) {
      patient_inboxes_[{id, to_hex(m.content.id.view())}].doctor_knows = false;
    }
    const auto look_up = [&](const message_of& m) {
      if (m.first != id) return;
      const auto found =
          kept.outbox.find(doctor, *protocol::message_id::from(from_hex(m.second).value()));
      if (!found) return;
      const auto content = protocol::decode<protocol::content>(found->encoded_content).value();
      patient_outboxes_[m] = {text_of(content), found->state >= patient::delivery_state::decrypted,
                              false};
    };
    for (const auto& m : seen_.accepted_of_patients) look_up(m);
    for (const auto& [m, message] : doctor_inbox_) look_up(m);
    if (at_end_ && kept.outbox.count_unreceipted(doctor) != 0) {
      complain("messages of its own have no receipt", {id, ""});
    }
  }

  void promises() {
    for (const auto& [id, promised] : seen_.accepted) {
      const auto found = broadcasts_and_directs_.find(id);
      if (found == broadcasts_and_directs_.end()) {
        complain("was accepted and is not in the ledger", {"", id});
        continue;
      }
      const auto& kept = found->second;
      if (kept.text != promised.text) complain("has another text in the ledger", {"", id});
      if (kept.is_broadcast != promised.is_broadcast) complain("is of another kind", {"", id});
      if (kept.recipients != promised.recipients) complain("has other recipients", {"", id});
    }
  }

  void deliveries() {
    for (const auto& [m, row] : ledger_) {
      const auto found = patient_inboxes_.find(m);
      const bool has_it = found != patient_inboxes_.end();
      if (is_decrypted(row.state) && !has_it) complain("has a receipt and did not arrive", m);
      if (row.state == delivery_state::acknowledged && !(has_it && found->second.acknowledged)) {
        complain("is acknowledged in the ledger and not by the patient", m);
      }
      if (has_it && found->second.text != row.text) complain("arrived with another text", m);
      if (!at_end_) continue;
      if (!is_decrypted(row.state)) {
        complain("is still " + std::string(name(row.state)) + (has_it ? ", and arrived" : ""), m);
      } else if (has_it && found->second.acknowledged &&
                 row.state != delivery_state::acknowledged) {
        complain("was acknowledged, and the ledger has lost that", m);
      }
    }
    for (const auto& [m, kept] : patient_inboxes_) {
      const auto row = ledger_.find(m);
      if (row == ledger_.end()) {
        complain("is in the inbox, and the doctor never sent it", m);
      } else if (kept.doctor_knows && row->second.state != delivery_state::acknowledged) {
        complain("is taken for acknowledged, and the ledger does not know", m);
      }
    }
    for (const auto& m : seen_.acknowledged) {
      const auto found = patient_inboxes_.find(m);
      if (found == patient_inboxes_.end() || !found->second.acknowledged) {
        complain("was acknowledged, and the patient's records have lost that", m);
      }
    }
  }

  void patients_messages() {
    for (const auto& m : seen_.accepted_of_patients) {
      if (!patient_outboxes_.contains(m)) complain("was accepted and is not in the outbox", m);
    }
    for (const auto& [m, sent] : patient_outboxes_) {
      const auto found = doctor_inbox_.find(m);
      const bool has_it = found != doctor_inbox_.end();
      // Here `acknowledged` is "has a receipt".
      if (sent.acknowledged && !has_it) complain("has a receipt and did not reach the doctor", m);
      if (at_end_ && !has_it) complain("did not reach the doctor", m);
      if (has_it && found->second.text != sent.text) complain("came with another text", m);
    }
    for (const auto& [m, message] : doctor_inbox_) {
      if (!patient_outboxes_.contains(m)) complain("came, and the patient never sent it", m);
    }
  }

  void showings(const std::string& to_whom, const std::map<message_of, evidence::showing>& shown,
                const std::map<message_of, kept_message>& kept) {
    for (const auto& [m, one] : shown) {
      if (one.times > 1) complain("was shown twice " + to_whom, m);
      const auto found = kept.find(m);
      if (found == kept.end()) {
        complain("was shown " + to_whom + " and is not on disk", m);
      } else if (found->second.text != one.text) {
        complain("was shown " + to_whom + " with another text", m);
      }
    }
  }

  void receipts() {
    for (const auto& [receipt, times] : seen_.receipts_shown) {
      const auto& [m, state] = receipt;
      if (times > 1) complain("was shown as " + state + " twice", m);
      const auto row = ledger_.find(m);
      const bool holds =
          row != ledger_.end() &&
          (state == "acknowledged" ? row->second.state == delivery_state::acknowledged
                                   : is_decrypted(row->second.state));
      if (!holds) complain("was shown as " + state + ", and the ledger does not say so", m);
    }
  }

  void unshown() {
    std::map<std::string, unsigned> by_patient;
    unsigned by_doctor = 0;
    for (const auto& [m, kept] : patient_inboxes_) {
      if (!seen_.shown_to_patient.contains(m)) ++by_patient[m.first];
    }
    for (const auto& [m, kept] : doctor_inbox_) {
      if (!seen_.shown_to_doctor.contains(m)) ++by_doctor;
    }
    for (const auto& [id, count] : by_patient) {
      const auto crashes = seen_.patient_crashes.find(id);
      if (count > (crashes == seen_.patient_crashes.end() ? 0 : crashes->second)) {
        complain(std::to_string(count) + " messages were kept and never shown", {id, ""});
      }
    }
    if (by_doctor > seen_.gateway_crashes) {
      complain(std::to_string(by_doctor) + " messages were kept and never shown", {"doctor", ""});
    }
  }

  void complain(const std::string& what, const message_of& m) {
    wrong_.push_back(m.first + (m.second.empty() ? "" : " message " + m.second) + ": " + what);
  }

  const evidence& seen_;
  const bool at_end_;
  crypto::system_random random_;
  std::map<std::string, evidence::promise> broadcasts_and_directs_;
  std::map<message_of, ledger_row> ledger_;
  std::map<message_of, kept_message> doctor_inbox_;
  std::map<message_of, kept_message> patient_inboxes_;
  std::map<message_of, kept_message> patient_outboxes_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<std::string> check_ledger(const evidence& seen, const data_directories& where,
                                      moment when) {
  return checker(seen, where, when).run();
}

}  // namespace wardline::test
