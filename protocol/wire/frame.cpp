#include "protocol/wire/frame.hpp"

#include <algorithm>
#include <array>

namespace wardline::protocol {
namespace {

constexpr std::size_t length_size = 4;
constexpr byte protected_flag = 1;

enum class protection { never, always, either };

struct row {
  frame_type type;
  std::string_view name;
  protection is_protected;
};

// The table of section 5. "Own sealing", "own MAC" and the group key are not the direction's
// protection: their flags are 0.
constexpr std::array table{
    row{frame_type::hello, "hello", protection::never},
    row{frame_type::identity, "identity", protection::never},
    row{frame_type::auth_request, "auth_request", protection::never},
    row{frame_type::auth_response, "auth_response", protection::never},
    row{frame_type::verifier, "verifier", protection::never},
    row{frame_type::resume_request, "resume_request", protection::never},
    row{frame_type::resume_response, "resume_response", protection::never},
    row{frame_type::waiting, "waiting", protection::never},
    row{frame_type::check, "check", protection::always},
    row{frame_type::session_token, "session_token", protection::always},
    row{frame_type::group_key, "group_key", protection::always},
    row{frame_type::direct, "direct", protection::always},
    row{frame_type::broadcast, "broadcast", protection::never},
    row{frame_type::receipt, "receipt", protection::always},
    row{frame_type::disconnect, "disconnect", protection::either},
};

const row* find(frame_type type) noexcept {
  const auto* const it =
      std::find_if(table.begin(), table.end(), [type](const row& r) { return r.type == type; });
  return it == table.end() ? nullptr : it;
}

}  // namespace

std::string_view name(frame_type type) noexcept {
  const row* const r = find(type);
  return r == nullptr ? "unknown" : r->name;
}

header_bytes make_header(frame_type type, bool is_protected, std::size_t body_size) noexcept {
  const auto length = big_endian<length_size>(header_size - length_size + body_size);
  const auto number = big_endian<2>(static_cast<std::uint16_t>(type));
  return {length[0], length[1], length[2], length[3],
          version,   number[0], number[1], is_protected ? protected_flag : byte{0}};
}

result<std::optional<std::size_t>> frame_size(byte_view data, std::uint32_t limit) noexcept {
  if (data.size() < length_size) return std::optional<std::size_t>{};
  const auto length = from_big_endian<length_size>(data);
  if (length < min_frame_length || length > limit) return errc::protocol_error;
  return std::optional{static_cast<std::size_t>(length) + length_size};
}

result<frame> decode_frame(byte_view whole, std::uint32_t limit) noexcept {
  const auto size = frame_size(whole, limit);
  if (!size) return size.error();
  if (*size != whole.size()) return errc::protocol_error;

  if (whole[4] != version) return errc::protocol_error;
  const auto type = static_cast<frame_type>(from_big_endian<2>(whole.subspan(5, 2)));
  const byte flags = whole[7];
  const row* const r = find(type);
  // "Flags that are not defined are 0, or it is a protocol error."
  if (r == nullptr || flags > protected_flag) return errc::protocol_error;
  const bool is_protected = flags == protected_flag;
  if (r->is_protected == (is_protected ? protection::never : protection::always)) {
    return errc::protocol_error;
  }
  return frame{type, is_protected, whole};
}

bytes encode_frame(frame_type type, byte_view body) {
  const auto header = make_header(type, false, body.size());
  bytes out;
  out.reserve(header.size() + body.size());
  append(out, header);
  append(out, body);
  return out;
}

}  // namespace wardline::protocol
