#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "doctor/audit/log.hpp"
#include "doctor/audit/record.hpp"

namespace wardline::doctor::audit {

/// {"number","time","actor","event","whom","source","before","after","result","reason","detail",
/// "hash"}; every member is there, empty if it does not apply.
nlohmann::ordered_json to_json(const record& r);

/// {"checkpoint","time","hash","signature"}
nlohmann::ordered_json to_json(const checkpoint& c);

/// {"verified","records","hash","checkpoints","signed_up_to","mirrored_up_to","findings":[{"number",
/// "what"}]}
nlohmann::ordered_json to_json(const verdict& v);

/// Without a line feed, all of it ASCII, so that nothing in it can do anything to a terminal.
std::string to_line(const record& r);
std::string to_line(const checkpoint& c);

}  // namespace wardline::doctor::audit
