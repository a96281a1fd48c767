#include "bench/fanout/nats.hpp"

#include <charconv>
#include <string>

namespace wardline::bench::nats {
namespace {

constexpr std::string_view line_end = "\r\n";

bytes to_line(const std::string& words) {
  auto out = to_bytes(as_bytes(words));
  append(out, as_bytes(line_end));
  return out;
}

// MSG <subject> <sid> [reply-to] <#bytes>␍␊[payload]␍␊
result<std::size_t> take_message(std::string_view line, byte_view behind,
                                 const broker_reader::listener& tell, std::size_t largest) {
  const auto last_word = line.substr(line.rfind(' ') + 1);
  std::size_t size = 0;
  const auto* const end = last_word.data() + last_word.size();
  const auto number = std::from_chars(last_word.data(), end, size);
  if (number.ec == std::errc::result_out_of_range) return errc::too_large;
  if (number.ec != std::errc() || number.ptr != end) return errc::invalid_encoding;
  if (size > largest) return errc::too_large;
  if (behind.size() < size + line_end.size()) return 0;
  if (as_text(behind.subspan(size, line_end.size())) != line_end) return errc::invalid_encoding;
  tell({broker_event::kind::message, behind.first(size)});
  return line.size() + line_end.size() + size + line_end.size();
}

}  // namespace

bytes connect(bool over_tls) {
  return to_line(std::string(R"(CONNECT {"verbose":false,"pedantic":false,"tls_required":)") +
                 (over_tls ? "true" : "false") +
                 R"(,"lang":"c++","version":"1","protocol":0,"echo":false})");
}

bytes subscribe(std::string_view subject) { return to_line("SUB " + std::string(subject) + " 1"); }

bytes publish(std::string_view subject, byte_view payload) {
  auto out = to_line("PUB " + std::string(subject) + " " + std::to_string(payload.size()));
  append(out, payload);
  append(out, as_bytes(line_end));
  return out;
}

bytes ping() { return to_line("PING"); }
bytes pong() { return to_line("PONG"); }

result<std::size_t> reader::take_one(byte_view from, const listener& tell) {
  const auto text = as_text(from);
  const auto end = text.substr(0, largest_packet).find(line_end);
  if (end == std::string_view::npos) {
    if (text.size() >= largest_packet) return errc::too_large;
    return 0;
  }
  const auto line = text.substr(0, end);
  const auto whole = end + line_end.size();
  if (line.starts_with("MSG ")) {
    return take_message(line, from.subspan(whole), tell, largest_packet);
  }
  if (line == "PING") {
    tell({broker_event::kind::pinged});
  } else if (line == "PONG") {
    tell({broker_event::kind::ponged});
  } else if (line.starts_with("INFO ")) {
    tell({broker_event::kind::greeted});
  } else if (line.starts_with("-ERR")) {
    return errc::refused;
  } else if (line != "+OK") {
    return errc::protocol_error;
  }
  return whole;
}

}  // namespace wardline::bench::nats
