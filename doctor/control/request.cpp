#include "doctor/control/request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/crypto/identity.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor::control {

namespace {

using json = nlohmann::json;

class field_writer {
 public:
  explicit field_writer(nlohmann::ordered_json& to) : to_(to) {}

  void text(const char* name, const std::string& value) {
    if (!is_utf8(as_bytes(value)))
      throw failure(fmt::format("the {} is not valid UTF-8", name),
                    "look at the encoding of your terminal or script");
    if (!value.empty()) to_[name] = value;
  }
  void patient(const char* name, const std::string& value) { text(name, value); }
  void flag(const char* name, bool value) {
    if (value) to_[name] = true;
  }
  void number(const char* name, std::uint64_t value) {
    if (value != 0) to_[name] = value;
  }
  void duration(const char* name, seconds value) { to_[name] = value.count(); }
  void duration(const char* name, const std::optional<seconds>& value) {
    if (value) duration(name, *value);
  }
  void priority(const char* name, protocol::priority value) { to_[name] = doctor::name(value); }
  void priority(const char* name, const std::optional<protocol::priority>& value) {
    if (value) priority(name, *value);
  }
  void message_id(const char* name, const std::string& value) { text(name, value); }
  void needed_message_id(const char* name, const std::string& value) { text(name, value); }

 private:
  nlohmann::ordered_json& to_;
};

class field_reader {
 public:
  explicit field_reader(const json& from) : from_(from) {}

  void text(const char* name, std::string& value) {
    if (const auto* found = find(name)) {
      require(found->is_string(), name, "must be a string");
      value = found->get<std::string>();
    }
  }
  void patient(const char* name, std::string& value) {
    require(from_.contains(name), name, "is missing");
    text(name, value);
    require(crypto::is_valid_id(value), name, "must be 1 to 64 letters, digits or . _ @ -");
  }
  void flag(const char* name, bool& value) {
    if (const auto* found = find(name)) {
      require(found->is_boolean(), name, "must be true or false");
      value = found->get<bool>();
    }
  }
  void number(const char* name, std::uint64_t& value) {
    if (const auto* found = find(name)) {
      require(found->is_number_unsigned(), name, "must be a number");
      value = found->get<std::uint64_t>();
    }
  }
  void duration(const char* name, seconds& value) {
    if (const auto* found = find(name)) {
      require(found->is_number_unsigned() && found->get<std::uint64_t>() <= most_seconds, name,
              "must be a number of seconds");
      value = seconds(found->get<std::int64_t>());
    }
  }
  void duration(const char* name, std::optional<seconds>& value) {
    seconds read{};
    const bool given = from_.contains(name);
    duration(name, read);
    if (given) value = read;
  }
  void priority(const char* name, protocol::priority& value) {
    std::string text_value;
    text(name, text_value);
    if (!from_.contains(name)) return;
    const auto known = priority_named(text_value);
    require(known.has_value(), name, "must be routine, urgent or emergency");
    value = *known;
  }
  void priority(const char* name, std::optional<protocol::priority>& value) {
    protocol::priority read{};
    const bool given = from_.contains(name);
    priority(name, read);
    if (given) value = read;
  }
  void needed_message_id(const char* name, std::string& value) {
    require(from_.contains(name), name, "is missing");
    message_id(name, value);
  }
  void message_id(const char* name, std::string& value) {
    text(name, value);
    require(!from_.contains(name) || is_message_name(value), name,
            "must be 8 to 32 hexadecimal digits");
  }

  /// Every field has been asked for: what is there beyond them is a mistake.
  void end() const {
    if (from_.size() == seen_ + 1) return;
    throw failure("the request has a field that the command does not know");
  }

 private:
  static constexpr std::uint64_t most_seconds = 10ULL * 365 * 24 * 3600;

  const json* find(const char* name) {
    const auto found = from_.find(name);
    if (found == from_.end()) return nullptr;
    ++seen_;
    return &*found;
  }

  static void require(bool condition, const char* name, const char* what) {
    if (!condition) throw failure(fmt::format("the field \"{}\" {}", name, what));
  }

  const json& from_;
  std::size_t seen_ = 0;
};

template <std::size_t N = 0>
request read(std::string_view command, const json& value) {
  if constexpr (N == std::variant_size_v<request>) {
    throw failure(fmt::format("unknown command \"{}\"", printable(command.substr(0, 64))));
  } else {
    using type = std::variant_alternative_t<N, request>;
    if (command != type::command) return read<N + 1>(command, value);
    type out;
    field_reader reader(value);
    type::fields(out, reader);
    reader.end();
    return out;
  }
}

/// Depth is bounded before a tree is built: an array within an array within an array costs a frame
/// of the stack for each when it is destroyed.
json parse_flat(std::string_view line) {
  bool deep = false;
  auto value = json::parse(
      line.begin(), line.end(),
      [&deep](int depth, json::parse_event_t event, json&) {
        const bool opens =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        if (opens && depth > 0) deep = true;
        return !deep;
      },
      false);
  if (deep || !value.is_object()) throw failure("the request is not a flat JSON object");
  return value;
}

}  // namespace

bool is_message_name(std::string_view text) noexcept {
  return text.size() >= 8 && text.size() <= 32 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string to_line(const request& r) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  std::visit(
      [&out](const auto& m) {
        using type = std::decay_t<decltype(m)>;
        out["command"] = type::command;
        field_writer writer(out);
        type::fields(m, writer);
      },
      r);
  return out.dump();
}

request from_line(std::string_view line) {
  const auto value = parse_flat(line);
  const auto command = value.find("command");
  if (command == value.end() || !command->is_string())
    throw failure("the request names no command");
  return read(command->get_ref<const std::string&>(), value);
}

}  // namespace wardline::doctor::control
