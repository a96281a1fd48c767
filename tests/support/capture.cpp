#include "tests/support/capture.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace wardline::test {
namespace {

constexpr std::size_t ip_header = 20;
constexpr std::size_t tcp_header = 20;
constexpr std::size_t longest_segment = 65'535 - ip_header - tcp_header;
constexpr std::uint64_t raw_ip = 101;  // LINKTYPE_RAW
constexpr std::uint16_t first_patient_port = 20'000;

template <std::size_t N>
void put(bytes& to, std::uint64_t value) {
  append(to, big_endian<N>(value));
}

}  // namespace

capture::capture(std::uint16_t gateway_port) : gateway_port_(gateway_port) {
  put<4>(content_, 0xa1b2c3d4);  // big-endian, microseconds
  put<4>(content_, 0x00020004);
  put<8>(content_, 0);
  put<4>(content_, 0xffff);
  put<4>(content_, raw_ip);
}

void capture::segment(unsigned connection, bool to_gateway, byte_view data) {
  if (data.size() > longest_segment) throw std::length_error("too much for one segment");
  auto& at = connections_[connection];
  const auto patient_port = static_cast<std::uint16_t>(first_patient_port + connection);
  const auto size = ip_header + tcp_header + data.size();

  put<4>(content_, packets_ / 1000);  // a packet each millisecond
  put<4>(content_, packets_ % 1000 * 1000);
  put<4>(content_, size);
  put<4>(content_, size);
  ++packets_;

  // IPv4, checksums left out: 10.0.0.1 is the gateway.
  put<2>(content_, 0x4500);
  put<2>(content_, size);
  put<4>(content_, 0x00004000);
  put<4>(content_, 0x40060000);
  put<4>(content_, to_gateway ? 0x0a000002 : 0x0a000001);
  put<4>(content_, to_gateway ? 0x0a000001 : 0x0a000002);

  put<2>(content_, to_gateway ? patient_port : gateway_port_);
  put<2>(content_, to_gateway ? gateway_port_ : patient_port);
  put<4>(content_, 1 + (to_gateway ? at.sent : at.received));
  put<4>(content_, 1 + (to_gateway ? at.received : at.sent));
  put<4>(content_, 0x5018ffff);  // PSH, ACK
  put<4>(content_, 0);
  append(content_, data);
  (to_gateway ? at.sent : at.received) += static_cast<std::uint32_t>(data.size());
}

void capture::stream(unsigned connection, bool to_gateway, byte_view data,
                     std::initializer_list<std::size_t> sizes) {
  for (const auto* size = sizes.begin(); !data.empty();) {
    const auto piece = data.first(std::min(*size, data.size()));
    segment(connection, to_gateway, piece);
    data = data.subspan(piece.size());
    if (++size == sizes.end()) size = sizes.begin();
  }
}

void capture::write(const std::filesystem::path& file) const {
  std::ofstream out(file, std::ios::binary);
  out << as_text(content_);
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace wardline::test
