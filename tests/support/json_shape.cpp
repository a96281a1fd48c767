#include "tests/support/json_shape.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace wardline::test {
namespace {

using json = nlohmann::json;

bool consists_of(const std::string& text, const std::string& characters) {
  return text.find_first_not_of(characters) == std::string::npos;
}

bool is_text_of(const json& v, std::size_t size, const std::string& characters) {
  return v.is_string() && v.get<std::string>().size() == size &&
         consists_of(v.get<std::string>(), characters);
}

const std::string hexadecimal = "0123456789abcdef";
constexpr std::uint64_t year_2020 = 1'577'836'800'000;  // Unix milliseconds
constexpr std::uint64_t year_2200 = 7'258'118'400'000;

bool is_fingerprint(const json& v) {
  if (!is_text_of(v, 71, "0123456789 ")) return false;
  const auto text = v.get<std::string>();
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] == ' ') != (i % 6 == 5)) return false;
  return true;
}

/// The types that docs/cli.md lists.
bool is_a(const std::string& type, const json& v) {
  if (type == "text") return v.is_string();
  if (type == "number") return v.is_number_unsigned();
  if (type == "measure") return v.is_number();
  if (type == "bool") return v.is_boolean();
  if (type == "null") return v.is_null();
  if (type == "0") return v.is_number_unsigned() && v == 0;
  if (type == "time") return v.is_number_unsigned() && v > year_2020 && v < year_2200;
  if (type == "id") return is_text_of(v, 32, hexadecimal);
  if (type == "hash") return is_text_of(v, 64, hexadecimal);
  if (type == "fingerprint") return is_fingerprint(v);
  if (type == "priority") return v == "routine" || v == "urgent" || v == "emergency";
  if (type.front() == '"') return v == type.substr(1, type.size() - 2);
  throw std::invalid_argument("there is no type " + type);
}

}  // namespace

struct json_shape::node {
  struct member {
    bool may_be_absent;
    std::unique_ptr<node> what;
    bool seen = false;
  };

  std::vector<std::string> alternatives;  ///< of a simple value
  std::unique_ptr<node> elements;         ///< of an array
  bool is_object = false;
  std::map<std::string, member> members;

  void check(const json& v, const std::string& path, std::vector<std::string>& problems) {
    if (elements) {
      if (!v.is_array()) return problems.push_back(path + " is no array");
      for (const auto& one : v) elements->check(one, path + "[]", problems);
    } else if (is_object) {
      check_members(v, path, problems);
    } else if (std::none_of(alternatives.begin(), alternatives.end(),
                            [&](const auto& type) { return is_a(type, v); })) {
      problems.push_back(path + " is " + v.dump());
    }
  }

  void check_members(const json& v, const std::string& path, std::vector<std::string>& problems) {
    if (!v.is_object()) return problems.push_back(path + " is no object");
    for (auto& [name, m] : members) {
      if (name == "*") continue;
      const auto found = v.find(name);
      if (found == v.end()) {
        if (!m.may_be_absent) problems.push_back(path + "." + name + " is absent");
        continue;
      }
      m.seen = m.seen || !found->is_null();
      m.what->check(*found, path + "." + name, problems);
    }
    const auto others = members.find("*");
    for (const auto& [name, value] : v.items()) {
      if (members.contains(name)) continue;
      if (others == members.end()) {
        problems.push_back(path + "." + name + " is not in the document");
        continue;
      }
      others->second.seen = true;
      others->second.what->check(value, path + "." + name, problems);
    }
  }

  void collect_unseen(const std::string& path, std::vector<std::string>& out) const {
    if (elements) return elements->collect_unseen(path + "[]", out);
    for (const auto& [name, m] : members) {
      if (!m.seen) out.push_back(path + "." + name);
      m.what->collect_unseen(path + "." + name, out);
    }
  }
};

class json_shape::parser {
 public:
  explicit parser(const std::string& text) : text_(text) {}

  std::unique_ptr<node> whole() {
    auto out = one();
    if (peek() != '\0') fail();
    return out;
  }

 private:
  std::unique_ptr<node> one() {
    auto out = std::make_unique<node>();
    if (take('[')) {
      out->elements = one();
      need(']');
    } else if (take('{')) {
      out->is_object = true;
      if (take('}')) return out;
      do {
        const auto name = word();
        const bool may_be_absent = take('?') || name == "*";
        need(':');
        out->members.emplace(name, node::member{may_be_absent, one()});
      } while (take(','));
      need('}');
    } else {
      do out->alternatives.push_back(word());
      while (take('|'));
    }
    return out;
  }

  std::string word() {
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' || c == '*' ||
             c == '-';
    };
    std::string out;
    const bool is_quoted = peek() == '"';
    while (at_ < text_.size() &&
           (is_part(text_[at_]) || (is_quoted && text_[at_] == ' ' && out.back() != '"')))
      out += text_[at_++];
    if (out.empty()) fail();
    return out;
  }

  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) fail();
  }
  [[noreturn]] void fail() const {
    throw std::invalid_argument("no shape, at " + std::to_string(at_) + ": " + text_);
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

json_shape::json_shape(const std::string& text) : root_(parser(text).whole()) {}
json_shape::json_shape(json_shape&&) noexcept = default;
json_shape& json_shape::operator=(json_shape&&) noexcept = default;
json_shape::~json_shape() = default;

std::vector<std::string> json_shape::problems(const json& value) {
  std::vector<std::string> out;
  root_->check(value, "", out);
  return out;
}

std::vector<std::string> json_shape::never_seen() const {
  std::vector<std::string> out;
  root_->collect_unseen("", out);
  return out;
}

std::vector<std::string> blocks_below(const std::string& document, const std::string& heading) {
  const auto rank = heading.substr(0, heading.find(' ') + 1);
  std::istringstream in(document);
  std::vector<std::string> out;
  bool below = false;
  bool in_block = false;
  for (std::string line; std::getline(in, line);) {
    if (!in_block && line.starts_with('#') && line.find(' ') < rank.size()) below = line == heading;
    if (line.starts_with("```"))
      in_block = !in_block;
    else if (below && in_block)
      out.push_back(line);
  }
  if (out.empty()) throw std::invalid_argument("nothing below " + heading);
  return out;
}

std::map<std::string, json_shape> shapes_below(const std::string& document,
                                               const std::string& heading) {
  std::vector<std::string> entries;
  for (const auto& line : blocks_below(document, heading)) {
    if (line.starts_with(' ') && !entries.empty())
      entries.back() += line;
    else
      entries.push_back(line);
  }
  std::map<std::string, json_shape> out;
  for (const auto& entry : entries) {
    const auto at = entry.find_first_of("{[");
    if (at == std::string::npos) throw std::invalid_argument("no shape: " + entry);
    auto name = entry.substr(0, at);
    name.resize(name.find_last_not_of(' ') + 1);
    if (!out.emplace(name, json_shape(entry.substr(at))).second)
      throw std::invalid_argument("twice: " + name);
  }
  return out;
}

}  // namespace wardline::test
