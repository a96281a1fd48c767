/* The group key, with members that come and go while something is broadcast. docs/protocol.md,
 * section 9 (group key, broadcast) and the generation's number on disk.
 *
 * Modelled: an honest member (any of them: what others receive is not looked at), another one, for
 * whom the key moves too, and an insider, who keeps every key that he was ever given, writes frames
 * of his own under them, and owns the network as far as a broadcast goes: no frame of the session,
 * it can be dropped, repeated and put out of order, while GROUP_KEY arrives in its place or the
 * session is over. Joins, departures, broadcasts (accepted, given a place, sealed by a
 * worker, fanned out: three steps, between which anything happens) and a kill of the gateway are
 * interleaved in every way, within the bounds below.
 *
 * Abstracted: cryptography is perfect. GK_j of a generation is (birth, j), where `birth` is unique
 * for every generation that was ever opened, as its salt is; who has it has all later j, and no
 * earlier. A signature is made by the doctor alone, and speaks of number, ratchet, seq and Content.
 * The clock of the doctor stands still, the worst that it can do to a generation's number. Left
 * out: the ends of a generation by age and count, the bound on steps, and redelivery, which is in
 * delivery.pml.
 *
 * Properties, each an assert with its name:
 *   LEFT        who has left cannot read what is sent after (9, leave)
 *   NEWCOMER    who joins cannot read what was sent before (9, join)
 *   MEMBERS     what the doctor sends to the members they can open: they agree with it on the epoch
 *               (9, broadcast)
 *   AHEAD       no member is put ahead of the doctor (9, "Only now it commits")
 *   GENUINE     what a member accepts, the doctor has sent in this generation (9, signature and
 *               number)
 *   TWICE       no broadcast is accepted twice in a session (9, seq)
 *   ENDS        what was accepted goes out, however often somebody leaves meanwhile: no deadlock
 * Mutants, each with the property that it breaks:
 *   NO_NEW_GENERATION -> LEFT
 *   SENT_ALL_THE_SAME -> LEFT
 *   NO_RATCHET -> NEWCOMER
 *   NO_KEY_AHEAD -> MEMBERS
 *   COMMIT_EARLY -> AHEAD
 *   NO_SIGNATURE -> GENUINE
 *   NUMBER_IN_MEMORY -> GENUINE
 *   NO_SEQ -> TWICE
 *   NOT_SEALED_AGAIN -> ENDS
 */

#define A 0       /* the member that is looked at */
#define B 1       /* another */
#define INSIDER 2

/* The bounds. */
#define JOINS 5
#define LEAVES 2
#define BROADCASTS 2
#define KILLS 1

#define NEVER 7 /* a ratchet that nobody has */

/* The doctor's group. */
byte last_number; /* on disk */
byte number;      /* of this generation; 0: there is none */
byte births;      /* generations opened, ever; the present one is the last */
byte ratchet;
byte next_seq;
bool stale;
byte members;     /* a bit for each */
byte given[3];    /* the number of the generation whose key this member was sent last, and ... */
byte given_ratchet[3];
byte joins, leaves, kills;

/* Of each birth the least j of which the insider knows GK_j. */
byte knows[9] = NEVER;

/* What was fanned out, from 1 on. */
byte sent;
byte sent_birth[3];
byte sent_number[3];
byte sent_ratchet[3];
byte sent_seq[3];
bool was_member[3]; /* the insider, then */

/* The member. */
byte my_birth;
byte my_number;
byte my_ratchet;
byte my_seq;
byte got; /* what it accepted in this session, a bit for each */

mtype = { group_key, broadcast };
chan to = [5] of { mtype, byte, byte, byte, byte, byte }; /* birth, number, ratchet, seq, which */

#define is_member(m) (members & (1 << (m)))
#define can_read(k) (knows[sent_birth[k]] <= sent_ratchet[k])
#define not_before_its_time(k) (sent < (k) || !can_read(k) || was_member[k])

