#pragma once

#include <deque>
#include <string>

#include "common/cli/person.hpp"
#include "common/util/error.hpp"

namespace wardline::test {

/// Answers what it was told to, and remembers what it heard.
class scripted_person final : public cli::person {
 public:
  explicit scripted_person(std::deque<std::string> answers) : answers_(std::move(answers)) {}

  void tell(const std::string& text) override { heard += text + "\n"; }
  std::string ask(const std::string& prompt) override {
    ++questions;
    heard += prompt + "\n";
    if (answers_.empty()) throw failure("no answer was given");
    auto out = answers_.front();
    answers_.pop_front();
    return out;
  }

  std::string heard;
  int questions = 0;

 private:
  std::deque<std::string> answers_;
};

}  // namespace wardline::test
