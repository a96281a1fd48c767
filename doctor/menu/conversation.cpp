#include "doctor/menu/conversation.hpp"

#include <fmt/format.h>

#include "common/cli/person.hpp"
#include "common/util/error.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::doctor::menu {

conversation::conversation(show print, show prompt, answer choose)
    : print_(std::move(print)), prompt_(std::move(prompt)), choose_(std::move(choose)) {}

void conversation::line(const std::string& text) {
  try {
    take(cli::trimmed(text));
  } catch (const failure& why) {
    next_ = nullptr;
    print(printable(fmt::format("Error: {}.", why.what())));
    if (!why.hint().empty()) print(printable(fmt::format("Hint: {}", why.hint())));
  }
  show_prompt();
}

void conversation::take(const std::string& text) {
  if (!next_) return choose_(text);
  const auto next = std::exchange(next_, nullptr);
  if (text == "cancel" || (text.empty() && otherwise_.empty())) return print("Nothing was done.");
  next(text.empty() ? otherwise_ : text);
}

void conversation::ask(const std::string& question, answer next) {
  question_ = question + ": ";
  otherwise_.clear();
  next_ = std::move(next);
}

void conversation::ask(const std::string& question, const std::string& otherwise, answer next) {
  question_ = fmt::format("{} [{}]: ", question, otherwise);
  otherwise_ = otherwise;
  next_ = std::move(next);
}

void conversation::confirm(const std::string& question, const std::function<void()>& next) {
  ask(question + " Type yes to do it", [this, next](const std::string& text) {
    if (text == "yes" || text == "y" || text == "YES" || text == "Yes") return next();
    print("Nothing was done.");
  });
}

void conversation::show_prompt() const { prompt_(next_ ? question_ : "doctor> "); }

}  // namespace wardline::doctor::menu
