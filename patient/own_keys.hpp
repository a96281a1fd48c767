#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "common/at_rest/sealed_keys.hpp"
#include "common/crypto/identity.hpp"

namespace wardline::patient {

/// The patient's identity: one seed (`DIR/identity.seed`, made on first use), and from it the keys
/// in whichever group the doctor's are. Section 2: "patients use the group of the doctor that they
/// enrol with".
class own_keys {
 public:
  /// `sealed` where the seed is sealed by a passphrase. Throws `failure` if it is and there are
  /// none.
  own_keys(const std::filesystem::path& directory, std::string id, crypto::random_source& random,
           const at_rest::unlocked_keys* sealed = nullptr);

  /// The identity in `group`. It is derived when the group changes; what was returned before stays
  /// as long as somebody holds it.
  std::shared_ptr<const crypto::own_identity> in(crypto::group_id group);

 private:
  crypto::identity_seed seed_;
  std::string id_;
  std::shared_ptr<const crypto::own_identity> latest_;
};

}  // namespace wardline::patient
