/* Messages and their receipts, with both ends killed at any moment. docs/protocol.md, sections 8
 * (check) and 9 (receipts, redelivery).
 *
 * Modelled: a doctor and a patient, each with a disk and a memory; a broadcast, which the doctor
 * accepts of the operator, the patient keeps, shows and receipts, and the person acknowledges; a
 * message of the patient's, which goes the other way; checks. Every commit, frame and word to a
 * person is a step of its own. Between any two, either end can be killed (what is on disk stays,
 * what is in memory is gone), the connection can be cut (what is under way is lost), and a disk can
 * be full: the doctor's for the receipts, the patient's for the broadcast. In a session frames
 * arrive in order and once (sections 5 and 8 see to that, and a frame that is lost ends it), all
 * but the broadcast, which is no frame of the session: it can be withheld, and come twice.
 * Redelivery goes over the session.
 *
 * Abstracted: one message for each direction, since messages do not meet (but for their numbers,
 * which group.pml is about). A sign-in is one step, and both ends notice at once that a session is
 * over. A broadcast that is withheld shows in any check of the doctor's. An idle session sends
 * checks only while one end has something to learn from it; others change nothing. Proofs of
 * receipts, expiry, corrections, scopes and bounds are left out; so is a disk that loses what it
 * has committed. Kills, cuts and refusals are bounded (below), and when they are used up everything
 * has to come to its end.
 *
 * Properties, each an assert with its name:
 *   SHOWN       a message is shown once, on either side (9)
 *   RECEIPT     no receipt is invented: the doctor has written that it was decrypted only if it is
 *               on the patient's disk, acknowledged only if the person has done so; and the patient
 *               likewise (9)
 *   KNOWN       what the patient takes for known to the doctor is on the doctor's disk: a check is
 *               answered only once the receipts before it are (8, 9)
 *   DELIVERED   nothing that was accepted is lost, and both ends know of it in the end (9)
 *   FINITE      no run goes on for ever: DELIVERED is what every run comes to
 * Mutants, each with the property that it breaks:
 *   SEEN_IN_MEMORY -> SHOWN
 *   RECEIPT_BEFORE_DISK -> RECEIPT
 *   ANSWERED_UNKEPT -> KNOWN
 *   ANSWERED_UNKEPT -> DELIVERED
 *   ANY_ANSWER -> KNOWN
 *   ACCEPTED_BEFORE_DISK -> DELIVERED
 *   NOT_SEALED_AT_START -> DELIVERED
 *   NO_REDELIVERY -> DELIVERED
 *   NO_ANSWER_TO_ASKING -> FINITE
 *   ACKNOWLEDGED_ONCE -> DELIVERED
 *   ASKS_ON -> FINITE
 */

/* How often things go wrong. */
#define KILLS 2
#define CUTS 1
#define REFUSALS 1 /* a disk, either */

byte kills, cuts, refusals;

/* ---- The doctor's disk: the row of the broadcast, and the patient's message. */
#define NO_ROW 0
#define QUEUED 1
#define DECRYPTED 2
#define ACKNOWLEDGED 3
byte row;
bool sealed;
bool d_kept;

/* ---- The doctor's memory. */
byte accepting;   /* 1: half done, 2: over */
byte unkept;      /* receipts that wait for the disk: the best of them, or NO_ROW */
bool to_seal;
bool fanned_out;  /* the broadcast went out in this session */
bool in_flight;   /* so, or again */
bool is_due;      /* to be sent again, as a direct message */
bool d_seen;      /* of the patient's message: only for a mutant */
byte d_doing;     /* with the patient's message: what comes next */
bool d_is_new;

/* ---- The patient's disk: the broadcast, and its own message. */
bool p_kept;
bool p_acknowledged;
bool p_known;     /* that the doctor knows of the acknowledgement */
byte p_own;       /* NO_ROW, QUEUED or DECRYPTED */

/* ---- The patient's memory. */
bool own_sent;    /* in this session */
bool ack_due;     /* an acknowledgement is to be sent in this session */
bool ack_sent;
bool is_asking;   /* a check is under way ... */
bool covers;      /* ... and the acknowledgement went before it */
bool has_seq;     /* it has the broadcast of this session, or its redelivery */
bool is_behind;   /* a check of the doctor's says that there is one */
bool unstored;    /* it came, and the disk did not take it */
bool p_seen;      /* only for a mutant */
byte p_doing;     /* with a broadcast: what comes next */
bool p_is_new;

/* What comes next. */
#define NOTHING 0
#define KEEP 1
#define SAY 2
#define SHOW 3
#ifdef MUTANT_RECEIPT_BEFORE_DISK
#define FIRST SAY
#define AFTER_SAY KEEP
#define AFTER_KEEP SHOW
#else
#define FIRST KEEP
#define AFTER_KEEP SAY
#define AFTER_SAY SHOW
#endif

/* ---- People. */
bool told;        /* the operator, that the broadcast was accepted */
byte p_shown, d_shown;

