/* The full sign-in: both ends, and whoever is between them. docs/protocol.md, sections 4, 6, 8, 11.
 *
 * Modelled: two sign-ins of one patient and two connections of one doctor, all at once; the
 * waiting room; SESSION_TOKEN and the patient's first protected frame; a network that belongs to
 * the attacker, who has the keys of a stranger (and claims the patient's id under them, too), those
 * of another enrolled patient (the insider), and those of another doctor, with whom the patient may
 * sign in as well. There is no buffer: what was sent once is there for every receiver for ever, so
 * that loss, repetition, reordering, reflection and injection are one choice, of what a receiver
 * takes next. A wait to which nothing comes ends at its deadline. (An end that fails or crashes
 * before is one that takes no further step: whatever it had done by then was looked at.)
 *
 * Abstracted: cryptography is perfect (Dolev and Yao). A key is the list of what goes into it; who
 * knows one exponent of each dh() in it knows the key, and nobody else. A transcript is its fields,
 * and those of one end stand and fall with its ephemeral, because rn and ts are as fresh: hence
 * "the same SK" is "the same E, F, patient and doctor". All clocks agree and no nonce is
 * remembered, as if every window were endless, so nothing proved here rests on sections 6.1 and
 * 6.3. Left out: invites, revocation, blocks, admission, what is on disk.
 *
 * Properties, each an assert with its name:
 *   REQUEST     what a doctor takes for a patient's request, that patient made for it (6.4, 13)
 *   STRANGER    nobody is established but with enrolled keys, or let in by the operator (6.5)
 *   AGREE       an end is established only if the other has the same SK, for this peer (6, 11)
 *   REPLAY      one sign-in of a patient's establishes one session (6, 13)
 *   REFLECT     what an end takes for the other's, the other made (8)
 *   SECRET      nobody else can compute the SK of an established session (6)
 *   FORWARD     nor with both seeds, later (6, 13)
 *   ENDS        no end waits for ever (10)
 * Mutants, each with the property that it breaks:
 *   SIGNATURE_ALONE -> REQUEST
 *   NO_ENROLMENT -> STRANGER
 *   ID_ALONE -> STRANGER
 *   NO_VERIFIER -> AGREE
 *   UP_WITHOUT_TOKEN -> AGREE
 *   NO_PIN -> AGREE
 *   NO_PIN -> SECRET
 *   SAME_EPHEMERAL -> REPLAY
 *   ONE_DIRECTION -> REFLECT
 *   NO_EPHEMERAL_EXCHANGE -> FORWARD
 *   NO_DEADLINE -> ENDS
 */

/* Who signs a request. FAKE is the patient's id with the stranger's keys. */
#define PATIENT 1
#define INSIDER 2
#define STRANGER 3
#define FAKE 4

#ifdef MUTANT_NO_DEADLINE
#define deadline false
#else
#define deadline timeout
#endif

/* Whose keys a patient takes for the doctor's. */
#define DOCTOR 1
#define OTHER 2

/* Ephemerals: E is 1 or 2, as the patient's process; F is 1 or 2, as the doctor's; or the
 * attacker's. */
#define EVE 4

bool requested[3];  /* this sign-in has sent auth_request */
byte doctor_of[3];  /* to whom it wants to speak */
byte keys_of[3];    /* the keys that it uses for that */
byte f_of[3];       /* F of the auth_response that it took */
bool verified[3];   /* it has sent verifier */
bool patient_up[3];

bool answered[3];   /* this connection has sent auth_response ... */
byte e_of[3];       /* ... to a request with this E */
byte id_of[3];      /* ... and this identity */
bool doctor_up[3];

bool admitted[5];   /* by the operator */

#ifdef MUTANT_SAME_EPHEMERAL /* b and rn_d are not fresh for each connection */
#define F(c) 1
#else
#define F(c) (c)
#endif

/* Section 6: SK is made of dh(a, y_kem_D), dh(b, E) and dh(b, y_kem_P). `later`: the seeds of both
 * have become known. */
#define knows_ck1(e, d, later) ((e) == EVE || (d) == OTHER || later)
#ifdef MUTANT_NO_EPHEMERAL_EXCHANGE /* dh(b, E) is not in SK */
#define knows_ephemeral(e, f) true
#else
#define knows_ephemeral(e, f) ((e) == EVE || (f) == EVE)
#endif
#define knows_kem_p(f, p, later) ((f) == EVE || (p) != PATIENT || later)
#define could_know_sk(e, f, p, d, later) \
  (knows_ck1(e, d, later) && knows_ephemeral(e, f) && knows_kem_p(f, p, later))
#define knows_sk(e, f, p, d) could_know_sk(e, f, p, d, false)

/* Section 8: a key for each direction. */
#define P2D 0
#ifdef MUTANT_ONE_DIRECTION /* the same key for both */
#define D2P P2D
#else
#define D2P 1
#endif

/* Sign-in s and connection c compute the same SK. */
#define agree(s, c) \
  (f_of[s] == F(c) && e_of[c] == (s) && id_of[c] == PATIENT && keys_of[s] == DOCTOR)

/* Connection c has answered the request of sign-in s, and sealed2 opens. */
#define answers(c, s) \
  (answered[c] && e_of[c] == (s) && id_of[c] == PATIENT && keys_of[s] == DOCTOR)

