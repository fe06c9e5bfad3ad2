"""Error sentences for incidents and for the files they come and go in, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

INCIDENTS: dict[str, Sentence] = {
    "incident.judicial": Sentence(
        QT_TRANSLATE_NOOP(
            "errors",
            "Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants "
            "and evidence for a court have channels of their own.",
        ),
        "safe",
        QT_TRANSLATE_NOOP(
            "errors",
            "Use your central authority for mutual legal assistance, the 24/7 network of the treaty that "
            "applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, "
            "say so in the words.",
        ),
    ),
    "incident.red_to_group": Sentence(
        QT_TRANSLATE_NOOP("errors", "TLP:RED is for the eyes of named recipients: it does not go to a group."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a room with one delegation, or another label."),
    ),
    "incident.marking": Sentence(
        QT_TRANSLATE_NOOP("errors", "A reply may not allow more than the label of the incident it answers."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose the same label or a narrower one."),
    ),
    "incident.not_further": Sentence(
        QT_TRANSLATE_NOOP("errors", "The delegation that sent this does not allow you to send it on to others."),
        "safe",
        QT_TRANSLATE_NOOP(
            "errors",
            "Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.",
        ),
    ),
    "incident.embargo": Sentence(
        QT_TRANSLATE_NOOP("errors", "The embargo on this has not ended, so it was not sent on."),
        "safe",
        QT_TRANSLATE_NOOP(
            "errors",
            "Wait until then; or give the reason why it cannot wait, which is kept in your internal record.",
        ),
    ),
    "incident.required": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something that must be filled in is empty."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the fields marked as required."),
    ),
    "incident.reply-by": Sentence(
        QT_TRANSLATE_NOOP("errors", "What is immediate says by when a reply is requested."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Fill in the time, or choose another urgency."),
    ),
    "incident.nothing-asked": Sentence(
        QT_TRANSLATE_NOOP("errors", "A request asks for something."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose what is requested, or send a notification instead."),
    ),
    "incident.exercise": Sentence(
        QT_TRANSLATE_NOOP("errors", "An exercise message must be marked as an exercise."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Tick the exercise box, or choose another type of message."),
    ),
    "incident.type": Sentence(
        QT_TRANSLATE_NOOP("errors", "A report begins with a notification or a request."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another type of message."),
    ),
    "incident.too-long": Sentence(
        QT_TRANSLATE_NOOP("errors", "What you wrote is longer than one message can be."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Shorten it, or attach the longer text as a file."),
    ),
    "incident.value": Sentence(
        QT_TRANSLATE_NOOP("errors", "A value of the form is not one that can be sent."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the fields again; choose from what is offered."),
    ),
    "incident.unknown-key": Sentence(
        QT_TRANSLATE_NOOP("errors", "The form holds something that does not belong to it."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Begin the form anew."),
    ),
    "incident.place": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nobody can be told there."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a room with another delegation in it, or make one under Messages."),
    ),
    "incident.acknowledge-first": Sentence(
        QT_TRANSLATE_NOOP("errors", "An answer comes after the acknowledgement of receipt."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Acknowledge first; it accepts no fact and agrees with nothing."),
    ),
    "incident.acknowledged": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation has acknowledged this already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing more to do."),
    ),
    "incident.no-reason": Sentence(
        QT_TRANSLATE_NOOP("errors", "Who does not act says why, or that the reason is not stated."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a reason."),
    ),
    "incident.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is for the delegations the incident was sent to."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for their answers, or send an update."),
    ),
    "incident.not-opener": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only the delegation that opened the incident may do that."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write to it."),
    ),
    "incident.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The incident is closed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "The delegation that opened it can open it again."),
    ),
    "incident.not-closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The incident is open."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to open again."),
    ),
    "incident.tier": Sentence(
        QT_TRANSLATE_NOOP("errors", "The ladder goes up only."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a higher channel."),
    ),
    "incident.offer": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such offer any more."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the offers again after the next exchange."),
    ),
    "incident.no-change": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nothing new was said."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Change what has changed, or attach a file."),
    ),
    "incident.words": Sentence(
        QT_TRANSLATE_NOOP("errors", "There are no words."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write a sentence."),
    ),
    "incident.task": Sentence(
        QT_TRANSLATE_NOOP("errors", "This task or note is done, or no longer holds."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the list again."),
    ),
    "incident.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This incident is not here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It may still be under way: wait for the next exchange."),
    ),
    "incident.stale": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that was looked at is not at hand any more."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Read it again."),
    ),
    "incident.template": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words of the form that come with the program are damaged."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Run valise doctor; the program may have to be installed again."),
    ),
    "incident.timer": Sentence(
        QT_TRANSLATE_NOOP("errors", "A time of the ladder is not possible."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a whole number of hours or days under Settings."),
    ),
    "stix.json": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is not written as STIX is (JSON)."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for the bundle as a .json file."),
    ),
    "stix.bundle": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is not a STIX 2.1 bundle."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for a bundle of STIX 2.1."),
    ),
    "stix.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle is of another version than STIX 2.1."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it in STIX 2.1."),
    ),
    "stix.big": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle is larger than 8 MiB."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it in smaller parts, or keep it as an attachment."),
    ),
    "stix.many": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle holds more than 5,000 objects."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it in smaller parts, or keep it as an attachment."),
    ),
    "stix.deep": Sentence(
        QT_TRANSLATE_NOOP("errors", "The parts of the bundle are nested deeper than those of any honest one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not open it with another program; ask its sender."),
    ),
    "stix.object": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something in the bundle is not as STIX 2.1 asks."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender for one that is; nothing was taken in."),
    ),
    "stix.pattern": Sentence(
        QT_TRANSLATE_NOOP("errors", "A pattern in the bundle is longer or deeper than is read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not open it with another program; ask its sender."),
    ),
    "stix.twice": Sentence(
        QT_TRANSLATE_NOOP("errors", "Two things in the bundle bear the same identifier."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender for a new one; nothing was taken in."),
    ),
    "stix.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle holds no incident and no indicator."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "There is nothing in it to take in."),
    ),
    "stix.red": Sentence(
        QT_TRANSLATE_NOOP("errors", "The marking in the bundle contradicts itself."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender how it may be shared; nothing was taken in."),
    ),
    "stix.written": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle could not be read back as it was written, so no file was made."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Send the incident as it is; look at its words for signs that cannot be seen."),
    ),
}
