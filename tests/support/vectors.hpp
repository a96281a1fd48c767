#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/crypto/suite.hpp"
#include "common/util/bytes.hpp"
#include "common/util/error.hpp"

/// The known answers of tests/vectors/wardline-v1.json; its `note` says what each field means.
/// A test that looks inside includes <nlohmann/json.hpp> itself.
namespace wardline::test {

/// What the file has on one group.
struct group_vectors {
  crypto::group_id id;
  std::string name;
  const nlohmann::json* content;

  const nlohmann::json& operator[](std::string_view section) const;

  /// The cases of the section "negative" with this operation, in the file's order.
  std::vector<const nlohmann::json*> negative(std::string_view operation) const;
};

/// The whole file; read once.
const nlohmann::json& vectors();

/// All four groups, in the order of their ids.
const std::vector<group_vectors>& vector_groups();
const group_vectors& vectors_of(crypto::group_id id);

/// The bytes of a hexadecimal string; throws if it is none.
bytes hex(const nlohmann::json& text);

/// The error that a negative case must end with; throws if the name is not one of ours.
errc expected_error(const nlohmann::json& negative_case);

}  // namespace wardline::test
