/* The resumed sign-in: both ends, and whoever is between them. docs/protocol.md, sections 7, 8, 11.
 *
 * Modelled: one patient with a ticket, who tries to resume up to three times, one after the other,
 * the next time with the ticket that the last one brought, or with that of a full sign-in in
 * between; three connections of the doctor, at once; a gateway that is killed at any moment, and
 * starts with what is on disk. A patient that is killed is one that gives the attempt up. The
 * network is the attacker's as in full_sign_in.pml: a message that was sent can be taken by
 * anybody, at any time, any number of times, or never, and the attacker alters what he has seen.
 *
 * Abstracted: cryptography is perfect. A full sign-in is one step that gives both ends the same new
 * ticket (full_sign_in.pml is about what is in that step). A token, its RS and its row are one
 * number; "the same SK" is "the same token, request and response". Nobody has stolen RS. Clocks
 * agree and no nonce is remembered: nothing here rests on either. Expiry, revocation and scopes
 * are left out.
 *
 * Properties, each an assert with its name:
 *   ONCE        a token is accepted once, whatever crashes (7)
 *   BINDER      a token is spent by its patient's own request alone, not with a wrong binder (7)
 *   RESPONSE    what a patient takes for the doctor's answer, the doctor made for this request (7)
 *   AGREE       an end is established only if the other has the same SK (7, 11)
 *   ENDS        no end waits for ever (10)
 * Mutants, each with the property that it breaks:
 *   SPENT_WITH_VERIFIER -> ONCE
 *   SPENT_IN_MEMORY -> ONCE
 *   SPENT_UNASKED -> ONCE
 *   NO_BINDER -> BINDER
 *   NO_MAC -> RESPONSE
 *   MAC_IS_BINDER -> RESPONSE
 *   MAC_WITHOUT_REQUEST -> RESPONSE
 *   NO_VERIFIER -> AGREE
 *   UP_WITHOUT_TOKEN -> AGREE
 *   NO_DEADLINE -> ENDS
 */

#ifdef MUTANT_NO_DEADLINE
#define deadline false
#else
#define deadline timeout
#endif

#define NOTHING 0
#define EVE 4      /* a request or response that the attacker made of one that he saw */
#define ATTEMPTS 3
#define LAST_TOKEN 6

/* The doctor. */
byte row = 1;        /* the one token that is kept, on disk */
byte gone = NOTHING; /* deleted, but not on disk: in a mutant only */
byte life;           /* how often the gateway was killed */
byte accepted;       /* the tokens that were accepted, a bit for each */
byte tokens = 1;     /* issued so far */

/* The patient. */
byte ticket = 1; /* on disk */
bool patient_up[5];
bool verified[5];

/* What the network has seen: attempt i has sent a request with this token, and has computed SK from
 * the response of that connection; connection c has answered that request, and is established. */
byte token_of[5];
byte response_of[5];
byte request_of[5];
bool answered[5];
bool doctor_up[5];
byte issued[5]; /* SESSION_TOKEN of connection c */

#define agree(i, c) (response_of[i] == (c) && request_of[c] == (i))

#define is_kept(t) (row == (t) && gone != (t))

