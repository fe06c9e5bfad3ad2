"""Error sentences for documents that are read: archives, XML, Word and Akoma Ntoso, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

DOCUMENTS: dict[str, Sentence] = {
    "format.changes": Sentence(
        QT_TRANSLATE_NOOP("errors", "This document holds more tracked changes and comments than can be read at once."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Accept or reject some of them in the program it was written with, then try again."),
    ),
    "format.xml": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is damaged: it is not well-formed XML."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it again, or open it in the program it was made with and save it anew."),
    ),
    "format.xml_dtd": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file declares a document type, which no text needs and which can do harm. It was not read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask whoever sent it for a plain copy."),
    ),
    "format.xml_deep": Sentence(
        QT_TRANSLATE_NOOP("errors", "The parts of this file are nested deeper than those of any text."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask whoever sent it for a plain copy."),
    ),
    "format.xml_big": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file has more parts than can be read at once."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Divide the document and import the parts."),
    ),
    "format.akn_root": Sentence(
        QT_TRANSLATE_NOOP("errors", "This XML file is not a document in Akoma Ntoso."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a file as the United Nations publishes it, or save the text as .docx."),
    ),
    "format.akn_namespace": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is in a version of Akoma Ntoso that is not known here."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a file in version 3.0, or save the text as .docx."),
    ),
    "format.zip": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is damaged, or built as no document is built. It was not read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it again, or open it in the program it was made with and save it anew."),
    ),
    "format.unpacked": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file unpacks to more than any document holds. It was not read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask whoever sent it for a plain copy."),
    ),
    "format.encrypted": Sentence(
        QT_TRANSLATE_NOOP("errors", "This document is protected with a password of its own."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it without one, then try again; here it will be sealed."),
    ),
    "format.old_word": Sentence(
        QT_TRANSLATE_NOOP("errors", "This document is of the old kind (.doc)."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Open it in the program it was made with and save it as .docx."),
    ),
    "format.no_document": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file holds no Word document."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the document itself."),
    ),
    "format.html": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not a web page."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose another file, or save the page again from the browser."),
    ),
    "format.html_deep": Sentence(
        QT_TRANSLATE_NOOP("errors", "The parts of this page are nested deeper than those of any text. It was not read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask whoever sent it for a plain copy."),
    ),
    "format.html_big": Sentence(
        QT_TRANSLATE_NOOP("errors", "This page has more parts than can be read at once."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Divide it and import the parts."),
    ),
    "format.pdf": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not a PDF, or it is damaged."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it again, best as a Word document."),
    ),
    "format.pdf_encrypted": Sentence(
        QT_TRANSLATE_NOOP("errors", "This PDF is protected with a password of its own."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it without one, then try again; here it will be sealed."),
    ),
    "format.pdf_pages": Sentence(
        QT_TRANSLATE_NOOP("errors", "This PDF has more pages than can be read at once."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Divide it and import the parts."),
    ),
    "format.pdf_pictures": Sentence(
        QT_TRANSLATE_NOOP("errors", "The pages of this PDF are pictures: they hold no words that can be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for the text itself, best as a Word document."),
    ),
    "format.fonts": Sentence(
        QT_TRANSLATE_NOOP("errors", "A font for the script of this text is missing on this computer. No page was made."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again."),
    ),
    "format.paper_too_hard": Sentence(
        QT_TRANSLATE_NOOP("errors", "Laying out the pages took more time or memory than is allowed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Divide the text, or save it as a Word document."),
    ),
    "format.paper": Sentence(
        QT_TRANSLATE_NOOP("errors", "The separate program that lays out pages gave no usable answer."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again; if it happens again, save the text as a Word document."),
    ),
    "format.no_paper": Sentence(
        QT_TRANSLATE_NOOP("errors", "The separate program that lays out pages could not be started."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Close other programs and try again; if it happens again, run valise doctor."),
    ),
}
