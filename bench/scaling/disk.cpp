#include "bench/scaling/disk.hpp"

#include <string>

#include "common/store/database.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/records/schema.hpp"

namespace wardline::bench {

disk_use disk_of(const std::filesystem::path& data_directory) {
  namespace schema = doctor::schema;
  store::database db(data_directory / "doctor.db", schema::application_id, schema::migrations);
  auto pages = db.prepare(
      "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN "
      "(SELECT name FROM sqlite_schema WHERE tbl_name = ?)");
  const auto of = [&](const std::string& table) {
    const auto size =
        pages.bind(table).first([](const store::row& r) { return r.get<std::uint64_t>(0); });
    return static_cast<double>(size.value_or(0));
  };
  std::error_code missing;
  const auto mirror =
      std::filesystem::file_size(data_directory / doctor::audit::mirror_name, missing);
  return {of("messages") + of("deliveries"),
          of("audit") + of("audit_checkpoints") + (missing ? 0 : static_cast<double>(mirror))};
}

}  // namespace wardline::bench
