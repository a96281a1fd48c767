#include "patient/own_keys.hpp"

#include <utility>

#include "common/store/secret_file.hpp"

namespace wardline::patient {

namespace {

crypto::identity_seed load_seed(const std::filesystem::path& directory,
                                crypto::random_source& random,
                                const at_rest::unlocked_keys* sealed) {
  if (const auto* seed = at_rest::sealed_one(directory, at_rest::seed_name, sealed,
                                             &at_rest::unlocked_keys::identity_seed))
    return seed->clone();
  return store::secret_file::load_or_create(directory / at_rest::seed_name,
                                            [&random](byte_span out) { random.fill(out); });
}

}  // namespace

own_keys::own_keys(const std::filesystem::path& directory, std::string id,
                   crypto::random_source& random, const at_rest::unlocked_keys* sealed)
    : seed_(load_seed(directory, random, sealed)), id_(std::move(id)) {}

std::shared_ptr<const crypto::own_identity> own_keys::in(crypto::group_id group) {
  if (!latest_ || latest_->group().id() != group) {
    latest_ = std::make_shared<crypto::own_identity>(seed_, crypto::role::patient, group, id_);
  }
  return latest_;
}

}  // namespace wardline::patient
