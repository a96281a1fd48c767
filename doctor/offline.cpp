#include "doctor/offline.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/last_address.hpp"
#include "doctor/make_invite.hpp"
#include "doctor/records/records.hpp"
#include "doctor/views_json.hpp"
#include "protocol/message/invite.hpp"

namespace wardline::doctor {

namespace {

net::address address_for_invite(const command_line& line, const std::string& host) {
  auto out = line.settings.listen;
  if (!line.listen_given)
    if (auto last = last_address(line.settings.data_directory)) out = std::move(*last);
  if (!host.empty()) out.host = host;
  return out;
}

/// A fingerprint is no secret: to show it needs no passphrase.
nlohmann::ordered_json sealed_identity(const config& s) {
  check_identity(s.data_directory, s.id, s.group);
  const auto group = group_of_identity(s.data_directory);
  if (!group)
    throw failure("identity.json is missing in " + s.data_directory.string(),
                  "restore it from a backup");
  const auto whose = crypto::fingerprint::from(at_rest::note_of(s.data_directory));
  if (!whose)
    throw failure(
        fmt::format("{} in {} is damaged", at_rest::sealed_name, s.data_directory.string()),
        "restore it from a backup");
  return view::identity(s.id, *group, *whose);
}

}  // namespace

bool works_offline(const control::request& r) noexcept {
  return std::holds_alternative<control::identity_request>(r) ||
         std::holds_alternative<control::invite_request>(r);
}

nlohmann::ordered_json answer_offline(const command_line& line, const clock& time,
                                      crypto::random_source& random) {
  const auto& s = line.settings;
  const auto* wanted = std::get_if<control::invite_request>(&line.request.value());
  if (wanted == nullptr && at_rest::are_sealed(s.data_directory)) return sealed_identity(s);
  const auto keys = at_rest::unlock_if_sealed(s.data_directory, line.passphrase);
  const auto self = open_identity(s.data_directory, s.id, s.group, crypto::group_id::ffdhe3072,
                                  random, keys.get());
  if (wanted == nullptr)
    return view::identity(self.public_part().id, self.group().id(), self.own_fingerprint());

  records kept(s.data_directory, random, keys.get());
  kept.audit.begin(
      self, random, s.data_directory / audit::mirror_name, time.now(),
      [](const std::string& what) { fmt::print(stderr, "doctor: note: {}\n", printable(what)); });
  const auto text = make_invite(kept, self.own_fingerprint(), wanted->patient, wanted->valid_for,
                                address_for_invite(line, wanted->host), time, random);
  return view::invite(wanted->patient, text, protocol::invite_from_text(text).value().expires);
}

}  // namespace wardline::doctor
