"""How the desk says what was odd about a mail: one sentence for each code that reading and manners leave behind."""

from __future__ import annotations

import re
from typing import Final

from handlers.earlier_words import LEFT_OUT

TRUST: Final = {
    "authentic": "Sender's address confirmed",
    "unknown": "Sender's address not checked",
    "failed": "Sender's address may be forged",
}
PROBLEMS: Final = {
    "empty": "Nothing was in it.",
    "nothing_to_read": "There are no words, no subject and no files in it.",
    "not_a_mail": "This is some other kind of file, not a mail.",
    "could_not_be_read": "It could not be read.",
    "too_many_parts": "It has more parts than are read: some may be missing here.",
    "too_deep": "It is nested more deeply than is read: some parts may be missing here.",
    "too_large": "It is larger than is read: some files may be missing here.",
    "transfer_encoding_mended": "Part of it was damaged on the way: characters may be missing.",
    "charset_mended": "Its character set was wrong: some letters may be wrong.",
    "text_too_long": "Its words are longer than is read: the rest is in the original.",
    "reader_died": "It could not be read: it took more time or memory than any mail should. The original can be opened.",
    "reader_unavailable": "It cannot be read just now, as the machine is short of memory or badly installed. The original can be opened.",
    "header_too_long": "Its header was cut: it was far too long.",
    "header_mended": "Its header was damaged.",
    "part_header_mended": "A part of it was damaged.",
    "boundary_mended": "Its parts were not marked as they should be.",
    "from_missing": "It does not say who wrote it.",
    "shares_message_id": "An earlier mail with other content has the same Message-ID.",
    "several_from": "It names several senders: only the first is shown.",
    "name_holds_other_address": "The sender's name holds another address than the real one.",
    "whole_text_taken_as_new": "Old and new words could not be told apart: all of it is shown.",
    LEFT_OUT: "It repeats words of our letters without quote marks. They were left out of what was judged.",
    "mostly_hidden_text": "Most of its words are hidden from a reader.",
    "hidden_unknown": "It is too long to be searched for hidden words.",
    "page_differs": "Its page says other things than its plain words, which were judged. Compare it as it was sent.",
    "encrypted": "It is encrypted. Ask for a plain copy.",
    "unsupported": "Unsupported content: open it in the app.",
    "winmail_not_read": "The words are in a file of Outlook's own kind (winmail.dat), which could not be opened. Ask for a plain copy.",
    "winmail_kept": "Not all that Outlook packed into a file of its own kind (winmail.dat) could be opened. The file is kept.",
    "pictures_left_out": "Its page holds more pictures than are taken out: the rest is in the original.",
    "words_only_in_a_file": "There are no words in it: they may be in the file that is attached.",
    "words_only_in_attached_mail": "The words are in a mail that is attached.",
}
QUIET: Final = frozenset({"header_mended", "part_header_mended", "boundary_mended"})
"""What was mended without loss: no news to an officer."""
AUTOMATIC: Final = {
    "null-sender": "sent by a mail system",
    "auto-submitted": "says that it was sent automatically",
    "list": "sent to a list",
    "precedence": "sent in bulk",
    "auto-response-suppress": "asks for no automatic answer",
    "report": "a delivery or read report",
    "failed-recipients": "a delivery report",
    "auto-reply-mark": "an automatic reply",
    "calendar-reply": "answers an invitation",
    "no-sender": "no sender to answer",
    "no-reply-sender": "from an address that takes no answer",
    "own-address": "from an address of our own",
    "own-message-id": "a letter of our own",
    "loop": "has been round before",
    "by-staff": "a colleague's, for a resident",
    "border-spam": "spam, says our mail border",
}


def problem_in_words(code: str) -> str | None:
    """Return the sentence for a problem, or nothing where nobody needs to know; one without a sentence stays as it is."""
    name = code.partition(":")[0]
    return None if name in QUIET else PROBLEMS.get(name, f"{code.replace('_', ' ').strip().capitalize()}.")


_CODE: Final = re.compile(r"([a-z]+(?:_[a-z]+)*)(?::[\w.]+)?")


def reason_in_words(why: str) -> str:
    """Return why a message waits for a person with sentences in the place of codes; what is no such list of codes stays."""
    codes = [_CODE.fullmatch(piece) for piece in why.split("; ")]
    if not all(code is not None and code[1] in PROBLEMS for code in codes):
        return why
    return " ".join(PROBLEMS[code[1]] for code in codes if code is not None)