inline give_key(m, r, s) {
  given[m] = (m == B -> 0 : number);
  given_ratchet[m] = (m == B -> 0 : r);
  if
  :: m == INSIDER ->
    knows[births] = (r < knows[births] -> r : knows[births]);
    assert(not_before_its_time(1) && not_before_its_time(2)) /* NEWCOMER */
  :: m == A -> to!group_key(births, number, r, s, 0)
  :: m == B
  fi
}

inline open_generation() {
  number = last_number + 1; /* max(last + 1, a clock that stands still) */
  last_number = number;
  births++;
  ratchet = 0;
  next_seq = 0;
  stale = false
}

inline forget(m) { /* "What a patient knows of the group lasts as long as its connection" */
  given[m] = 0;
  given_ratchet[m] = 0;
  if
  :: m == A ->
    my_birth = 0;
    my_number = 0;
    my_ratchet = 0;
    my_seq = 0;
    got = 0;
    do
    :: nempty(to) -> to?_, _, _, _, _, _
    :: empty(to) -> break
    od
  :: else
  fi
}

inline give_all(m) {
  if
  :: is_member(m) -> give_key(m, ratchet, next_seq)
  :: else
  fi
}

inline join(m) {
  joins++;
  members = members | (1 << (m));
  if
  :: number == 0 ->
    open_generation();
    give_all(A);
    give_all(B);
    give_all(INSIDER)
  :: else ->
#ifndef MUTANT_NO_RATCHET /* the newcomer is sent the key that the others have */
    ratchet++;
#endif
    give_key(m, ratchet, next_seq)
  fi
}

inline leave(m) {
  leaves++;
  members = members & ~(1 << (m));
#ifndef MUTANT_NO_NEW_GENERATION /* who leaves leaves the key as it is */
  stale = true;
#endif
  forget(m)
}

/* Those who sign in and whose sessions end, and the gateway that is killed. */
proctype ward() {
  end:do
  :: d_step { joins < JOINS && !is_member(A) -> join(A) }
  :: d_step { joins < JOINS && !is_member(B) -> join(B) }
  :: d_step { joins < JOINS && !is_member(INSIDER) -> join(INSIDER) }
  :: d_step { leaves < LEAVES && is_member(A) -> leave(A) }
  :: d_step { leaves < LEAVES && is_member(B) -> leave(B) }
  :: d_step { leaves < LEAVES && is_member(INSIDER) -> leave(INSIDER) }
  :: d_step {
       kills < KILLS ->
       kills++;
       members = 0;
       number = 0;
       ratchet = 0;
       next_seq = 0;
       stale = false;
#ifdef MUTANT_NUMBER_IN_MEMORY /* the number of the generation is not on disk */
       last_number = 0;
#endif
       forget(A);
       forget(B);
       forget(INSIDER)
     }
  od
}

byte slot_birth, slot_number, slot_ratchet, slot_seq;

inline fan_out(m) {
  if
  :: is_member(m) && !(given[m] == slot_number && given_ratchet[m] > slot_ratchet) ->
#ifndef MUTANT_NO_KEY_AHEAD /* a new generation's key is not sent to those who remain */
    if
    :: given[m] != slot_number -> give_key(m, slot_ratchet, slot_seq)
    :: else
    fi;
#endif
    if
    :: m == A -> to!broadcast(slot_birth, slot_number, slot_ratchet, slot_seq, sent)
    :: else
    fi
  :: else /* its keys begin after this one: sent again as a direct message */
  fi
}

#ifdef MUTANT_SENT_ALL_THE_SAME /* nobody looks whether somebody left while it was sealed */
#define may_send (number != 0)
#else
#define may_send (slot_number == number && !stale)
#endif

