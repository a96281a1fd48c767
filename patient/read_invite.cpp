#include "patient/read_invite.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <unistd.h>

#include "common/cli/guard.hpp"
#include "common/cli/person.hpp"

namespace wardline::patient {
namespace {

constexpr std::size_t longest = 4096;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw failure("the invite cannot be read from " + file.string() + ": " + std::strerror(errno),
                  "Check the name of the file, and whether you may read it.");
  }
  std::string out(longest + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

std::string pasted() {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) {
    throw cli::usage_error("an invite is needed",
                           "patient enroll INVITE, patient enroll --file FILE, or patient enroll - "
                           "to read it from standard input. The doctor makes one with: doctor "
                           "invite PATIENT");
  }
  cli::person_at_terminal person;
  auto text = person.ask("Paste the invite that your doctor gave you, and press Enter: ");
  if (text.empty()) throw cli::usage_error("an invite is needed", "Ask the doctor for one.");
  return text;
}

std::string text_of(const config& settings) {
  if (!settings.invite_file.empty()) return content_of(settings.invite_file);
  if (settings.invite == "-") return cli::read_line(STDIN_FILENO);
  // Who reads JSON is no person to ask.
  if (settings.invite.empty() && !settings.json) return pasted();
  if (settings.invite.empty()) throw cli::usage_error("an invite is needed", "Try: patient --help");
  return settings.invite;
}

}  // namespace

protocol::invite read_invite(const config& settings) {
  auto text = text_of(settings);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto invited = protocol::invite_from_text(text);
  if (!invited) {
    throw failure("this is not an invite, or not a whole one",
                  "An invite begins with wardline1: and has no spaces. Copy it anew, or ask the "
                  "doctor for a new one.");
  }
  if (!settings.id.empty() && settings.id != invited->patient_id) {
    throw failure("the invite is for " + invited->patient_id + ", not for " + settings.id,
                  "Leave --id out, or ask the doctor for an invite of your own.");
  }
  return std::move(*invited);
}

}  // namespace wardline::patient
