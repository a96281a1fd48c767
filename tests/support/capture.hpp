#pragma once

#include <cstdint>
#include <filesystem>
#include <map>

#include "common/util/bytes.hpp"

namespace wardline::test {

/// A pcap file of TCP connections to one port of a gateway, as if it had been recorded on the way:
/// a packet for each segment, raw IPv4, without the connections' beginnings and ends.
class capture {
 public:
  explicit capture(std::uint16_t gateway_port);

  void segment(unsigned connection, bool to_gateway, byte_view data);

  /// The same in segments of these sizes, in turn and over again.
  void stream(unsigned connection, bool to_gateway, byte_view data,
              std::initializer_list<std::size_t> sizes);

  void write(const std::filesystem::path& file) const;

 private:
  struct way {
    std::uint32_t sent = 0;
    std::uint32_t received = 0;
  };

  const std::uint16_t gateway_port_;
  std::uint32_t packets_ = 0;
  std::map<unsigned, way> connections_;  ///< as the patient has it
  bytes content_;
};

}  // namespace wardline::test
