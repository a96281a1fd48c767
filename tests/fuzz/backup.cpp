// Any bytes as a backup, with the right hash behind them: nothing is unpacked that an archive may
// not hold, and what is unpacked is what is in it.
#include "common/crypto/sha256.hpp"
#include "common/util/error.hpp"
#include "doctor/backup/archive.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/fuzz/support/scratch.hpp"

using namespace wardline;
using fuzz::must;
namespace fs = std::filesystem;

WARDLINE_FUZZ_TARGET(in) {
  const bool has_right_hash = in.number() % 8 != 7;
  bytes content = to_bytes(in.rest());
  if (has_right_hash) append(content, crypto::sha256({content}).view());
  const auto file = fuzz::scratch() / "backup";
  const auto into = fuzz::scratch() / "unpacked";
  fuzz::write_file(file, content);
  fs::remove_all(into);
  fs::create_directory(into);

  doctor::archive::summary found;
  try {
    found = doctor::archive::unpack(file, into);
  } catch (const failure& why) {
    return must(*why.what() != '\0', "what is wrong is told in words");
  }
  std::vector<doctor::archive::entry> entries;
  for (const auto& name : found.names) {
    must(std::ranges::find(doctor::archive::names, name) != std::end(doctor::archive::names),
         "nothing is unpacked but what an archive may hold");
    entries.push_back({name, into / name});
  }
  for (const auto& there : fs::directory_iterator(into))
    must(std::ranges::find(found.names, there.path().filename().string()) != found.names.end(),
         "nothing is unpacked but what was in it");

  const auto again = fuzz::scratch() / "again";
  fs::remove(again);
  must(doctor::archive::write(again, found.made, entries).hash == found.hash,
       "what is unpacked makes the same archive");
}