/* ---- The connection. */
bool up;
byte copies;      /* of the broadcast's frame, in the network */
mtype = { direct, receipt, check, reply, alive };
chan d2p = [4] of { mtype, byte };
chan p2d = [4] of { mtype, byte };

inline session_is_over() {
  up = false;
  copies = 0;
  do
  :: nempty(d2p) -> d2p?_, _
  :: empty(d2p) -> break
  od;
  do
  :: nempty(p2d) -> p2d?_, _
  :: empty(p2d) -> break
  od;
  /* what each end has in mind of a session */
  fanned_out = false;
  in_flight = false;
  is_due = false;
  d_doing = NOTHING;
  own_sent = false;
  ack_due = false;
  ack_sent = false;
  is_asking = false;
  covers = false;
  has_seq = false;
  is_behind = false;
  unstored = false;
  p_doing = NOTHING
}

/* Section 9: "What a recipient has not decrypted is sent again after its next handshake"; "A
 * patient sends again, after its next sign-in, what has no receipt". */
proctype network() {
  end:do
  :: d_step {
       !up ->
       up = true;
#ifndef MUTANT_NO_REDELIVERY
       is_due = (row == QUEUED);
#endif
#ifndef MUTANT_ACKNOWLEDGED_ONCE /* only in the session in which the person does so */
       ack_due = p_acknowledged && !p_known;
#endif
     }
  :: d_step { up && cuts < CUTS -> cuts++; session_is_over() }
  :: d_step { copies > 0 -> copies-- } /* withheld */
  :: d_step {
       kills < KILLS -> /* the gateway */
       kills++;
       session_is_over();
       accepting = (accepting == 1 -> 2 : accepting);
       unkept = NO_ROW;
       d_seen = false;
#ifdef MUTANT_NOT_SEALED_AT_START /* nobody looks for what was accepted before */
       to_seal = false
#else
       to_seal = (row == QUEUED && !sealed)
#endif
     }
  :: d_step {
       kills < KILLS -> /* the patient */
       kills++;
       session_is_over();
       p_seen = false
     }
  od
}

#define best(a, b) ((a) > (b) -> (a) : (b))

inline keep_receipts() {
  row = best(row, unkept);
  unkept = NO_ROW;
  assert((row < DECRYPTED || p_kept) && (row < ACKNOWLEDGED || p_acknowledged)) /* RECEIPT */
}

/* What a check or its answer says: is there a broadcast in this session's group, and, of an answer,
 * did the check come after the acknowledgement. */
#define state_of_group (fanned_out -> 2 : 0)

#ifdef MUTANT_NO_ANSWER_TO_ASKING /* a patient that asks is not sent it again */
#define asked false
#else
#define asked (in_flight && row == QUEUED)
#endif

inline send_again() {
  if
  :: asked -> d2p!direct(0)
  :: else
  fi
}

proctype doctor() {
  byte what;

  end:do
  /* The operator writes a broadcast: "on disk, a row for each recipient", and then "accepted". */
#ifdef MUTANT_ACCEPTED_BEFORE_DISK
  :: d_step { accepting == 0 -> told = true; accepting = 1 }
  :: d_step { accepting == 1 -> row = QUEUED; to_seal = true; accepting = 2 }
#else
  :: d_step { accepting == 0 -> row = QUEUED; to_seal = true; accepting = 1 }
  :: d_step { accepting == 1 -> told = true; accepting = 2 }
#endif
  :: d_step {
       to_seal ->
       to_seal = false;
       sealed = true;
       fanned_out = up;
       in_flight = up;
       copies = (up -> 2 : 0)
     }
  :: d_step { is_due && !sealed -> is_due = false } /* it will be fanned out */
  :: d_step {
       is_due && sealed && up && nfull(d2p) ->
       is_due = false;
       in_flight = true;
       d2p!direct(0)
     }

  /* Receipts go to the disk together, a moment later. */
  :: d_step {
       d_doing == NOTHING && p2d?[receipt, _] ->
       p2d?receipt(what);
       unkept = best(unkept, what);
       what = 0
     }
  :: d_step { unkept != NO_ROW -> keep_receipts() }

  /* A check: answered once the receipts before it are on disk; else a sign of life. */
  :: d_step {
       d_doing == NOTHING && len(d2p) <= 2 && p2d?[check, _] ->
       p2d?check(what);
#ifndef MUTANT_ANSWERED_UNKEPT
       keep_receipts();
#endif
       d2p!reply(what + state_of_group);
       send_again();
       what = 0
     }
#ifndef MUTANT_ANSWERED_UNKEPT
  :: d_step {
       d_doing == NOTHING && len(d2p) <= 2 && p2d?[check, _] && unkept != NO_ROW &&
       refusals < REFUSALS ->
       refusals++;
       p2d?check(what);
       d2p!alive(state_of_group);
       send_again();
       what = 0
     }
#endif

  /* The patient's message. */
  :: d_step { d_doing == NOTHING && p2d?[direct, _] -> p2d?direct(what); d_doing = FIRST }
  :: d_step {
       d_doing == KEEP ->
#ifdef MUTANT_SEEN_IN_MEMORY
       d_is_new = !d_seen;
#else
       d_is_new = !d_kept;
#endif
       d_seen = true;
       d_kept = true;
       d_doing = AFTER_KEEP
     }
  :: d_step { d_doing == SAY && nfull(d2p) -> d2p!receipt(DECRYPTED); d_doing = AFTER_SAY }
  :: d_step {
       d_doing == SHOW ->
       d_shown = d_shown + (d_is_new -> 1 : 0);
       d_is_new = false;
       d_doing = NOTHING;
       assert(d_shown <= 1) /* SHOWN */
     }
  od
}

