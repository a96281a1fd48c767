#include "bench/soak/account.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/crypto/random.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/records/records.hpp"

namespace wardline::bench {
namespace {

template <class Map>
bool once_each(const Map& shown) {
  return std::all_of(shown.begin(), shown.end(), [](const auto& one) { return one.second == 1; });
}

}  // namespace

account::account(std::vector<std::string> patients)
    : patients_(std::move(patients)), unreceipted_(patients_.size()) {}

void account::accepted(const std::string& message) {
  broadcasts_.insert(message);
  ++counts_.broadcasts;
}

void account::decrypted(std::size_t who, const protocol::message_id& message) {
  ++(delivered_.emplace(patients_[who], to_hex(message.view())).second ? counts_.delivered
                                                                       : counts_.again);
}

void account::written(std::size_t who, const protocol::content& what) {
  if (!written_.emplace(patients_[who], to_hex(what.id.view())).second) return;
  unreceipted_[who].emplace(what.id, what);
  ++counts_.written;
}

void account::receipted(std::size_t who, const protocol::message_id& message) {
  if (unreceipted_[who].erase(message) > 0) ++counts_.receipted;
}

std::vector<protocol::content> account::unreceipted(std::size_t who) const {
  std::vector<protocol::content> out;
  for (const auto& [id, content] : unreceipted_[who]) out.push_back(content);
  return out;
}

void account::shown(const std::string& line) {
  const auto event = nlohmann::json::parse(line, nullptr, false);
  const std::string name = event.is_object() ? event.value("event", "") : "";
  const std::scoped_lock lock(mutex_);
  if (name == "delivery" && event.at("state") == "decrypted") {
    ++receipts_shown_[{event.at("patient"), event.at("message_id")}];
  } else if (name == "message") {
    ++messages_shown_[{event.at("from"), event.at("message_id")}];
  } else if (name == "patient_authenticated") {
    ++sign_ins_;
  } else if (name == "sign_in_failed" && event.at("cause") == "busy") {
    // told to come again, and it will
  } else if (name != "patient_disconnected" && name != "broadcast_sent") {
    ++unexpected_[line];
  }
}

account::counts account::now() const {
  const std::scoped_lock lock(mutex_);
  counts out = counts_;
  out.receipts = receipts_shown_.size();
  out.kept = messages_shown_.size();
  out.sign_ins = sign_ins_;
  return out;
}

bool account::is_settled() const {
  const auto have = now();
  const auto all = have.broadcasts * patients_.size();
  return have.delivered >= all && have.receipts >= all && have.receipted == have.written &&
         have.kept >= have.written;
}

std::vector<std::string> account::find_wrong(const std::filesystem::path& directory) const {
  std::vector<std::string> wrong;
  const auto must = [&](bool holds, std::string sentence) {
    if (!holds) wrong.push_back(std::move(sentence));
  };
  std::set<delivery> meant;
  for (const auto& message : broadcasts_)
    for (const auto& patient : patients_) meant.emplace(patient, message);

  must(delivered_ == meant,
       fmt::format("of {} deliveries the patients have {}", meant.size(), delivered_.size()));
  must(counts_.receipted == counts_.written,
       fmt::format("patients have written {} messages, and have receipts for {}", counts_.written,
                   counts_.receipted));
  const std::scoped_lock lock(mutex_);
  const auto names = [](const auto& shown) {
    std::set<delivery> out;
    for (const auto& [one, times] : shown) out.insert(one);
    return out;
  };
  must(names(receipts_shown_) == meant && once_each(receipts_shown_),
       fmt::format("of {} receipts the gateway has shown {}, or one of them twice", meant.size(),
                   receipts_shown_.size()));
  must(names(messages_shown_) == written_ && once_each(messages_shown_),
       fmt::format("of {} messages the gateway has shown {}, or one of them twice", written_.size(),
                   messages_shown_.size()));
  for (const auto& [line, times] : unexpected_)
    wrong.push_back(fmt::format("the gateway said {} times: {}", times, line));
  check_outbox(directory, wrong);
  return wrong;
}

// What is on disk: the ledger of broadcasts, and the inbox.
void account::check_outbox(const std::filesystem::path& directory,
                           std::vector<std::string>& wrong) const {
  crypto::system_random random;
  doctor::records kept(directory, random);
  std::size_t rows = 0;
  std::size_t decrypted = 0;
  const auto ledger = kept.outbox.recent(broadcasts_.size() + 1);
  for (const auto& message : ledger) {
    if (!broadcasts_.contains(to_hex(message.id.view())))
      wrong.push_back("the ledger has a message that nobody sent");
    rows += message.deliveries.size();
    decrypted += static_cast<std::size_t>(
        std::count_if(message.deliveries.begin(), message.deliveries.end(), [](const auto& d) {
          return d.state == doctor::delivery_state::decrypted && d.decrypted_at;
        }));
  }
  const auto all = broadcasts_.size() * patients_.size();
  if (ledger.size() != broadcasts_.size() || rows != all || decrypted != all)
    wrong.push_back(fmt::format("the ledger has {} of {} broadcasts, {} of {} rows, {} decrypted",
                                ledger.size(), broadcasts_.size(), rows, all, decrypted));

  std::set<delivery> inbox;
  const auto messages = kept.inbox.recent(written_.size() + 1);
  for (const auto& m : messages) inbox.emplace(m.from, to_hex(m.content.id.view()));
  if (messages.size() != written_.size() || inbox != written_)
    wrong.push_back(fmt::format("of {} messages of patients the inbox has {}", written_.size(),
                                messages.size()));
}

}  // namespace wardline::bench
