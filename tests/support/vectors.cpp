#include "tests/support/vectors.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"

namespace wardline::test {
namespace {

nlohmann::json load() {
  const std::string path = WARDLINE_VECTORS_DIR "/wardline-v1.json";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open the vectors: " + path);
  return nlohmann::json::parse(file);
}

std::vector<group_vectors> load_groups() {
  std::vector<group_vectors> out;
  for (const auto id : {crypto::group_id::ffdhe2048, crypto::group_id::ffdhe3072,
                        crypto::group_id::ffdhe4096, crypto::group_id::ristretto255}) {
    std::string name(crypto::name(id));
    const auto& content = vectors().at("groups").at(name);
    if (content.at("parameters").at("id") != static_cast<int>(id)) {
      throw std::runtime_error("the vectors number " + name + " differently");
    }
    out.push_back({id, std::move(name), &content});
  }
  return out;
}

}  // namespace

const nlohmann::json& vectors() {
  static const nlohmann::json file = load();
  return file;
}

const std::vector<group_vectors>& vector_groups() {
  static const std::vector<group_vectors> groups = load_groups();
  return groups;
}

const group_vectors& vectors_of(crypto::group_id id) {
  return vector_groups().at(static_cast<std::size_t>(id) - 1);
}

const nlohmann::json& group_vectors::operator[](std::string_view section) const {
  return content->at(std::string(section));
}

std::vector<const nlohmann::json*> group_vectors::negative(std::string_view operation) const {
  std::vector<const nlohmann::json*> out;
  for (const auto& one : (*this)["negative"]) {
    if (one.at("operation").get_ref<const std::string&>() == operation) out.push_back(&one);
  }
  return out;
}

bytes hex(const nlohmann::json& text) {
  return from_hex(text.get_ref<const std::string&>()).value();
}

errc expected_error(const nlohmann::json& negative_case) {
  const auto& wanted = negative_case.at("error").get_ref<const std::string&>();
  for (int i = 1; i <= static_cast<int>(errc::unavailable); ++i) {
    if (name(static_cast<errc>(i)) == wanted) return static_cast<errc>(i);
  }
  throw std::runtime_error("the vectors name an unknown error: " + wanted);
}

}  // namespace wardline::test
