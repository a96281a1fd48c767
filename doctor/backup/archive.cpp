#include "doctor/backup/archive.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "common/store/error.hpp"
#include "common/store/new_file.hpp"
#include "common/util/secret.hpp"

namespace wardline::doctor::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "WLBACKUP";
constexpr byte version = 1;
constexpr std::size_t hash_size = crypto::digest::size;
constexpr std::uint64_t smallest = magic.size() + 1 + 8 + 1 + hash_size;
constexpr std::size_t piece_size = std::size_t{64} * 1024;
/// All but the database are small.
constexpr std::uint64_t most_of_small = 4096;

failure damaged(const fs::path& file, const std::string& what) {
  return failure(file.string() + " is damaged: " + what, "Use another backup.");
}

/// A file that is read from its beginning to its end.
class source {
 public:
  explicit source(const fs::path& file) : file_(file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored))
      throw failure(file.string() + " is no file, or cannot be looked at");
    in_.open(file, std::ios::binary | std::ios::ate);
    if (!in_) throw failure(file.string() + " cannot be read", "Look at its owner and its mode.");
    left_ = size_ = static_cast<std::uint64_t>(in_.tellg());
    rewind();
  }
  void rewind() {
    in_.clear();
    in_.seekg(0);
    left_ = size_;
  }
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t left() const noexcept { return left_; }

  void read(byte_span out) {
    if (out.size() > left_) throw damaged(file_, "it is too short");
    in_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    if (static_cast<std::size_t>(in_.gcount()) != out.size())
      throw failure(file_.string() + " cannot be read to its end");
    left_ -= out.size();
  }
  template <std::size_t N>
  std::uint64_t number() {
    byte_array<N> out{};
    read(out);
    return from_big_endian<N>(out);
  }
  /// `count` bytes, in pieces that are wiped: some are keys.
  template <class Take>
  void pass(std::uint64_t count, const Take& take) {
    secret_bytes piece(piece_size);
    while (count > 0) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(count, piece_size));
      read(piece.writable().first(n));
      take(piece.view().first(n));
      count -= n;
    }
  }

 private:
  fs::path file_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 0;
};

class sink {
 public:
  explicit sink(const fs::path& file) : to_(file) {}
  void write(byte_view part) {
    to_.write(part);
    hash_.add(part);
    size_ += part.size();
  }
  void finish(summary& out) {
    out.hash = hash_.finish();
    to_.write(out.hash.view());
    to_.finish();
    out.size = size_ + hash_size;
  }

 private:
  store::new_file to_;
  crypto::sha256_stream hash_;
  std::uint64_t size_ = 0;
};

/// Stands behind the version then.
void check_kind(source& in, const fs::path& file) {
  bytes head(std::min<std::uint64_t>(magic.size() + 1, in.size()));
  in.read(head);
  if (head.size() != magic.size() + 1 || as_text(head).substr(0, magic.size()) != magic)
    throw failure(file.string() + " is no backup of a doctor's data directory");
  if (head.back() > version)
    throw failure(file.string() + " was made by a newer version",
                  "Use the newer version of this program.");
  if (head.back() == 0 || in.size() < smallest) throw damaged(file, "it is too short");
}

crypto::digest check_hash(source& in, const fs::path& file) {
  crypto::sha256_stream hash;
  in.rewind();
  in.pass(in.size() - hash_size, [&](byte_view part) { hash.add(part); });
  crypto::digest at_end;
  in.read(at_end.value);
  if (hash.finish() != at_end)
    throw damaged(file, "it was changed or cut off since it was made (its hash differs)");
  return at_end;
}

/// One of `names`, not yet in `had`.
std::string read_name(source& in, const fs::path& file, const std::vector<std::string>& had) {
  bytes raw(static_cast<std::size_t>(in.number<1>()));
  in.read(raw);
  const auto name = as_text(raw);
  if (std::ranges::find(names, name) == std::end(names))
    throw damaged(file, "it has a file that no backup has");
  if (std::ranges::find(had, name) != had.end()) throw damaged(file, "it has a file twice");
  return std::string(name);
}

}  // namespace

summary write(const fs::path& file, unix_ms made, std::span<const entry> entries) {
  summary out;
  out.made = made;
  sink to(file);
  to.write(as_bytes(magic));
  to.write({&version, 1});
  to.write(big_endian<8>(made));
  to.write(big_endian<1>(entries.size()));
  for (const auto& e : entries) {
    source from(e.file);
    to.write(big_endian<1>(e.name.size()));
    to.write(as_bytes(e.name));
    to.write(big_endian<8>(from.size()));
    from.pass(from.size(), [&](byte_view part) { to.write(part); });
    out.names.push_back(e.name);
  }
  to.finish(out);
  return out;
}

summary unpack(const fs::path& file, const fs::path& directory) {
  source in(file);
  check_kind(in, file);
  summary out;
  out.size = in.size();
  out.hash = check_hash(in, file);

  in.rewind();
  bytes head(magic.size() + 1);
  in.read(head);
  out.made = in.number<8>();
  const auto count = in.number<1>();
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto name = read_name(in, file, out.names);
    const auto length = in.number<8>();
    if (in.left() < hash_size || length > in.left() - hash_size)
      throw damaged(file, "a length in it is longer than the file");
    if (name != "doctor.db" && length > most_of_small)
      throw damaged(file, name + " in it is too long");
    store::new_file to(directory / name);
    in.pass(length, [&](byte_view part) { to.write(part); });
    to.finish();
    out.names.push_back(name);
  }
  if (in.left() != hash_size) throw damaged(file, "there is something behind its last file");
  return out;
}

}  // namespace wardline::doctor::archive
