#include "doctor/audit/refused.hpp"

#include "common/store/error.hpp"
#include "doctor/audit/names.hpp"

namespace wardline::doctor::audit {

void record_refused(log& to, unix_ms now, std::string_view act, const std::string& whom,
                    const failure& why) noexcept {
  try {
    entry e;
    e.actor = actor::the_operator;
    e.event = act;
    e.whom = whom;
    e.result = dynamic_cast<const store::error*>(&why) != nullptr ? "failed" : "refused";
    e.reason = why.what();
    to.append(now, e);
    to.mirror_on();
  } catch (const std::exception&) {  // what cannot be recorded has not happened either
  }
}

}  // namespace wardline::doctor::audit