inline answered(x) {
  is_asking = false;
  is_behind = (x & 2) && !has_seq
}

#ifdef MUTANT_ANY_ANSWER /* also one to a check that was sent before the acknowledgement */
#define confirms(x) ack_sent
#else
#define confirms(x) (ack_sent && (x & 1))
#endif

#ifdef MUTANT_ASKS_ON /* whether there is anything to learn or not */
#define wonders true
#else
#define wonders (ack_sent || is_behind || unstored || fanned_out && !has_seq && copies == 0)
#endif

proctype patient() {
  byte what;

  end:do
  /* The broadcast, or its redelivery. */
  :: d_step {
       p_doing == NOTHING && copies > 0 ->
       copies--;
       p_doing = (has_seq -> NOTHING : FIRST);
       has_seq = true;
       is_behind = false
     }
  :: d_step {
       p_doing == NOTHING && d2p?[direct, _] ->
       d2p?direct(what);
       p_doing = FIRST;
       has_seq = true;
       is_behind = false
     }
  :: d_step {
       p_doing == KEEP ->
#ifdef MUTANT_SEEN_IN_MEMORY /* who has been shown what is not looked up on disk */
       p_is_new = !p_seen;
#else
       p_is_new = !p_kept;
#endif
       p_seen = true;
       p_kept = true;
       unstored = false;
       p_doing = AFTER_KEEP
     }
  :: d_step { /* a disk that is full; what is there already needs no room */
       p_doing == KEEP && !p_kept && refusals < REFUSALS ->
       refusals++;
       unstored = true;
       p_doing = NOTHING
     }
  :: d_step {
       p_doing == SAY && len(p2d) <= 2 ->
       p2d!receipt(DECRYPTED);
       if
       :: !p_is_new && p_acknowledged -> p2d!receipt(ACKNOWLEDGED)
       :: else
       fi;
       p_doing = AFTER_SAY
     }
  :: d_step {
       p_doing == SHOW ->
       p_shown = p_shown + (p_is_new -> 1 : 0);
       p_is_new = false;
       p_doing = NOTHING;
       assert(p_shown <= 1) /* SHOWN */
     }

  /* The person acknowledges it, now or another day. */
  :: d_step {
       p_doing == NOTHING && p_kept && !p_acknowledged ->
       p_acknowledged = true;
       ack_due = up
     }
  :: d_step {
       p_doing == NOTHING && up && ack_due && nfull(p2d) ->
       p2d!receipt(ACKNOWLEDGED);
       ack_due = false;
       ack_sent = true
     }

  /* Checks. */
  :: d_step {
       p_doing == NOTHING && up && !is_asking && wonders && nfull(p2d) ->
       is_asking = true;
       p2d!check((ack_sent -> 1 : 0))
     }
  :: d_step {
       p_doing == NOTHING && d2p?[reply, _] ->
       d2p?reply(what);
       answered(what);
       if
       :: confirms(what) ->
         p_known = true;
         ack_sent = false;
         assert(row == ACKNOWLEDGED) /* KNOWN */
       :: else
       fi;
       what = 0
     }
  :: d_step { p_doing == NOTHING && d2p?[alive, _] -> d2p?alive(what); answered(what); what = 0 }

  /* The person's own message. */
  :: d_step { p_own == NO_ROW -> p_own = QUEUED }
  :: d_step {
       p_doing == NOTHING && up && p_own == QUEUED && !own_sent && nfull(p2d) ->
       own_sent = true;
       p2d!direct(0)
     }
  :: d_step {
       p_doing == NOTHING && d2p?[receipt, _] ->
       d2p?receipt(what);
       p_own = what;
       what = 0;
       assert(d_kept) /* RECEIPT */
     }
  od
}

proctype end_of_the_day() {
  timeout;
  assert(!told || row == ACKNOWLEDGED && p_kept && p_known); /* DELIVERED */
  assert(p_own == DECRYPTED && d_kept) /* DELIVERED */
}

init {
  atomic {
    run network();
    run doctor();
    run patient();
    run end_of_the_day()
  }
#ifdef WITNESS /* after the worst day, everything is known to everybody */
end_not_known:
  kills == KILLS && cuts == CUTS && refusals == REFUSALS;
end_not_shown:
  told && p_known && p_own == DECRYPTED && p_shown == 1 && d_shown == 1;
  assert(false) /* WITNESS */
#endif
}