proctype dispatch() {
  do
  :: sent == BROADCASTS -> break
  :: sent < BROADCASTS ->
    d_step {
      if
      :: number == 0 || stale -> open_generation()
      :: else
      fi;
      slot_birth = births;
      slot_number = number;
      slot_ratchet = ratchet;
      slot_seq = next_seq;
      next_seq++
    }
    /* a worker seals and signs it */
    if
    :: d_step {
         may_send ->
         sent++;
         sent_birth[sent] = slot_birth;
         sent_number[sent] = slot_number;
         sent_ratchet[sent] = slot_ratchet;
         sent_seq[sent] = slot_seq;
         was_member[sent] = is_member(INSIDER);
         assert(!can_read(sent) || was_member[sent]); /* LEFT */
         fan_out(A);
             fan_out(INSIDER)
       }
#ifndef MUTANT_NOT_SEALED_AGAIN /* what was sealed too late waits for its generation */
    :: !may_send /* sealed again, in another */
#endif
    fi
  od
}

#ifdef MUTANT_NO_SEQ /* a seq that was seen is taken again */
#define is_unseen(s) true
#else
#define is_unseen(s) ((s) >= my_seq)
#endif

/* Section 9, broadcast, steps 2 to 6. */
inline receive(birth, n, r, s, which, is_signed) {
  if
  :: n == my_number && r >= my_ratchet && is_unseen(s) && birth == my_birth ->
#ifdef MUTANT_COMMIT_EARLY /* before the signature has verified */
    my_ratchet = r;
    my_seq = s + 1;
#endif
    if
#ifdef MUTANT_NO_SIGNATURE /* who has the key is believed */
    :: true ->
#else
    :: is_signed ->
#endif
      my_ratchet = r;
      my_seq = s + 1;
      assert(is_signed && sent_birth[which] == my_birth); /* GENUINE */
      assert(!(got & (1 << which))); /* TWICE */
      got = got | (1 << which)
    :: else
    fi;
    assert(my_birth != births || (my_ratchet <= ratchet && my_seq <= next_seq)) /* AHEAD */
  :: else
  fi
}

#define opens(birth, n, r, s) \
  (n == my_number && (s < my_seq || birth == my_birth && r >= my_ratchet))

proctype member() {
  byte birth, n, r, s, k;

  end:do
  /* from the doctor, in its order */
  :: d_step {
       to?group_key(birth, n, r, s, k) ->
       assert(n > my_number); /* MEMBERS */
       my_birth = birth;
       my_number = n;
       my_ratchet = r;
       my_seq = s;
       birth = 0; n = 0; r = 0; s = 0; k = 0
     }
  :: d_step {
       to?broadcast(birth, n, r, s, k) ->
       assert(opens(birth, n, r, s)); /* MEMBERS */
       receive(birth, n, r, s, k, true);
       birth = 0; n = 0; r = 0; s = 0; k = 0
     }
  :: d_step { to?broadcast(_, _, _, _, _) } /* withheld */

  /* from the network: what was fanned out once, again */
  :: d_step {
       sent >= 1 && my_number != 0 ->
       receive(sent_birth[1], sent_number[1], sent_ratchet[1], sent_seq[1], 1, true)
     }
  :: d_step {
       sent >= 2 && my_number != 0 ->
       receive(sent_birth[2], sent_number[2], sent_ratchet[2], sent_seq[2], 2, true)
     }

  /* from the insider: Content and signature that he has read, under a key of now */
  :: d_step {
       sent >= 1 && can_read(1) && knows[my_birth] <= sent_ratchet[1] ->
       receive(my_birth, sent_number[1], sent_ratchet[1], sent_seq[1], 1, true)
     }
  /* ... and words of his own */
  :: d_step {
       knows[my_birth] <= my_ratchet ->
       receive(my_birth, my_number, my_ratchet, my_seq, 0, false)
     }
  :: d_step {
       knows[my_birth] <= my_ratchet + 1 ->
       receive(my_birth, my_number, my_ratchet + 1, my_seq + 1, 0, false)
     }
  od
}

init {
  atomic {
    run ward();
    run dispatch();
    run member()
  }
#ifdef WITNESS /* the member has read both, and the insider has left between them */
end_not_read:
  got == 6 && sent_number[1] != sent_number[2] && was_member[1] && !was_member[2];
  assert(false) /* WITNESS */
#endif
}
