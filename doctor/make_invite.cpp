#include "doctor/make_invite.hpp"

#include <fmt/format.h>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/refused.hpp"
#include "protocol/message/invite.hpp"

namespace wardline::doctor {
namespace {

constexpr seconds shortest{60};
constexpr seconds longest{365L * 24 * 3600};

}  // namespace

std::string make_invite(records& kept, const crypto::fingerprint& doctor,
                        const std::string& patient, seconds valid_for, const net::address& where,
                        const clock& time, crypto::random_source& random) try {
  if (!crypto::is_valid_id(patient)) {
    throw failure(fmt::format("'{}' is no patient id", printable(patient)),
                  "an id has 1 to 64 characters of A-Z a-z 0-9 . _ @ -");
  }
  if (valid_for < shortest || valid_for > longest) {
    throw failure("an invite is valid for one minute at least and 365 days at most");
  }
  if (!net::is_host(where.host) || where.port == 0) {
    throw failure(
        fmt::format("'{}' is no host that a patient could connect to", printable(where.host)));
  }
  if (kept.patients.find(patient)) {
    throw failure(fmt::format("{} is enrolled already", patient),
                  "an invite does not replace keys: revoke the patient first");
  }
  const auto now = time.now();
  const auto expires = now + static_cast<unix_ms>(milliseconds(valid_for).count());
  const protocol::invite out{where.host, where.port, doctor,
                             patient,    expires,    random.make_secret<16>()};
  audit::entry made;
  made.actor = audit::actor::the_operator;
  made.event = audit::event::invite_made;
  made.whom = patient;
  made.before = kept.invites.find(patient) ? "open" : "";
  made.after = "open";
  made.detail = fmt::format("expires={}", expires);
  audit::act whole(kept.audit, kept.database());
  kept.invites.create(patient, out.secret, now, expires);
  kept.audit.append(now, made);
  whole.commit();
  return protocol::to_text(out);
} catch (const failure& why) {
  audit::record_refused(kept.audit, time.now(), audit::event::invite_made, patient, why);
  throw;
}

}  // namespace wardline::doctor
