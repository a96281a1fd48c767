#include "doctor/backup/archive.hpp"

#include <array>
#include <fstream>

#include "common/store/file.hpp"
#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor {
namespace {

using test::contains;
using test::thrown_by;
namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct place {
  test::temporary_directory at;
  fs::path file = at.path() / "backup";
  int tried = 0;

  bytes made() {
    store::replace_file(at.path() / "a", as_bytes("names"));
    store::replace_file(at.path() / "b", as_bytes("rows and rows"));
    const std::array entries{archive::entry{"identity.json", at.path() / "a"},
                             archive::entry{"doctor.db", at.path() / "b"}};
    archive::write(file, 1234, entries);
    const auto text = content_of(file);
    return to_bytes(as_bytes(text));
  }
  /// What comes of unpacking this, and that nothing is left of it if it is refused.
  std::string refused(byte_view content) {
    store::replace_file(file, content);
    const auto to = at.path() / std::to_string(++tried);
    fs::create_directory(to);
    return thrown_by<failure>([&] { archive::unpack(file, to); }).what();
  }
};

/// `body` with the hash that belongs to it.
bytes hashed(bytes body) {
  append(body, crypto::sha256({body}).view());
  return body;
}

bytes head(std::size_t count) {
  bytes out = to_bytes(as_bytes("WLBACKUP"));
  out.push_back(1);
  append(out, big_endian<8>(1234));
  append(out, big_endian<1>(count));
  return out;
}

bytes with_entry(bytes out, std::string_view name, std::uint64_t length, std::string_view content) {
  append(out, big_endian<1>(name.size()));
  append(out, as_bytes(name));
  append(out, big_endian<8>(length));
  append(out, as_bytes(content));
  return out;
}

}  // namespace

TEST_CASE("what an archive was made of comes out of it, in private files") {
  place p;
  p.made();
  CHECK(fs::status(p.file).permissions() == fs::perms(0600));
  const auto to = p.at.path() / "to";
  fs::create_directory(to);
  const auto found = archive::unpack(p.file, to);
  CHECK(found.made == 1234);
  CHECK(found.names == std::vector<std::string>{"identity.json", "doctor.db"});
  CHECK(content_of(to / "identity.json") == "names");
  CHECK(content_of(to / "doctor.db") == "rows and rows");
  CHECK(fs::status(to / "doctor.db").permissions() == fs::perms(0600));
}

TEST_CASE("an archive never replaces a file") {
  place p;
  p.made();
  CHECK(contains(thrown_by<failure>([&] { archive::write(p.file, 1, {}); }).what(), "exists"));
  CHECK(content_of(p.file).size() > 50);
}

TEST_CASE(
    "an archive with any bit flipped, or cut off anywhere, is refused before it is unpacked") {
  place p;
  const auto whole = p.made();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(i);
    auto changed = whole;
    changed[i] ^= static_cast<byte>(1U << (i % 8));
    CHECK_FALSE(p.refused(changed).empty());
    CHECK_FALSE(p.refused(byte_view(whole).first(i)).empty());
  }
  for (int i = 1; i <= p.tried; ++i) CHECK(fs::is_empty(p.at.path() / std::to_string(i)));
  auto longer = whole;
  longer.push_back(0);
  CHECK(contains(p.refused(longer), "changed or cut off"));
}

TEST_CASE("an archive that says what no backup says is refused, though its hash is right") {
  place p;
  p.made();
  for (const auto* name : {"../doctor.db", "/etc/passwd", "lock", "", "doctor.db/x", "doctor.d"})
    CHECK(contains(p.refused(hashed(with_entry(head(1), name, 1, "x"))), "no backup has"));
  CHECK(contains(
      p.refused(hashed(with_entry(with_entry(head(2), "listen", 1, "x"), "listen", 1, "x"))),
      "twice"));
  for (const auto length : {std::uint64_t{2}, std::uint64_t{1} << 40U, ~std::uint64_t{0}})
    CHECK(contains(p.refused(hashed(with_entry(head(1), "doctor.db", length, "x"))),
                   "longer than the file"));
  CHECK(contains(p.refused(hashed(with_entry(head(1), "listen", 5000, std::string(5000, 'x')))),
                 "too long"));
  CHECK(contains(p.refused(hashed(with_entry(head(2), "listen", 1, "x"))), "damaged"));
  CHECK(contains(p.refused(hashed(with_entry(head(1), "listen", 1, "xy"))), "behind its last"));
  CHECK(contains(p.refused(as_bytes("something else")), "no backup"));
  auto newer = head(0);
  newer[8] = 2;
  CHECK(contains(p.refused(hashed(newer)), "newer version"));
}

}  // namespace wardline::doctor
