#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "doctor/gateway.hpp"

/// What a gateway shows of itself, as JSON: the results of the commands (docs/cli.md), on the
/// control socket as with --json. Times are Unix milliseconds, or null.
namespace wardline::doctor::view {

nlohmann::ordered_json identity(const std::string& id, crypto::group_id group,
                                const crypto::fingerprint& key);
nlohmann::ordered_json status(const gateway_status& s);
nlohmann::ordered_json patients(const std::vector<patient_row>& rows);
nlohmann::ordered_json waiting(const std::vector<waiting_row>& rows);
nlohmann::ordered_json invites(const std::vector<invite_summary>& rows);
nlohmann::ordered_json invite(const std::string& patient, const std::string& text, unix_ms expires);
nlohmann::ordered_json delivery(const message_summary& m);
nlohmann::ordered_json deliveries(const std::vector<message_summary>& rows);
nlohmann::ordered_json inbox(const std::vector<incoming>& rows);
nlohmann::ordered_json accepted(const accepted_message& m);

/// Who has decrypted a message that was waited for, and who has not.
nlohmann::ordered_json confirmation(const message_summary& m);

}  // namespace wardline::doctor::view
