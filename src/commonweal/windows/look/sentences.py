"""What each refusal says to a person: stable code -> (title, sentence). A sentence may use the refusal's parameters."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

_NOTHING_CHANGED = _("This cannot be done now")

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
    "refused": (_NOTHING_CHANGED, _("Nothing was changed. Look at it as it is now.")),
    "sign-in-failed": (
        _("You could not be signed in"),
        _("The user name or the password is not right. Check both and try again."),
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
    "no-seat": (_("This page is for officials"), _("Sign in as somebody who holds a post.")),
}

FIELDS = (
    _("Choose a username of 1 to 80 characters without spaces"),
    _("Give a name of 1 to 200 characters"),
    _("A birth date cannot be in the future"),
    _("This username is taken; choose another"),
    _("Start again from the first page"),
)
"""Sentences that the core says about a field; a window says them in the reader's language."""
