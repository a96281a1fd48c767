#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace wardline::test {

/// What some JSON looks like, in the notation of docs/cli.md ("JSON"):
///
///     {name: text, since: time|null, reason?: "a"|"b", rows: [{n: number}], *: text}
///
/// `*` is any other member.
class json_shape {
 public:
  /// Throws if the text is none.
  explicit json_shape(const std::string& text);
  json_shape(json_shape&&) noexcept;
  json_shape& operator=(json_shape&&) noexcept;
  ~json_shape();

  /// What about `value` is not as the shape says: a sentence each.
  std::vector<std::string> problems(const nlohmann::json& value);

  /// The members that no value had yet (or, not `null`, if they may be that): their paths.
  std::vector<std::string> never_seen() const;

 private:
  struct node;
  class parser;
  std::unique_ptr<node> root_;
};

/// The shapes in a document, by what stands before them: every fenced block below the heading (up
/// to the next of its rank) whose lines begin with a name and a shape; a line that begins with
/// blanks goes on with the one above.
std::map<std::string, json_shape> shapes_below(const std::string& document,
                                               const std::string& heading);

/// The lines of the fenced blocks below it.
std::vector<std::string> blocks_below(const std::string& document, const std::string& heading);

}  // namespace wardline::test
