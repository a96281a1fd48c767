#include "doctor/records/inbox.hpp"

#include "doctor/records/columns.hpp"

namespace wardline::doctor {
namespace {

// The id is of fixed size and stands last, so that two places never have the same key.
bytes row_key(std::string_view from, const protocol::message_id& id) {
  bytes out = to_bytes(as_bytes(from));
  append(out, id.view());
  return out;
}

}  // namespace

inbox::inbox(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db),
      content_(store_key, "inbox", "content", random),
      keep_(db.prepare("INSERT INTO inbox(patient, id, received, content) VALUES(?, ?, ?, ?)"
                       " ON CONFLICT(patient, id) DO NOTHING")),
      recent_(db.prepare("SELECT patient, id, received, content FROM inbox"
                         " ORDER BY number DESC LIMIT ?")) {}

bool inbox::keep(const std::string& from, const protocol::content& content, unix_ms now) {
  keep_
      .bind(from, content.id, column::clamped(now),
            content_.seal(row_key(from, content.id), protocol::encode(content)))
      .run();
  return db_.changes() > 0;
}

std::vector<incoming> inbox::recent(std::size_t limit) {
  std::vector<incoming> out;
  recent_.bind(column::clamped(limit)).each([&](const store::row& r) {
    auto from = r.get<std::string>(0);
    const auto id = r.get<protocol::message_id>(1);
    const auto opened = column::open(db_, content_, row_key(from, id), r.get<byte_view>(3),
                                     "a message from " + from);
    auto content = protocol::decode<protocol::content>(opened.view());
    if (!content) column::refuse(db_, "a message from " + from + " does not decode");
    out.push_back({std::move(from), r.get<unix_ms>(2), std::move(*content)});
  });
  return out;
}

}  // namespace wardline::doctor
