#include "doctor/audit_keeper.hpp"

#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/at_rest/passphrase.hpp"
#include "common/store/directory.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/control/audit_entry.hpp"
#include "doctor/control/client.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"
#include "doctor/records/schema.hpp"

namespace wardline::doctor {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

constexpr auto database_name = "doctor.db";

audit::entry entry_of_any(const control::request& act) {
  return std::visit(
      [](const auto& r) -> audit::entry {
        if constexpr (requires { control::entry_of(r); }) {
          return control::entry_of(r);
        } else {
          throw std::logic_error("this request leaves no record of its own");
        }
      },
      act);
}

class of_a_running_gateway final : public audit_keeper {
 public:
  of_a_running_gateway(const fs::path& directory, crypto::identity doctor)
      : directory_(directory),
        doctor_(std::move(doctor)),
        db_(directory / database_name, schema::application_id, schema::migrations,
            store::older_file::refuse),
        log_(db_) {}

  const crypto::identity& doctor() const override { return doctor_; }
  audit::log& log() override { return log_; }
  std::uint64_t record(const control::request& act) override {
    json result;
    if (!control::ask(directory_, act, result))
      throw failure("the gateway has ended meanwhile", "try again");
    return result.at("record").get<std::uint64_t>();
  }

 private:
  fs::path directory_;
  crypto::identity doctor_;
  store::database db_;
  audit::log log_;
};

class without_a_gateway final : public audit_keeper {
 public:
  without_a_gateway(const config& s, const at_rest::unlocked_keys* keys, const clock& time,
                    crypto::random_source& random)
      : directory_(s.data_directory),
        time_(time),
        random_(random),
        lock_(directory_, "doctor"),
        self_(open_identity(directory_, s.id, s.group, crypto::group_id::ffdhe3072, random, keys)),
        kept_(directory_, random, keys) {}

  const crypto::identity& doctor() const override { return self_.public_part(); }
  audit::log& log() override { return kept_.audit; }

  std::uint64_t record(const control::request& act) override {
    // Not earlier: this brings the mirror up to date, and until it is verified it is evidence.
    if (!has_begun_) {
      kept_.audit.begin(self_, random_, directory_ / audit::mirror_name, time_.now(),
                        [](const std::string& what) {
                          fmt::print(stderr, "doctor: note: {}\n", printable(what));
                        });
    }
    has_begun_ = true;
    kept_.audit.append(time_.now(), entry_of_any(act));
    kept_.audit.mirror_on();
    return kept_.audit.last().number;
  }

 private:
  fs::path directory_;
  const clock& time_;
  crypto::random_source& random_;
  store::directory_lock lock_;
  crypto::own_identity self_;
  records kept_;
  bool has_begun_ = false;
};

std::unique_ptr<audit_keeper> of_running(const fs::path& directory) {
  json result;
  if (!control::ask(directory, control::doctor_key_request{}, result)) return nullptr;
  const auto encoded = from_hex(result.at("doctor").get<std::string>());
  const auto doctor = crypto::decode_identity(encoded ? *encoded : bytes());
  if (!doctor)
    throw failure("the gateway's answer is not understood",
                  "are the gateway and this program of the same version?");
  return std::make_unique<of_a_running_gateway>(directory, *doctor);
}

}  // namespace

std::unique_ptr<audit_keeper> open_audit(const command_line& line, const clock& time,
                                         crypto::random_source& random) {
  const auto& directory = line.settings.data_directory;
  std::error_code ignored;
  if (!fs::exists(directory / database_name, ignored))
    throw failure(fmt::format("there is no audit log in {}", directory.string()),
                  "look at --id and --data-dir");
  check_identity(directory, line.settings.id, line.settings.group);
  store::private_directory(directory);

  // Without the socket the lock is free, but for the moments in which a gateway starts or ends.
  constexpr int attempts = 30;
  std::shared_ptr<const at_rest::unlocked_keys> keys;  // asked for once, and only if need be
  for (int i = 1;; ++i) {
    if (auto running = of_running(directory)) return running;
    if (!keys) keys = at_rest::unlock_if_sealed(directory, line.passphrase);
    try {
      return std::make_unique<without_a_gateway>(line.settings, keys.get(), time, random);
    } catch (const store::error& why) {
      if (why.kind() != store::error_kind::busy || i == attempts) throw;
    }
    std::this_thread::sleep_for(milliseconds(100));
  }
}

}  // namespace wardline::doctor
