#include "doctor/identity_file.hpp"

#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/store/error.hpp"
#include "common/store/file.hpp"
#include "common/store/secret_file.hpp"

namespace wardline::doctor {

namespace {

namespace fs = std::filesystem;
using store::error_kind;

struct names {
  std::string id;
  crypto::group_id group;
};

constexpr auto names_file = "identity.json";
constexpr std::size_t max_file = 4096;

store::error damaged(const fs::path& file) {
  return {error_kind::corrupt, fmt::format("{} is damaged", file.string()),
          "restore the data directory from a backup, or choose another one with --data-dir"};
}

std::optional<names> read_names(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored))) return std::nullopt;
    throw failure(fmt::format("{} cannot be read", file.string()),
                  "look at its owner and permissions");
  }
  std::string text(max_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || text.size() > max_file) throw damaged(file);

  const auto value = nlohmann::json::parse(text, nullptr, false);
  if (!value.is_object() || value.size() != 2) throw damaged(file);
  const auto id = value.find("id");
  const auto group = value.find("group");
  if (id == value.end() || !id->is_string() || group == value.end() || !group->is_string())
    throw damaged(file);
  const auto known = crypto::group_named(group->get<std::string>());
  if (!known || !crypto::is_valid_id(id->get<std::string>())) throw damaged(file);
  return names{id->get<std::string>(), *known};
}

void write_names(const fs::path& file, const names& n) {
  const nlohmann::ordered_json value{{"id", n.id}, {"group", crypto::name(n.group)}};
  store::replace_file(file, as_bytes(cli::json_line(value) + "\n"));
}

void check(const fs::path& directory, const names& kept, const std::string& id,
           std::optional<crypto::group_id> wanted) {
  if (kept.id != id)
    throw failure(fmt::format("{} belongs to the doctor \"{}\", not to \"{}\"", directory.string(),
                              kept.id, id),
                  fmt::format("use --id {}, or choose another directory with --data-dir", kept.id));
  if (wanted && *wanted != kept.group)
    throw failure(
        fmt::format("the identity of \"{}\" is in group {}, not in {}", id,
                    crypto::name(kept.group), crypto::name(*wanted)),
        "leave --group out; an identity in another group needs another --data-dir, and every "
        "patient must be enrolled anew");
}

}  // namespace

crypto::own_identity open_identity(const fs::path& directory, const std::string& id,
                                   std::optional<crypto::group_id> wanted,
                                   crypto::group_id otherwise, crypto::random_source& random,
                                   const at_rest::unlocked_keys* keys) {
  const auto names_path = directory / names_file;
  const auto seed_file = directory / at_rest::seed_name;
  const auto records_file = directory / "doctor.db";

  auto kept = read_names(names_path);
  if (kept) {
    check(directory, *kept, id, wanted);
    if (const auto* sealed = at_rest::sealed_one(directory, at_rest::seed_name, keys,
                                                 &at_rest::unlocked_keys::identity_seed))
      return {*sealed, crypto::role::doctor, kept->group, kept->id};
    auto seed = store::secret_file::load(seed_file);
    if (!seed)
      throw failure(fmt::format("{} is missing", seed_file.string()),
                    "restore it from a backup; without it this doctor's identity is lost, and "
                    "patients can be enrolled with a new one in another --data-dir only");
    return {*seed, crypto::role::doctor, kept->group, kept->id};
  }

  // The seed is written before the names. So a seed alone is what a crash leaves of a first start,
  // before anybody has seen the identity; names alone are a lost seed. Records are made later than
  // both, and keys are sealed later: beside them, names that are missing have been lost, too.
  std::error_code ignored;
  if (fs::exists(records_file, ignored) || at_rest::are_sealed(directory))
    throw failure(
        fmt::format("{} is missing, but there are records or keys beside it", names_path.string()),
        "restore it from a backup, or choose another directory with --data-dir");
  const auto seed =
      store::secret_file::load_or_create(seed_file, [&random](byte_span out) { random.fill(out); });
  const names made{id, wanted.value_or(otherwise)};
  write_names(names_path, made);
  return {seed, crypto::role::doctor, made.group, made.id};
}

std::optional<crypto::group_id> group_of_identity(const fs::path& directory) {
  const auto kept = read_names(directory / names_file);
  return kept ? std::optional(kept->group) : std::nullopt;
}

void check_identity(const fs::path& directory, const std::string& id,
                    std::optional<crypto::group_id> wanted) {
  if (const auto kept = read_names(directory / names_file)) check(directory, *kept, id, wanted);
}

}  // namespace wardline::doctor
