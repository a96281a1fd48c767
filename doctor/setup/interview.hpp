#pragma once

#include <functional>
#include <string>

#include "common/cli/person.hpp"
#include "common/net/address.hpp"
#include "doctor/local_command.hpp"

namespace wardline::doctor {

struct setup_answers {
  std::string id;
  net::address reached_at;
  bool passphrase;
  std::string patient;
};

/// The four answers that `doctor setup` needs: what the command line has, and for the rest what
/// `person` answers, who is asked until it makes sense. Without a person: throws
/// `cli::usage_error` that names each option that is missing. `on_id` is called as soon as the id
/// is known, and ends it by throwing.
setup_answers interview(const std::string& id, const setup_command& given, cli::person* person,
                        const std::function<void(const std::string& id)>& on_id);

/// "HOST:PORT", or "HOST" for the usual port. Throws `failure` with words.
net::address reachable_address(const std::string& text);

}  // namespace wardline::doctor
