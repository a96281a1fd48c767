#include "protocol/message/broadcast.hpp"

namespace wardline::protocol {
namespace {

// "a broadcast's own Content has one of them": types 1, 3, 4, 6 and 7, and its body leaves room for
// the rest of a redelivery.
bool may_be_broadcast(const content& c) noexcept {
  return c.has_text() && c.body.size() <= max_broadcast_body;
}

result<signed_broadcast> read_rest(const broadcast_position& position, reader r) {
  signed_broadcast b{position, {}, {}, {}};
  const byte_view all = r.rest();
  content::fields(b.content, r);
  b.encoded_content = to_bytes(all.first(all.size() - r.rest().size()));
  r.opaque<max_signature>(b.signature);
  r.require(may_be_broadcast(b.content));
  if (const auto ok = r.finish(); !ok) return ok.error();
  return b;
}

}  // namespace

bytes encode_redelivery(const signed_broadcast& b) {
  const auto write = [&](writer& w) {
    broadcast_position::fields(b.position, w);
    w.raw(b.encoded_content);
    w.opaque<max_signature>(b.signature);
  };
  writer counter;
  write(counter);
  bytes out(counter.size());
  writer w(out);
  write(w);
  return out;
}

result<signed_broadcast> read_redelivery(byte_view body) {
  broadcast_position position{};
  reader r(body);
  broadcast_position::fields(position, r);
  return read_rest(position, r);
}

result<signed_broadcast> read_signed_content(const broadcast_position& position, byte_view data) {
  return read_rest(position, reader(data));
}

}  // namespace wardline::protocol
