#include "doctor/audit/record.hpp"

#include "common/crypto/labels.hpp"
#include "doctor/audit/names.hpp"

namespace wardline::doctor::audit {
namespace {

void append_text(bytes& to, std::string_view text) {
  append(to, big_endian<4>(text.size()));
  append(to, as_bytes(text));
}

}  // namespace

// Every part is of fixed size or has its length before it, so that no two records encode alike.
crypto::digest link(const crypto::digest& before, std::uint64_t number, unix_ms time,
                    const entry& what) {
  bytes all;
  all.reserve(256);
  append_text(all, crypto::label::audit_record);
  append(all, before.view());
  append(all, big_endian<8>(number));
  append(all, big_endian<8>(time));
  for (const auto* text : {&what.actor, &what.event, &what.whom, &what.source, &what.before,
                           &what.after, &what.result, &what.reason, &what.detail}) {
    append_text(all, *text);
  }
  return crypto::sha256({all});
}

bool needs_checkpoint(const record& r) noexcept {
  return r.number % checkpoint_interval == 0 || r.what.event == event::gateway_stopped ||
         r.what.event == event::audit_exported;
}

}  // namespace wardline::doctor::audit
