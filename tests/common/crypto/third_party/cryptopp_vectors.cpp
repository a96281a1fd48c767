#include "tests/common/crypto/third_party/cryptopp_vectors.hpp"

#include <cctype>
#include <fstream>
#include <sstream>

#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

constexpr const char* directory = "/usr/share/crypto++/TestVectors/";

std::string trimmed(const std::string& text) {
  constexpr const char* blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// A line without what is not part of it; an ending backslash says that the next goes on with it.
std::optional<std::string> next_line(std::istream& in) {
  std::string whole;
  for (std::string line; std::getline(in, line);) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty() || line.back() != '\\') return whole + line;
    line.pop_back();
    whole += line;
  }
  return std::nullopt;
}

// The next item of an encoded string: a text in quotes, or what ends at a blank.
std::string next_item(std::istream& in) {
  std::string item;
  if (in.peek() == '"') {
    in.get();
    std::getline(in, item, '"');
    return '"' + item;
  }
  in >> item;
  return item;
}

bytes decoded(const std::string& item) {
  if (item.front() == '"') return to_bytes(as_bytes(item).subspan(1));
  auto digits = item.rfind("0x", 0) == 0 ? item.substr(2) : item;
  // The library passes over what is no digit, and hmac.txt has a stray bracket.
  std::erase_if(digits, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) == 0; });
  return from_hex(digits).value();
}

}  // namespace

std::string cryptopp_case::text(const std::string& field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? std::string() : found->second;
}

bytes cryptopp_case::value(const std::string& field) const {
  bytes out;
  std::istringstream in(text(field));
  while (in >> std::ws && in.peek() != std::istringstream::traits_type::eof()) {
    auto item = next_item(in);
    int times = 1;
    if (item.front() == 'r') {
      times = std::stoi(item.substr(1));
      in >> std::ws;
      item = next_item(in);
    }
    const auto part = decoded(item);
    for (; times > 0; --times) append(out, part);
  }
  return out;
}

std::optional<std::vector<cryptopp_case>> cryptopp_vectors(const std::string& file, tally& count) {
  std::ifstream in(directory + file);
  if (!in) {
    count.absent("Install the package libcrypto++-utils.");
    return std::nullopt;
  }
  std::vector<cryptopp_case> out;
  std::map<std::string, std::string> fields;
  while (const auto line = next_line(in)) {
    if (line->empty()) {
      fields.clear();
      continue;
    }
    const auto colon = line->find(':');
    if (colon == std::string::npos) FAIL(file << " has a line that is no field: " << *line);
    const auto name = line->substr(0, colon);
    fields[name] = trimmed(line->substr(colon + 1));
    if (name == "Test") out.emplace_back(fields);
  }
  return out;
}

}  // namespace wardline::test
