#include "bench/fanout/broker_reader.hpp"

namespace wardline::bench {

result<void> broker_reader::take(byte_view arrived, const listener& tell) {
  const bool was_empty = held_.empty();
  if (!was_empty) append(held_, arrived);
  auto rest = was_empty ? arrived : byte_view(held_);
  while (!rest.empty()) {
    const auto size = take_one(rest, tell);
    if (!size) return size.error();
    if (*size == 0) break;
    rest = rest.subspan(*size);
  }
  held_ = to_bytes(rest);
  return {};
}

}  // namespace wardline::bench
