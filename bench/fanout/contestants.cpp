#include "bench/fanout/contestants.hpp"

#include "bench/fanout/broker_contestant.hpp"
#include "bench/fanout/send_loop.hpp"
#include "bench/fanout/wardline_contestant.hpp"
#include "protocol/group/sealed_broadcast.hpp"

namespace wardline::bench {
namespace {

// What our broadcast has beside its text: header, position, Content's own fields, signature, tag.
std::size_t frame_overhead(crypto::group_id group) {
  crypto::system_random random;
  const crypto::own_identity doctor(random.make_secret<32>(), crypto::role::doctor, group, "bench");
  const protocol::content empty{{}, 0, 0, protocol::content_type::text, protocol::priority::routine,
                                {}};
  return protocol::seal_broadcast(doctor, {}, protocol::encode(empty), random).frame.size();
}

}  // namespace

std::vector<make_contestant> fanout_contestants(const settings& how) {
  const auto overhead = frame_overhead(how.group.value_or(crypto::group_id::ristretto255));
  return {
      [how] { return std::make_unique<wardline_contestant>(how); },
      [overhead] { return std::make_unique<send_loop>(overhead); },
      [overhead] { return std::make_unique<send_loop>(overhead, 2); },
      [] { return std::make_unique<broker_contestant>(mosquitto(), false); },
      [] { return std::make_unique<broker_contestant>(mosquitto(), true); },
      [] { return std::make_unique<broker_contestant>(nats_server(), false); },
      [] { return std::make_unique<broker_contestant>(nats_server(), true); },
  };
}

}  // namespace wardline::bench
