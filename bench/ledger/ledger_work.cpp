#include "bench/ledger/ledger_work.hpp"

#include <algorithm>
#include <chrono>

#include "doctor/audit/configuration.hpp"
#include "doctor/audit/names.hpp"
#include "protocol/group/sealed_broadcast.hpp"

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;

// The gateway commits together what reaches it in one turn of its loop; epoll gives it so many
// sockets at most.
constexpr std::size_t receipts_a_turn = 128;

double ms_since(steady::time_point began) {
  return std::chrono::duration<double, std::milli>(steady::now() - began).count();
}

}  // namespace

ledger_work::ledger_work(crypto::group_id group, const std::vector<crypto::identity>& patients)
    : self_(random_.make_secret<32>(), crypto::role::doctor, group, "ledger"),
      kept_(directory_.path(), random_) {
  kept_.audit.begin(self_, random_, directory_.path() / doctor::audit::mirror_name, time_.now(),
                    [](const std::string&) {});
  store::transaction whole(kept_.database());
  for (const auto& who : patients) kept_.patients.enrol(who, protocol::scope::all, time_.now());
  whole.commit();
}

ledger_work::cost ledger_work::broadcast(byte_view text) {
  const auto now = time_.now();
  const protocol::content content{
      random_.make<protocol::message_id>(), now,           0, protocol::content_type::text,
      protocol::priority::emergency,        to_bytes(text)};
  const protocol::broadcast_position position{1, 0, now};
  const auto encoded = protocol::encode(content);
  protocol::broadcast_slot slot{};
  slot.position = position;
  const doctor::outgoing message{content, encoded, true, position,
                                 protocol::seal_broadcast(self_, slot, encoded, random_).signature};

  cost out;
  auto began = steady::now();
  const auto recipients = kept_.patients.ids();
  {
    doctor::audit::act whole(kept_.audit, kept_.database());
    kept_.outbox.accept(message, recipients);
    doctor::audit::entry record;
    record.actor = doctor::audit::actor::the_operator;
    record.event = doctor::audit::event::broadcast_accepted;
    kept_.audit.append(now, record);
    whole.commit();
  }
  out.before_first_byte_ms = ms_since(began);

  std::vector<std::vector<doctor::receipt_record>> turns;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    if (i % receipts_a_turn == 0) turns.emplace_back();
    turns.back().push_back({content.id, recipients[i], protocol::receipt_state::decrypted, now});
  }
  began = steady::now();
  kept_.outbox.sent_out(message, recipients, recipients, now);
  for (const auto& turn : turns) kept_.outbox.receipts(turn);
  out.after_ms = ms_since(began);
  return out;
}

}  // namespace wardline::bench
