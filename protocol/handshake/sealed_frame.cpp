#include "protocol/handshake/sealed_frame.hpp"

#include <stdexcept>

namespace wardline::protocol {

sealed_frame::sealed_frame(frame_type type, byte_view fields, std::size_t plaintext_size)
    : sealed_size_(plaintext_size + crypto::aes256_gcm::tag_size),
      header_(make_header(type, false, fields.size() + 2 + sealed_size_)),
      fields_(to_bytes(fields)) {}

bytes sealed_frame::seal(const secret<32>& key, const crypto::digest& aad,
                         byte_view plaintext) const {
  const auto sealed = seal_once(key, aad, plaintext);
  if (sealed.size() != sealed_size_) throw std::logic_error("a frame's size is not as announced");
  bytes frame;
  frame.reserve(header_.size() + fields_.size() + 2 + sealed.size());
  append(frame, header_);
  append(frame, fields_);
  append(frame, big_endian<2>(sealed.size()));
  append(frame, sealed);
  return frame;
}

}  // namespace wardline::protocol
