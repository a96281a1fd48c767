#include "common/cli/options.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "common/cli/guard.hpp"
#include "common/cli/outline.hpp"
#include "common/cli/time_text.hpp"
#include "common/util/error.hpp"
#include "common/util/version.hpp"

namespace wardline::cli {
namespace {

void generate(const CLI::App& app, const std::string& what) {
  const auto program = outline_of(app);
  if (what == "man") std::cout << manual_page(program, version);
  if (what == "bash") std::cout << bash_completion(program);
  if (what == "zsh") std::cout << zsh_completion(program);
  if (what == "fish") std::cout << fish_completion(program);
  throw CLI::Success();
}

}  // namespace

void add_version(CLI::App& app, std::string_view program) {
  std::string text = std::string(program) + " " + std::string(version);
  if (!version_commit.empty()) text += " (" + std::string(version_commit) + ")";
  app.set_version_flag("--version", text, "Print the version and exit");
  app.add_option_function<std::string>("--generate",
                                       [&app](const std::string& what) { generate(app, what); })
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}))
      ->configurable(false)
      ->group("");
}

CLI::Option* add_json(CLI::App& app, bool& json) {
  return app.add_flag("--json", json, "Print JSON for programs")->configurable(false);
}

CLI::Option* add_data_directory(CLI::App& app, std::optional<std::filesystem::path>& directory) {
  const auto take = [&directory](const std::string& text) {
    if (text.empty()) throw CLI::ValidationError("--data-dir", "the name is empty");
    directory = std::filesystem::absolute(text);
  };
  return app
      .add_option_function<std::string>("--data-dir", take,
                                        "Directory of keys and records (private to you)")
      ->type_name("DIR");
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, seconds& value, seconds least,
                          seconds most, const std::string& description) {
  const auto take = [&value, name, least, most](const std::string& text) {
    try {
      value = parse_duration(text, least, most);
    } catch (const failure& e) {
      throw CLI::ValidationError(name, e.what());
    }
  };
  return app.add_option_function<std::string>(name, take, description)
      ->type_name("DURATION")
      ->default_str(duration_text(value));
}

std::optional<int> parse(CLI::App& app, int argc, const char* const* argv,
                         std::string_view program) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& e) {  // --help, --version
    app.exit(e, std::cout, std::cerr);
    std::cout.flush();
    return std::cout.good() ? done : failed;
  } catch (const CLI::ParseError& e) {
    report_error(program, e.what(), "Try: " + std::string(program) + " --help");
    return wrong_usage;
  }
}

}  // namespace wardline::cli
