#pragma once

#include <cstddef>
#include <cstdint>

#include "common/util/clock.hpp"

/// The numbers of the protocol, each written once. Sections are those of docs/protocol.md.
namespace wardline::protocol {

inline constexpr std::uint8_t version = 1;

// Section 5: frames. Limits are of the length field, which does not count itself.
inline constexpr std::uint32_t min_frame_length = 4;
inline constexpr std::uint32_t handshake_frame_limit = 8 * 1024;
inline constexpr std::uint32_t session_frame_limit = 64 * 1024 + 64;
inline constexpr std::size_t header_size = 8;

// Section 3, 6, 7: bounds of variable fields, in bytes.
inline constexpr std::size_t max_id = 64;
inline constexpr std::size_t max_signature = 1100;
inline constexpr std::size_t max_invite_proof = 32;
inline constexpr std::size_t max_sealed1 = 4096;
inline constexpr std::size_t max_sealed2 = 2048;
inline constexpr std::size_t max_token = 512;
inline constexpr std::size_t max_host = 255;
inline constexpr std::size_t max_disconnect_text = 255;

// Section 8: session.
inline constexpr std::size_t max_content_body = 60'000;
inline constexpr std::size_t max_broadcast_body = 58'000;
inline constexpr std::uint64_t frames_per_key = std::uint64_t{1} << 20U;
inline constexpr unsigned max_unanswered_checks = 3;

// Section 9: group key.
inline constexpr std::uint32_t max_ratchet_steps = 65'536;
inline constexpr std::uint64_t max_broadcasts_per_generation = std::uint64_t{1} << 20U;
inline constexpr milliseconds generation_lifetime{3'600'000};

// Sections 6, 7, 10: defaults of what an administrator can set.
inline constexpr milliseconds default_window{30'000};
inline constexpr milliseconds handshake_deadline{10'000};
inline constexpr milliseconds default_waiting_time{600'000};
inline constexpr milliseconds default_token_lifetime{8 * 3'600'000};
inline constexpr milliseconds default_chain_lifetime{24 * 3'600'000};
inline constexpr milliseconds default_verifier_block{24 * 3'600'000};
inline constexpr seconds default_heartbeat{30};

}  // namespace wardline::protocol
