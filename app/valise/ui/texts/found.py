"""What an importer noticed in a document, as sentences: one for each of its codes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.language import translate

_NOTES: dict[str, str] = {
    "notation.unlabelled": QT_TRANSLATE_NOOP("texts", "Some paragraphs carry no number."),
    "plain.no_structure": QT_TRANSLATE_NOOP("texts", "No numbered paragraphs were recognised."),
    "plain.labels_made": QT_TRANSLATE_NOOP("texts", "Numbers were given to paragraphs that had none."),
    "plain.page_breaks": QT_TRANSLATE_NOOP("texts", "Page breaks were left out."),
    "plain.lines_joined": QT_TRANSLATE_NOOP("texts", "Broken lines were joined into paragraphs."),
    "text.no_title": QT_TRANSLATE_NOOP("texts", "No title was found: give one."),
    "text.language_unknown": QT_TRANSLATE_NOOP("texts", "The language was not recognised: choose it."),
    "text.duplicate_label": QT_TRANSLATE_NOOP("texts", "A number stands at two paragraphs."),
    "text.unbalanced_brackets": QT_TRANSLATE_NOOP("texts", "A bracket is opened or closed without its partner."),
    "text.barred_characters": QT_TRANSLATE_NOOP("texts", "Hidden control characters were taken out."),
    "text.bidi_override": QT_TRANSLATE_NOOP(
        "texts", "Characters that reverse the order of reading were found: read closely."
    ),
    "text.bidi_isolate": QT_TRANSLATE_NOOP("texts", "Marks for right-to-left words were kept."),
    "docx.formatting_changes": QT_TRANSLATE_NOOP("texts", "Tracked changes of look alone were left out."),
    "docx.fields": QT_TRANSLATE_NOOP("texts", "Fields were read as the result they show."),
    "docx.broken_fields": QT_TRANSLATE_NOOP("texts", "A field has no end; all its letters were kept."),
    "docx.links": QT_TRANSLATE_NOOP("texts", "Addresses behind words were left out, the words kept. None was followed."),
    "docx.tables": QT_TRANSLATE_NOOP("texts", "Tables were read row by row as paragraphs."),
    "docx.table_changes": QT_TRANSLATE_NOOP("texts", "Tracked rows or cells of tables were read as changes of their words."),
    "docx.text_boxes": QT_TRANSLATE_NOOP("texts", "Text boxes were read as paragraphs."),
    "docx.pictures": QT_TRANSLATE_NOOP("texts", "Pictures were left out."),
    "docx.objects": QT_TRANSLATE_NOOP("texts", "Embedded objects were left out and not opened."),
    "docx.macros": QT_TRANSLATE_NOOP("texts", "The document holds macros. They were not read."),
    "docx.outside": QT_TRANSLATE_NOOP("texts", "The document refers to files or addresses elsewhere. None was followed."),
    "docx.imported_parts": QT_TRANSLATE_NOOP("texts", "Parts that come from other documents were left out."),
    "docx.footnotes": QT_TRANSLATE_NOOP("texts", "Footnotes were kept as remarks."),
    "docx.endnotes": QT_TRANSLATE_NOOP("texts", "Endnotes were kept as remarks."),
    "docx.note_changes": QT_TRANSLATE_NOOP("texts", "Tracked changes inside notes, headers or comments were left out."),
    "docx.headers_footers": QT_TRANSLATE_NOOP("texts", "Headers and footers were left out."),
    "docx.hidden_text": QT_TRANSLATE_NOOP("texts", "Hidden words were left out."),
    "docx.formulas": QT_TRANSLATE_NOOP("texts", "Formulas were read by their letters; their shape is lost."),
    "docx.symbols": QT_TRANSLATE_NOOP("texts", "Signs of a symbol font that have no letter were left out."),
    "docx.phonetic": QT_TRANSLATE_NOOP("texts", "Reading guides above characters were left out."),
    "docx.unknown": QT_TRANSLATE_NOOP("texts", "Words in parts that are not known here were left out or read plainly."),
    "docx.struck_insertions": QT_TRANSLATE_NOOP("texts", "Words that one inserted and another struck were kept as remarks."),
    "docx.withdrawn": QT_TRANSLATE_NOOP("texts", "Words inserted and struck by the same author were left out."),
    "docx.splits": QT_TRANSLATE_NOOP("texts", "A paragraph cut in two is proposed as a deletion and a new paragraph."),
    "docx.joins": QT_TRANSLATE_NOOP("texts", "Two paragraphs made one are proposed as new words and a deletion."),
    "docx.changes_within": QT_TRANSLATE_NOOP("texts", "Changes by others inside words that were moved or joined were left out."),
    "docx.moves_within": QT_TRANSLATE_NOOP("texts", "Words moved inside paragraphs are proposed as deletions and insertions."),
    "docx.label_changes": QT_TRANSLATE_NOOP("texts", "Tracked changes of numbers or statuses were left out."),
    "docx.loose_comments": QT_TRANSLATE_NOOP("texts", "Some comments stand at no words."),
    "docx.labels_made": QT_TRANSLATE_NOOP("texts", "Numbers were given to paragraphs that had none."),
    "docx.no_structure": QT_TRANSLATE_NOOP("texts", "No numbered paragraphs were recognised."),
    "html.text_only": QT_TRANSLATE_NOOP("texts", "Of the page the words were read; its look, tables and marks are lost."),
    "html.scripts": QT_TRANSLATE_NOOP("texts", "The page holds scripts. They were not read and did not run."),
    "html.outside": QT_TRANSLATE_NOOP("texts", "The page refers to pages or files elsewhere. None was fetched."),
    "html.pictures": QT_TRANSLATE_NOOP("texts", "Pictures were left out."),
    "html.formulas": QT_TRANSLATE_NOOP("texts", "Formulas were left out."),
    "html.forms": QT_TRANSLATE_NOOP("texts", "Forms and their fields were left out."),
    "html.navigation": QT_TRANSLATE_NOOP("texts", "Menus of the page were left out."),
    "html.reading_guides": QT_TRANSLATE_NOOP("texts", "Reading guides above characters were left out."),
    "html.hidden": QT_TRANSLATE_NOOP("texts", "Hidden words were left out."),
    "html.tables": QT_TRANSLATE_NOOP("texts", "Tables were read cell by cell as paragraphs."),
    "html.links": QT_TRANSLATE_NOOP("texts", "Addresses behind words were left out, the words kept. None was followed."),
    "html.changes": QT_TRANSLATE_NOOP("texts", "Words marked as inserted or struck were kept in the text, without who marked them."),
    "pdf.text_only": QT_TRANSLATE_NOOP("texts", "Of the pages the words were read; their look, tables and strokes are lost."),
    "pdf.lines_joined": QT_TRANSLATE_NOOP("texts", "Lines were joined into paragraphs: look where one begins."),
    "pdf.hyphens": QT_TRANSLATE_NOOP("texts", "Words divided at the end of a line were joined: look at their hyphens."),
    "pdf.running": QT_TRANSLATE_NOOP("texts", "Page numbers and lines repeated on the pages were left out."),
    "pdf.pictures": QT_TRANSLATE_NOOP("texts", "Pictures were left out, with any words in them."),
    "pdf.pages_without_words": QT_TRANSLATE_NOOP("texts", "Some pages are pictures: nothing of them was read."),
    "pdf.order": QT_TRANSLATE_NOOP(
        "texts", "A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand."
    ),
    "akn.unknown_element": QT_TRANSLATE_NOOP("texts", "Elements that are not known were read as plain paragraphs."),
    "akn.table": QT_TRANSLATE_NOOP("texts", "Tables were read row by row as paragraphs."),
    "akn.picture": QT_TRANSLATE_NOOP("texts", "Pictures were left out."),
    "akn.note_reference": QT_TRANSLATE_NOOP("texts", "A reference to a note was left out."),
    "akn.labels_made": QT_TRANSLATE_NOOP("texts", "Numbers were given to paragraphs that had none."),
    "akn.modification_unplaced": QT_TRANSLATE_NOOP("texts", "A marked change could not be placed at the words it is about."),
    "akn.footnotes": QT_TRANSLATE_NOOP("texts", "Footnotes were kept as remarks."),
    "akn.language_differs": QT_TRANSLATE_NOOP("texts", "The file names another language than its words are in."),
}
_OTHER: str = QT_TRANSLATE_NOOP(
    "texts", "Something in the document was read differently than it was written: read closely."
)


def found_notes(codes: Iterable[str]) -> list[str]:
    """One sentence for each kind of note, in the order they came."""
    said = [translate("texts", _NOTES.get(code, _OTHER)) for code in codes]
    return list(dict.fromkeys(said))


def known(code: str) -> bool:
    """Whether this code has a sentence of its own (tests hold every importer to it)."""
    return code in _NOTES
