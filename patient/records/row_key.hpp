#pragma once

#include <string_view>

#include "common/crypto/sealed_column.hpp"
#include "common/store/error.hpp"
#include "protocol/message/ids.hpp"

/// Of this folder only: what the sealed columns of messages share.
namespace wardline::patient {

/// The row of a message: its id, and whose it is.
inline bytes row_key(const protocol::message_id& id, std::string_view doctor) {
  bytes key = to_bytes(id.view());
  append(key, as_bytes(doctor));
  return key;
}

/// The column's value, which was on this disk when it was sealed: it opens, or the file is damaged.
inline secret_bytes open_column(crypto::sealed_column& column, byte_view key, byte_view sealed) {
  auto opened = column.open(key, sealed);
  if (!opened) {
    throw store::error(store::error_kind::corrupt,
                       "a sealed record does not open: it was damaged, or store.key is another's",
                       "Restore the data directory as a whole from a backup.");
  }
  return std::move(*opened);
}

}  // namespace wardline::patient
