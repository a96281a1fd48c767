#include "common/crypto/sealed_column.hpp"

#include <algorithm>

#include "common/crypto/kdf.hpp"
#include "common/crypto/labels.hpp"

namespace wardline::crypto {
namespace {

void append_with_length(bytes& to, byte_view part) {
  append(to, big_endian<4>(part.size()));
  append(to, part);
}

bytes place_of(std::string_view table, std::string_view column) {
  bytes out;
  append_with_length(out, as_bytes(table));
  append_with_length(out, as_bytes(column));
  return out;
}

bytes place_of_row(const bytes& place, byte_view row_key) {
  bytes out = place;
  append_with_length(out, row_key);
  return out;
}

}  // namespace

sealed_column::sealed_column(const secret<32>& store_key, std::string_view table,
                             std::string_view column, random_source& random)
    : random_(&random),
      place_(place_of(table, column)),
      cipher_(expand<32>(store_key.view(), label::store_column, {place_})) {}

bytes sealed_column::seal(byte_view row_key, byte_view value) {
  aes256_gcm::nonce nonce;
  random_->fill(nonce);
  bytes out;
  out.reserve(overhead + value.size());
  append(out, nonce);
  cipher_.seal(nonce, place_of_row(place_, row_key), value, out);
  return out;
}

result<secret_bytes> sealed_column::open(byte_view row_key, byte_view sealed) {
  if (sealed.size() < overhead) return errc::invalid_tag;
  aes256_gcm::nonce nonce;
  std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
  return cipher_.open(nonce, place_of_row(place_, row_key), sealed.subspan(nonce.size()));
}

}  // namespace wardline::crypto
