"""What each refusal says to a person: stable code -> (title, sentence). A sentence may use the refusal's parameters."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

_NOTHING_CHANGED = _("This cannot be done now")
_CERTIFICATE_CHANGED = (
    _("This cannot be done with the certificate now"),
    _("It has changed since the page was opened. Look at it as it stands now."),
)
_OWN_REQUEST = (
    _("You asked for this yourself"),
    _("A second person of your office decides. Nothing was changed."),
)

SENTENCES: dict[str, tuple[str, str]] = {
    "not-found": (_("Page not found"), _("Check the address, or sign in as the person it belongs to.")),
    "invalid": (
        _("Some answers need attention"),
        _("Go back, put right what is marked, and send it again."),
    ),
    "stale": (
        _("This has changed since you opened it"),
        _("Somebody acted first, or you have it open twice. Look at it as it is now, then decide again."),
    ),
    "certificate-state": _CERTIFICATE_CHANGED,
    "stale-certificate": _CERTIFICATE_CHANGED,
    "damaged-record": (
        _("The record of this certificate is damaged"),
        _(
            "It was changed outside our rules, so nothing is issued from it."
            " The audit office can find out what happened."
        ),
    ),
    "nothing-proposed": (_NOTHING_CHANGED, _("Nobody has asked for this, or it was decided already.")),
    "same-official": _OWN_REQUEST,
    "record-changed": (
        _("The record of this signature is damaged"),
        _(
            "It was changed outside our rules, so the document is not sent."
            " The audit office can find out what happened."
        ),
    ),
    "held": (_NOTHING_CHANGED, _("Somebody has held this case back, or lifted the hold, or it was erased already.")),
    "timestamp": (
        _("The document cannot be sealed now"),
        _("The service that certifies the time does not answer. Nothing is lost; try again later."),
    ),
    "unreadable": (_("This file cannot be read"), _("Hand in a PDF that opens in a reader.")),
    "key-decided": (_NOTHING_CHANGED, _("Somebody has already decided this. Look at the list as it stands now.")),
    "own-request": _OWN_REQUEST,
    "key-asked": (_("This was asked before"), _("The same waits for a second person already.")),
    "key-problem": (_("The key could not be changed"), _("What was wrong: %(problem)s")),
    "no-request": (_("Page not found"), _("There is no such request.")),
    "no-seal": (
        _("The document cannot be sealed now"),
        _("The office's seal is being renewed. Nothing is lost; try again later, or contact us."),
    ),
    "no-timestamp": (
        _("The document cannot be sealed now"),
        _("The service that certifies the time does not answer. Nothing is lost; try again later."),
    ),
    "no-font": (
        _("The document cannot be printed"),
        _("A character in it cannot be shown here. Contact us, and we install what is missing."),
    ),
    "not-set": (_("The document cannot be printed"), _("Something in its form is wrong. Contact us; nothing is lost.")),
    "refused": (_NOTHING_CHANGED, _("Nothing was changed. Look at it as it is now.")),
    "sign-in-failed": (
        _("You could not be signed in"),
        _("The user name or the password is not right. Check both and try again."),
    ),
    "too-many-tries": (
        _("Too many attempts"),
        _("This number was tried too often. Try again in a quarter of an hour, or check the file or the code."),
    ),
    "locked-out": (
        _("Too many attempts"),
        _("To keep your account safe, wait %(minutes)s minutes, then try again."),
    ),
    "not-published": (
        _("No services yet"),
        _("This office has not published its services yet. Please come back later."),
    ),
    "not-in-force": (
        _("You cannot apply for this now"),
        _("The service is not offered at the moment. Your answers are kept as a draft."),
    ),
    "not-a-bundle": (_NOTHING_CHANGED, _("Choose one of the services of this life event and apply for it.")),
    "submitted": (
        _("You have sent this already"),
        _("It was sent once and is being worked on. Follow it to see who has it now."),
    ),
    "discarded": (_("This draft was thrown away"), _("Begin again to apply.")),
    "not-eligible": (
        _("This cannot be granted with these answers"),
        _("A condition of the law is not met. Check the answers it depends on; nothing was sent."),
    ),
    "no-service-applies": (
        _("Nothing here applies to you"),
        _("With these answers none of the services of this life event is for you. Check your answers."),
    ),
    "no-branch": (
        _("No office serves this place"),
        _("Check the place you gave. If it is right, contact us: the office has to be told."),
    ),
    "closed": (_("This case is closed"), _("Nothing more can be done in it. You may apply again.")),
    "not-now": (_NOTHING_CHANGED, _("It is not the turn of this step. Look at the case as it stands now.")),
    "note-needed": (_("Say why"), _("Write a reason: the applicant will read it.")),
    "nothing-asked": (_("Nothing is asked of you"), _("Your answer may have arrived already. Follow the case to see.")),
    "too-large": (
        _("This file is too large"),
        _("Choose a smaller file, for example a photo of lower quality. Your answers so far are saved."),
    ),
    "empty-file": (_("This file is empty"), _("Choose the file again; it has no content.")),
    "wrong-type": (
        _("This kind of file cannot be taken"),
        _("Hand in a PDF, or a photo as JPEG or PNG. Your answers so far are saved."),
    ),
    "too-many-files": (
        _("Too many files"),
        _("An application takes at most %(limit)s files. Remove one, or join several into one PDF."),
    ),
    "not-payable": (_("This is not due any more"), _("It is paid already or no longer needed. You owe nothing here.")),
    "not-paid": (_("The payment was not made"), _("No money was taken. Try again.")),
    "wrong-amount": (
        _("The amount does not fit"),
        _("The amount paid is not the amount due. Contact us; nothing is lost."),
    ),
    "no-such-provider": (_("One cannot pay in this way here"), _("Choose another way to pay, or pay at a counter.")),
    "not-sequenced": (
        _("The proof is not ready yet"),
        _("Your application is being placed in the record. Look again in a minute."),
    ),
    "damaged": (
        _("Something broke on our side"),
        _("What the office declares cannot be read. Nothing of yours is lost. Please come back later."),
    ),
    "ended": (_("This appointment has ended already"), _("Look at who holds the post now.")),
    "not-your-step": (_("This step is not yours"), _("It is for another post. Look at the case as it stands now.")),
    "taken": (_("A colleague has taken this on"), _("Ask them, or wait until they put it back.")),
    "not-taken": (_("You have not taken this on"), _("Nothing was changed. Look at it as it is now.")),
    "used": (
        _("This receipt number has been used already"),
        _("Each receipt settles one payment. Check the number, or give a new receipt."),
    ),
    "nothing-to-erase": (_("There is nothing to erase"), _("No personal data is kept beside this entry any more.")),
    "too-many-tokens": (_("Too many keys for programs"), _("Take one back before you make another.")),
    "passkey-refused": (
        _("The passkey did not work"),
        _("Nothing was changed. Try again, or use another way to sign in."),
    ),
    "wrong-code": (
        _("The code is not right"),
        _("Enter the six digits the app shows now, or a recovery code you have not used. Each works once."),
    ),
    "too-many-passkeys": (_("You have ten passkeys"), _("Remove one that you do not use, then add this one.")),
    "last-factor": (
        _("This is your only way to sign in"),
        _("Add another passkey or set a password before you remove this one."),
    ),
    "no-such-factor": (_("This was removed already"), _("Look at your ways to sign in as they are now.")),
    "no-such-device": (_("This device is signed out already"), _("Look at the list as it is now.")),
    "step-up": (
        _("We need to be surer that it is you"),
        _("Sign in again with more than a password, then do this once more."),
    ),
    "no-such-person": (
        _("We cannot find this person"),
        _("Ask them for the reference on their account page; it begins with P."),
    ),
    "no-mandate": (
        _("You may not do this for them"),
        _("What you may do for another is limited in what it covers and for how long. See People I act for."),
    ),
    "mandate-closed": (_("This has ended or was answered already"), _("Look at the list as it is now.")),
    "registry-silent": (
        _("The register does not say so"),
        _("The department's register has nobody you act for in this way. Ask the department to correct it."),
    ),
    "outside-failed": (
        _("The other sign-in did not work"),
        _("Nothing was changed. Try again, or sign in with a passkey or your password."),
    ),
    "linked-elsewhere": (
        _("This sign-in belongs to another account"),
        _("Sign in with it, or ask the help line to have the two looked at."),
    ),
    "no-seat": (_("This page is for officials"), _("Sign in as somebody who holds a post.")),
    "must-be-signed": (_("This has to be signed first"), _("Make the document, sign it, and it is sent by itself.")),
    "nothing-to-sign": (_NOTHING_CHANGED, _("This application is sent without a document to sign.")),
    "round-over": (
        _("This document is not to be signed any more"),
        _("It was changed, taken back, declined, or its time is over. Open it to see which."),
    ),
    "not-your-turn": (_("It is not your turn"), _("Somebody else signs first, or you have signed already.")),
    "not-accepted": (_NOTHING_CHANGED, _("This document is signed in another way. Open it to see how.")),
    "signature-refused": (
        _("This signature does not hold"),
        _("It was made for another document, another site or by another person. Open the document and sign again."),
    ),
    "signature-used": (_("This signature was used before"), _("Open the document and sign it once more.")),
    "document-damaged": (
        _("The document was changed where it is kept"),
        _("Nothing was signed. Whoever asked you has to make the document again."),
    ),
    "bad-code": (
        _("This code opens nothing"),
        _("Check each letter. A code is good once: if it was used, ask for a new one."),
    ),
    "same-signer": (_("One person cannot sign for two"), _("Name somebody else, or let them type the code.")),
    "no-such-signer": (
        _("Nobody here has this reference"),
        _("Check the reference %(who)s, or write the person's name instead: you then get a code for them."),
    ),
    "no-file": (_NOTHING_CHANGED, _("Choose a file")),
    "upload-too-large": (_NOTHING_CHANGED, _("The file is too large to be this document.")),
    "upload-unreadable": (
        _NOTHING_CHANGED,
        _("This cannot be read. Hand in the PDF, the XML or the container that your program made."),
    ),
    "upload-unsigned": (_NOTHING_CHANGED, _("There is no signature in this file yet. Sign it first, then hand it in.")),
    "upload-other-document": (
        _NOTHING_CHANGED,
        _("This is another document, or your program saved it anew. Download it again and sign it without printing."),
    ),
    "upload-other-name": (
        _NOTHING_CHANGED,
        _("The certificate names %(found)s, not you. Sign with a certificate in your own name."),
    ),
    "upload-untrusted": (_NOTHING_CHANGED, _("The certificate is of a provider that is not trusted here.")),
    "upload-revoked": (_NOTHING_CHANGED, _("The certificate was revoked before you signed. Use another.")),
    "upload-expired": (_NOTHING_CHANGED, _("The certificate had expired when you signed. Use another.")),
    "upload-not-yet": (_NOTHING_CHANGED, _("The certificate was not valid yet when you signed.")),
    "upload-clock": (
        _NOTHING_CHANGED,
        _("The signature says it was made in the future. Set your clock and sign again."),
    ),
    "upload-altered": (
        _NOTHING_CHANGED,
        _("The signature does not fit the document. Download the document again and sign it."),
    ),
    "upload-changed-after": (
        _NOTHING_CHANGED,
        _("Something was added to the PDF after you signed it. Download it again and sign it last."),
    ),
}

FIELDS = (
    _("Choose a username of 1 to 80 characters without spaces"),
    _("Give a name of 1 to 200 characters"),
    _("A birth date cannot be in the future"),
    _("This username is taken; choose another"),
    _("Start again from the first page"),
    _("Enter the six digits the app shows now"),
    _("Choose what this is for"),
    _("Choose a day between tomorrow and the longest time allowed"),
    _("Say why, in a sentence or two"),
    _("Choose an organisation"),
    _("Say in a sentence or two what is to be done"),
    _("Choose a day after today"),
    _("Say in a sentence or two what was done, or why nothing is"),
    _("Nobody has this reference; ask them for the one on their account page"),
)
"""Sentences that the core says about a field; a window says them in the reader's language."""
