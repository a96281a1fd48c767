#include "patient/own_keys.hpp"

#include <utility>

#include "common/store/secret_file.hpp"

namespace wardline::patient {

own_keys::own_keys(const std::filesystem::path& directory, std::string id,
                   crypto::random_source& random)
    : seed_(store::secret_file::load_or_create(directory / "identity.seed",
                                               [&random](byte_span out) { random.fill(out); })),
      id_(std::move(id)) {}

std::shared_ptr<const crypto::own_identity> own_keys::in(crypto::group_id group) {
  if (!latest_ || latest_->group().id() != group) {
    latest_ = std::make_shared<crypto::own_identity>(seed_, crypto::role::patient, group, id_);
  }
  return latest_;
}

}  // namespace wardline::patient
