#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Whether anything was lost, invented, altered or shown twice, whatever crashed in between.
namespace wardline::test {

/// What the programs have promised and shown while they ran, over all their restarts. Message ids
/// are in hexadecimal.
struct evidence {
  struct promise {
    std::string text;
    bool is_broadcast;
    std::set<std::string> recipients;
  };
  struct showing {
    std::string text;
    unsigned times = 0;
  };
  using message_of = std::pair<std::string, std::string>;  ///< patient, message id

  std::map<std::string, promise> accepted;         ///< the operator's command answered ok
  std::map<message_of, showing> shown_to_patient;  ///< its `message` events
  std::map<message_of, showing> shown_to_doctor;   ///< the gateway's `message` events
  std::set<message_of> accepted_of_patients;       ///< `delivery` said queued
  std::set<message_of> acknowledged;               ///< the patient's `acknowledged` event
  /// The gateway's `delivery` events, and how often each was shown.
  std::map<std::pair<message_of, std::string>, unsigned> receipts_shown;
  unsigned gateway_crashes = 0;
  std::map<std::string, unsigned> patient_crashes;
};

struct data_directories {
  std::filesystem::path doctor;
  std::map<std::string, std::filesystem::path> patients;
};

enum class moment {
  midway,  ///< messages and receipts may be on their way
  end,     ///< everything was let finish
};

/// Reads the records of all; the gateway must be down, patients may run. What is wrong, a sentence
/// each; empty: nothing. What holds at every moment, since each step is on disk before the next:
///
/// - what a command accepted is in the ledger, its text unaltered, with a row for each recipient
/// - the ledger calls decrypted or acknowledged only what the patient's inbox has, and the
///   patient takes for known to the doctor only what the ledger calls acknowledged
/// - nobody has a message that the other end did not write, or with another text
/// - nothing was shown that is not on disk, and nothing twice; so was each receipt
///
/// And at the end: everything has arrived, with its receipt, and was shown. A program that is
/// killed between keeping a message and showing it does not show it later: it is in the inbox, and
/// a message in a crash may lack its showing, one for each crash.
std::vector<std::string> check_ledger(const evidence& seen, const data_directories& where,
                                      moment when);

}  // namespace wardline::test