proctype patient() {
  byte i = 1;
  do
  :: i > ATTEMPTS -> break
  :: i <= ATTEMPTS && ticket == NOTHING ->
    if
    :: tokens < LAST_TOKEN -> /* a full sign-in, and its SESSION_TOKEN */
      atomic { tokens++; row = tokens; gone = NOTHING; ticket = tokens }
    :: break
    fi
  :: i <= ATTEMPTS && ticket != NOTHING ->
    /* "It has deleted RS when it sent the request" */
    atomic { token_of[i] = ticket; ticket = NOTHING }

    /* expect_resume_response */
    if
    :: answered[1] && request_of[1] == i -> response_of[i] = 1
    :: answered[2] && request_of[2] == i -> response_of[i] = 2
    :: answered[3] && request_of[3] == i -> response_of[i] = 3
#ifdef MUTANT_MAC_IS_BINDER /* mac has neither a label of its own nor thr2: the binder comes back */
    :: response_of[i] = EVE
#endif
#ifdef MUTANT_NO_MAC /* a changed rn_d is not noticed */
    :: answered[1] && request_of[1] == i -> response_of[i] = EVE
#endif
#ifdef MUTANT_MAC_WITHOUT_REQUEST /* mac covers the response alone, under a key for all */
    :: answered[1] -> response_of[i] = 1
#endif
    :: deadline -> goto next
    :: goto next /* killed, or tired of waiting */
    fi;
    assert(response_of[i] != EVE && request_of[response_of[i]] == i); /* RESPONSE */
    verified[i] = true;

    /* expect_token */
#ifndef MUTANT_UP_WITHOUT_TOKEN /* the session is up as soon as verifier is sent */
    if
    :: atomic { doctor_up[1] && agree(i, 1) -> ticket = issued[1] }
    :: atomic { doctor_up[2] && agree(i, 2) -> ticket = issued[2] }
    :: atomic { doctor_up[3] && agree(i, 3) -> ticket = issued[3] }
    :: deadline -> goto next
    :: goto next
    fi;
#endif
    patient_up[i] = true;
    assert(doctor_up[response_of[i]] && agree(i, response_of[i])); /* AGREE */
  next:
    i++
  od
}

proctype connection(byte c) {
  byte i;
  byte born;

  /* expect_request */
  if
  :: token_of[1] != NOTHING -> i = 1
  :: token_of[2] != NOTHING -> i = 2
  :: token_of[3] != NOTHING -> i = 3
#ifdef MUTANT_NO_BINDER /* any request with the token will do */
  :: token_of[1] != NOTHING -> i = EVE; token_of[EVE] = token_of[1]
#endif
  :: deadline -> goto closed
  fi;
  born = life;
  if
  :: life == born && is_kept(token_of[i]) /* and its binder fits */
  :: !(life == born && is_kept(token_of[i])) -> goto closed /* token_refused */
  fi;

  /* "the row is deleted, on disk, before anything is sent" */
  if
  :: atomic {
#if defined(MUTANT_SPENT_WITH_VERIFIER)
       life == born
#elif defined(MUTANT_SPENT_IN_MEMORY)
       life == born && is_kept(token_of[i]) -> gone = token_of[i]
#elif defined(MUTANT_SPENT_UNASKED) /* whether it was there to be deleted is not asked */
       life == born -> row = (row == token_of[i] -> NOTHING : row)
#else
       life == born && is_kept(token_of[i]) -> row = NOTHING
#endif
       ;
       assert(i != EVE); /* BINDER */
       assert(!(accepted & (1 << token_of[i]))); /* ONCE */
       accepted = accepted | (1 << token_of[i])
     }
#ifndef MUTANT_SPENT_UNASKED
  :: !(life == born && is_kept(token_of[i])) -> goto closed
#endif
  :: life != born -> goto closed
  fi;

  if
  :: atomic { life == born -> request_of[c] = i; answered[c] = true }
  :: life != born -> goto closed
  fi;

  /* expect_verifier */
#ifndef MUTANT_NO_VERIFIER /* established with resume_response */
  if
  :: life == born && verified[i] && agree(i, c)
  :: life != born -> goto closed
  :: deadline -> goto closed
  fi;
#endif
  /* "a new SESSION_TOKEN", its row first */
  if
  :: atomic { life == born -> tokens++; row = tokens; gone = NOTHING; issued[c] = tokens }
  :: life != born -> goto closed
  fi;
  if
  :: atomic {
       life == born;
       assert(verified[i] && agree(i, c)); /* AGREE */
       doctor_up[c] = true
     }
  :: life != born
  fi;
closed:
  skip
}

/* The gateway is killed, once. What was in memory is gone, and so are its connections. */
proctype killer() {
  if
  :: atomic { life++; gone = NOTHING }
  :: skip
  fi
}

init {
  atomic {
    run patient();
    run connection(1);
    run connection(2);
    run connection(3);
    run killer()
  }
#ifdef WITNESS /* a chain of three, and the gateway is killed on the way */
end_no_chain:
  patient_up[1] && patient_up[2] && patient_up[3] && life == 1;
  assert(false) /* WITNESS */
#endif
}