proctype patient(byte s) {
  if
  :: doctor_of[s] = DOCTOR
  :: doctor_of[s] = OTHER
  fi;
  keys_of[s] = doctor_of[s]; /* section 6, hello: pinned, or of an invite */
#ifdef MUTANT_NO_PIN /* any doctor's identity will do */
  if
  :: skip
  :: keys_of[s] = OTHER
  fi;
#endif
  requested[s] = true;

  /* expect_response, waiting */
  if
  :: answers(1, s) -> f_of[s] = F(1)
  :: answers(2, s) -> f_of[s] = F(2)
  :: knows_sk(s, EVE, PATIENT, keys_of[s]) && keys_of[s] == OTHER -> f_of[s] = EVE
  :: deadline -> goto closed
  fi;
  verified[s] = true;

  /* expect_token */
#ifndef MUTANT_UP_WITHOUT_TOKEN /* the session is up as soon as verifier is sent */
  if
  :: doctor_up[1] && agree(s, 1)
  :: doctor_up[2] && agree(s, 2)
  :: knows_sk(s, f_of[s], PATIENT, keys_of[s])
  :: deadline -> goto closed
  fi;
#endif
  d_step {
    patient_up[s] = true;
    if
    :: doctor_of[s] == DOCTOR ->
      assert(doctor_up[1] && agree(s, 1) || doctor_up[2] && agree(s, 2)); /* AGREE */
      assert(!knows_sk(s, f_of[s], PATIENT, keys_of[s])); /* SECRET */
      assert(!could_know_sk(s, f_of[s], PATIENT, keys_of[s], true)) /* FORWARD */
    :: else
    fi
  }
closed:
  skip
}

/* Section 6.5, "enrolled under this id with exactly these keys". */
#if defined(MUTANT_NO_ENROLMENT) /* whoever signs is let in */
#define is_enrolled(id) true
#elif defined(MUTANT_ID_ALONE) /* the keys are not compared */
#define is_enrolled(id) ((id) == PATIENT || (id) == INSIDER || (id) == FAKE)
#else
#define is_enrolled(id) ((id) == PATIENT || (id) == INSIDER)
#endif

/* A request that was sent to this doctor, as it was sent. (To another, sealed1 does not open.) */
#define sent_here(s) (requested[s] && keys_of[s] == DOCTOR)
/* The attacker opens what is sealed to the other doctor, and has the patient's signature. */
#define has_signature (requested[1] && keys_of[1] == OTHER || requested[2] && keys_of[2] == OTHER)

/* Protected frames under the SK of connection c, to be opened with the doctor's receiving key. */
#define patients_frame(s, c) (patient_up[s] && agree(s, c))
#define doctors_frame(x, c) \
  (doctor_up[x] && F(x) == F(c) && e_of[x] == e_of[c] && id_of[x] == id_of[c] && D2P == P2D)

proctype connection(byte c) {
  /* expect_request */
  if
  :: atomic { sent_here(1) -> e_of[c] = 1; id_of[c] = PATIENT }
  :: atomic { sent_here(2) -> e_of[c] = 2; id_of[c] = PATIENT }
  :: atomic { e_of[c] = EVE; id_of[c] = INSIDER }
  :: atomic { e_of[c] = EVE; id_of[c] = STRANGER }
  :: atomic { e_of[c] = EVE; id_of[c] = FAKE }
#ifdef MUTANT_SIGNATURE_ALONE /* it does not cover th1: one made for another doctor verifies */
  :: atomic { has_signature -> e_of[c] = EVE; id_of[c] = PATIENT }
#endif
  :: deadline -> goto closed
  fi;
  assert(id_of[c] != PATIENT || e_of[c] != EVE && sent_here(e_of[c])); /* REQUEST */

  if
  :: is_enrolled(id_of[c])
  :: !is_enrolled(id_of[c]) ->
    /* expect_operator */
    if
    :: admitted[id_of[c]] = true
    :: goto closed
    fi
  fi;
  answered[c] = true;

  /* expect_verifier */
#ifndef MUTANT_NO_VERIFIER /* established with auth_response */
  if
  :: verified[1] && agree(1, c)
  :: verified[2] && agree(2, c)
  :: knows_sk(e_of[c], F(c), id_of[c], DOCTOR)
  :: deadline -> goto closed
  fi;
#endif
  d_step {
    assert(id_of[c] == PATIENT || id_of[c] == INSIDER || admitted[id_of[c]]); /* STRANGER */
    if
    :: id_of[c] == PATIENT ->
      assert(verified[1] && agree(1, c) || verified[2] && agree(2, c)); /* AGREE */
      assert(!(doctor_up[3 - c] && e_of[3 - c] == e_of[c] && id_of[3 - c] == PATIENT)); /* REPLAY */
      assert(!knows_sk(e_of[c], F(c), PATIENT, DOCTOR)); /* SECRET */
      assert(!could_know_sk(e_of[c], F(c), PATIENT, DOCTOR, true)) /* FORWARD */
    :: else
    fi;
    doctor_up[c] = true
  }

  /* established: the first protected frame that opens */
  if
  :: patients_frame(1, c) || patients_frame(2, c)
  :: knows_sk(e_of[c], F(c), id_of[c], DOCTOR) -> assert(id_of[c] != PATIENT) /* REFLECT */
  :: doctors_frame(1, c) || doctors_frame(2, c) -> assert(false) /* REFLECT */
  :: deadline -> goto closed
  fi;
closed:
  skip
}

init {
  atomic {
    run patient(1);
    run patient(2);
    run connection(1);
    run connection(2)
  }
#ifdef WITNESS /* a patient signs in, and beside it a stranger whom the operator lets in */
end_no_patient:
  patient_up[1] && doctor_of[1] == DOCTOR;
end_no_stranger:
  doctor_up[1] && id_of[1] == STRANGER || doctor_up[2] && id_of[2] == STRANGER;
  assert(false) /* WITNESS */
#endif
}
